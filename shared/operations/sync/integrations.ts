import { invalidFields, notFound } from '../../domain/errors.ts';
import { type EventRecord, toOrganizationEventRecord } from '../../domain/events.ts';
import type { IntegrationId, OrganizationId } from '../../domain/ids.ts';
import type { Provider } from '../../domain/sync/external-issue.ts';
import { type Integration, ownsSecret, secretRefOf } from '../../domain/sync/integration.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import { AGAIN, commitWithRetry, redecide } from '../../retry.ts';
import type { ExternalActorStore } from '../../stores/sync/external-actors.ts';
import type { IntegrationStore } from '../../stores/sync/integrations.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { changeEvent } from './external-actors.ts';

export type IntegrationDeps = {
  readonly integrations: Pick<
    IntegrationStore,
    'byId' | 'byIds' | 'idsOfOrganization' | 'insert' | 'change' | 'renewalEnd' | 'remove'
  >;
  readonly externalActors: Pick<ExternalActorStore, 'ofOrganization' | 'remove'>;
  readonly newId: () => string;
  readonly newEventId: () => string;
  readonly clock: Clock;
  /** What is wrong with a tracker's address; null for one that may be called. */
  readonly addressProblem: (baseUrl: string) => string | null;
};

/** The trackers of an organization, in the order of their ids. Two round trips. */
export async function listIntegrations(
  deps: Pick<IntegrationDeps, 'integrations'>,
  organizationId: OrganizationId,
): Promise<Integration[]> {
  const ids = await deps.integrations.idsOfOrganization(organizationId);
  const found = await deps.integrations.byIds(ids);
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** One tracker of an organization. Throws `resource.not_found`. */
export async function findIntegration(
  deps: { readonly integrations: Pick<IntegrationStore, 'byId'> },
  organizationId: OrganizationId,
  integrationId: IntegrationId,
): Promise<Integration> {
  const integration = await deps.integrations.byId(integrationId);
  if (integration?.organizationId !== organizationId) {
    throw notFound();
  }
  return integration;
}

/**
 * Adds a tracker. Where its secret is kept follows from its id: an address that a caller chooses
 * never meets a secret that somebody else has put down. Throws `request.invalid` for an address
 * that may not be called.
 */
export async function createIntegration(
  deps: IntegrationDeps,
  input: {
    readonly organizationId: OrganizationId;
    readonly provider: Provider;
    readonly name: string;
    readonly baseUrl: string;
    readonly config: Readonly<Record<string, unknown>>;
  },
): Promise<Integration> {
  const problem = deps.addressProblem(input.baseUrl);
  if (problem !== null) {
    throw invalidFields({ baseUrl: [problem] });
  }
  return redecide(async () => {
    const id = deps.newId();
    const integration: Integration = {
      ...input,
      id,
      secretRef: secretRefOf(input.organizationId, id),
      allowPrivateAddress: false,
      actor: null,
      dateCreated: deps.clock(),
      pausedUntilMs: null,
      refusedAtMs: null,
    };
    const outcome = await commitWithRetry(() => deps.integrations.insert(integration));
    return outcome.committed ? integration : AGAIN;
  });
}

/**
 * Changes the name of a tracker, and those of its switches and policies that are given. Throws
 * `resource.not_found`.
 */
export async function changeIntegration(
  deps: IntegrationDeps,
  input: {
    readonly organizationId: OrganizationId;
    readonly integrationId: IntegrationId;
    readonly name?: string;
    readonly config?: Readonly<Record<string, unknown>>;
  },
): Promise<Integration> {
  const before = await findIntegration(deps, input.organizationId, input.integrationId);
  const name = input.name ?? before.name;
  const config = { ...before.config, ...input.config };
  if (!(await deps.integrations.change(before.id, { name, config }))) {
    throw notFound();
  }
  return { ...before, name, config };
}

/** Accounts forgotten at the same time. */
const WIDTH = 8;

type RemovedIntegration = {
  readonly organizationId: OrganizationId;
  readonly integrationId: IntegrationId;
  readonly initiator: Initiator;
};

/**
 * Removes a tracker, and who was who in it; its links end with it, and its secret after the event.
 * Throws `resource.not_found`.
 */
export async function removeIntegration(
  deps: IntegrationDeps,
  input: RemovedIntegration,
): Promise<void> {
  const integration = await findIntegration(deps, input.organizationId, input.integrationId);
  await remove(deps, integration, input);
  const actors = await deps.externalActors.ofOrganization(input.organizationId);
  await mapConcurrently(
    WIDTH,
    actors.filter(({ integrationId }) => integrationId === integration.id),
    (external) =>
      commitWithRetry(() =>
        deps.externalActors.remove(
          external,
          changeEvent(deps, { ...input, type: external.actor.type }),
        ),
      ),
  );
}

/**
 * Removes the rows as they are, with the event that says until when a renewal of the credentials
 * may still write the secret. Only such a renewal and another removal change the rows meanwhile.
 */
function remove(
  deps: IntegrationDeps,
  integration: Integration,
  { initiator }: RemovedIntegration,
): Promise<void> {
  return redecide(async () => {
    const renewalUntilMs = await deps.integrations.renewalEnd(integration.id);
    if (renewalUntilMs === undefined) {
      throw notFound();
    }
    const event = deletedEvent(deps, integration, { initiator, renewalUntilMs });
    const outcome = await commitWithRetry(() =>
      deps.integrations.remove(integration, renewalUntilMs, event),
    );
    return outcome.committed ? undefined : AGAIN;
  });
}

function deletedEvent(
  deps: Pick<IntegrationDeps, 'clock' | 'newEventId'>,
  integration: Integration,
  about: { readonly initiator: Initiator; readonly renewalUntilMs: number | null },
): EventRecord {
  const { id, organizationId, secretRef } = integration;
  return toOrganizationEventRecord(
    {
      type: 'integration.deleted',
      version: 1,
      data: {
        integrationId: id,
        secretRef: ownsSecret(integration) ? secretRef : null,
        renewalUntilMs: about.renewalUntilMs,
      },
    },
    { ...eventContext(deps, about.initiator, deps.clock()), organizationId },
  );
}
