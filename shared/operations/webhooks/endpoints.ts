import { isDigits } from '../../domain/digits.ts';
import { invalidFields, invalidRequest, notFound } from '../../domain/errors.ts';
import { type NewWebhookEvent, toWebhookEventRecord } from '../../domain/events.ts';
import type { OrganizationId, WebhookId } from '../../domain/ids.ts';
import {
  changedEndpoint,
  isChanged,
  MOST_WEBHOOKS,
  type WebhookEndpoint,
  type WebhookSettings,
  webhookSecretRef,
} from '../../domain/webhooks/endpoint.ts';
import { AGAIN, commitWithRetry, redecide } from '../../retry.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { Progress } from '../../stores/repeats.ts';
import type { WebhookEndpointStore } from '../../stores/webhooks/webhook-endpoints.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { keepFirstSecret, type NewSecret, type RotateSecretDeps } from './secrets.ts';

export type WebhookEndpointDeps = RotateSecretDeps & {
  readonly webhookEndpoints: Pick<
    WebhookEndpointStore,
    'ofOrganization' | 'byId' | 'insert' | 'change' | 'remove' | 'claimRotation' | 'endRotation'
  >;
  readonly organizations: {
    readonly byId: (id: OrganizationId) => Promise<OrganizationOptions | undefined>;
  };
  readonly projects: Pick<ProjectStore, 'bySlug' | 'byIds'>;
  readonly newEventId: () => string;
  readonly addressProblem: (url: string, policy: AddressRule) => string | null;
};

type OrganizationOptions = { readonly options: Readonly<Record<string, unknown>> };
type AddressRule = { readonly allowPrivateAddress: boolean };

/** The option that an operator gives an organization whose endpoints are inside a network. */
export const PRIVATE_ADDRESS_OPTION = 'webhooks.allow-private-address';

/** Whether an organization's webhooks may go to private addresses, and over plain http. */
export function allowsPrivateAddress(organization: OrganizationOptions | undefined): boolean {
  return organization?.options[PRIVATE_ADDRESS_OPTION] === true;
}

/** An endpoint as a request names it. */
export type WebhookNamed = {
  readonly organizationId: OrganizationId;
  readonly webhookId: WebhookId;
};

/** The endpoints of an organization, the oldest first. */
export async function listWebhooks(
  deps: Pick<WebhookEndpointDeps, 'webhookEndpoints'>,
  organizationId: OrganizationId,
): Promise<readonly WebhookEndpoint[]> {
  return (await deps.webhookEndpoints.ofOrganization(organizationId)).endpoints;
}

/** One endpoint of an organization. Throws `resource.not_found`. */
export async function findWebhook(
  deps: { readonly webhookEndpoints: Pick<WebhookEndpointStore, 'byId'> },
  { organizationId, webhookId }: WebhookNamed,
): Promise<WebhookEndpoint> {
  const endpoint = await deps.webhookEndpoints.byId(organizationId, webhookId);
  if (endpoint === undefined) {
    throw notFound();
  }
  return endpoint;
}

/** What a request says of a new endpoint: projects by id or slug. */
export type AskedOfWebhook = Partial<WebhookSettings>;

/**
 * Adds an endpoint with a secret of its own. Its row is written first: a secret that nobody knows
 * of is never left behind, and a request that died in between goes on under its key. Throws
 * `request.invalid` for an address that may not be called, a project that is not there, and where
 * the organization has 20 endpoints.
 */
export async function createWebhook(
  deps: WebhookEndpointDeps,
  input: {
    readonly organizationId: OrganizationId;
    readonly settings: WebhookSettings;
    readonly origin: string;
    readonly progress: Progress;
  },
): Promise<{ readonly endpoint: WebhookEndpoint; readonly secret: NewSecret }> {
  const { organizationId, progress } = input;
  const settings = await checked(deps, organizationId, input.settings);
  const [id, secretId] = progress.noted()?.split(' ') ?? [deps.newId(), deps.newId()];
  if (id === undefined || secretId === undefined) {
    throw new Error('The progress of a new endpoint is damaged: it names its id and its secret.');
  }
  await progress.note(`${id} ${secretId}`);
  const endpoint = await insertOnce(deps, {
    ...settings,
    id,
    organizationId,
    origin: input.origin,
    disabledReason: null,
    dateCreated: deps.clock(),
    version: 1,
    secretId,
  });
  return { endpoint, secret: await keepFirstSecret(deps, endpoint) };
}

function insertOnce(
  deps: WebhookEndpointDeps,
  endpoint: WebhookEndpoint,
): Promise<WebhookEndpoint> {
  return redecide(async () => {
    const { version, endpoints } = await deps.webhookEndpoints.ofOrganization(
      endpoint.organizationId,
    );
    const before = endpoints.find(({ id }) => id === endpoint.id);
    if (before !== undefined) {
      return before;
    }
    if (endpoints.length >= MOST_WEBHOOKS) {
      throw invalidRequest(`An organization can have ${MOST_WEBHOOKS} webhooks: delete one first.`);
    }
    const { committed } = await deps.webhookEndpoints.insert(endpoint, version);
    return committed ? endpoint : AGAIN;
  });
}

/**
 * Changes what a request says of an endpoint. Throws `resource.not_found`, and `request.invalid` as
 * for a new one.
 */
export async function changeWebhook(
  deps: WebhookEndpointDeps,
  named: WebhookNamed,
  asked: { readonly changes: AskedOfWebhook; readonly initiator: Initiator },
): Promise<WebhookEndpoint> {
  await findWebhook(deps, named);
  const changes = await checked(deps, named.organizationId, asked.changes);
  return redecide(async () => {
    const before = await findWebhook(deps, named);
    if (!isChanged(before, changes)) {
      return before;
    }
    const after = changedEndpoint(before, changes);
    const event: NewWebhookEvent = {
      type: 'webhook.disabled',
      version: after.version,
      data: { reason: null },
    };
    const isDisabled = before.enabled && !after.enabled;
    const context = { ...eventContext(deps, asked.initiator, deps.clock()), ...named };
    const { committed } = await deps.webhookEndpoints.change(
      after,
      isDisabled ? [toWebhookEventRecord(event, context)] : [],
    );
    return committed ? after : AGAIN;
  });
}

/** Removes an endpoint; what waits for it is dropped, its secrets follow from the event. */
export async function removeWebhook(
  deps: WebhookEndpointDeps,
  named: WebhookNamed,
  initiator: Initiator,
): Promise<void> {
  await redecide(async () => {
    const endpoint = await findWebhook(deps, named);
    const now = deps.clock();
    const event = toWebhookEventRecord(
      {
        type: 'webhook.deleted',
        version: endpoint.version + 1,
        data: { secretRef: webhookSecretRef(endpoint) },
      },
      { ...eventContext(deps, initiator, now), ...named },
    );
    const { committed } = await commitWithRetry(() =>
      deps.webhookEndpoints.remove(endpoint, Date.parse(now), event),
    );
    return committed || AGAIN;
  });
}

/** What a request says, its address allowed and its projects by their ids. */
async function checked<T extends AskedOfWebhook>(
  deps: WebhookEndpointDeps,
  organizationId: OrganizationId,
  asked: T,
): Promise<T> {
  const [problem, projects] = await Promise.all([
    problemOf(deps, organizationId, asked.url),
    asked.projects ? projectIds(deps, organizationId, asked.projects) : asked.projects,
  ]);
  if (problem !== null) {
    throw invalidFields({ url: [problem] });
  }
  return projects === undefined ? asked : { ...asked, projects };
}

async function problemOf(
  deps: WebhookEndpointDeps,
  organizationId: OrganizationId,
  url: string | undefined,
): Promise<string | null> {
  if (url === undefined) {
    return null;
  }
  const organization = await deps.organizations.byId(organizationId);
  return deps.addressProblem(url, { allowPrivateAddress: allowsPrivateAddress(organization) });
}

/** The ids of projects that are named by id or slug. A project that is being deleted is there. */
async function projectIds(
  deps: Pick<WebhookEndpointDeps, 'projects'>,
  organizationId: OrganizationId,
  named: readonly string[],
): Promise<string[]> {
  const found = await Promise.all(
    named.map(async (name) => ({ name, id: await idOf(deps, organizationId, name) })),
  );
  const projects = await deps.projects.byIds(found.flatMap(({ id }) => id ?? []));
  const unknown = found.filter(
    ({ id }) => id === null || projects.get(id)?.organizationId !== organizationId,
  );
  if (unknown.length > 0) {
    const names = unknown.map(({ name }) => name).join(', ');
    throw invalidFields({ projects: [`There is no project ${names} in this organization.`] });
  }
  return [...new Set(found.flatMap(({ id }) => id ?? []))];
}

async function idOf(
  deps: Pick<WebhookEndpointDeps, 'projects'>,
  organizationId: OrganizationId,
  name: string,
): Promise<string | null> {
  if (isDigits(name)) {
    return name;
  }
  return (await deps.projects.bySlug(organizationId, name))?.projectId ?? null;
}
