import type { Actor } from '../../domain/actor.ts';
import { invalidFields, notFound, unknownIntegration } from '../../domain/errors.ts';
import { type EventRecord, toOrganizationEventRecord } from '../../domain/events.ts';
import type { IntegrationId, OrganizationId } from '../../domain/ids.ts';
import { isOrganizationMember } from '../../domain/issues/assignable.ts';
import { namesChanged } from '../../domain/ownership/project-ownership.ts';
import { accountIdProblem } from '../../domain/sync/external-account.ts';
import { comparableName, type Provider } from '../../domain/sync/external-issue.ts';
import type { ExternalActor, Integration } from '../../domain/sync/integration.ts';
import { AGAIN, commitWithRetry, redecide } from '../../retry.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { ExternalActorStore } from '../../stores/sync/external-actors.ts';
import type { IntegrationStore } from '../../stores/sync/integrations.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { type ForgetNamesDeps, forgetNames } from '../ownership/forget-rules.ts';

export type ReadExternalActorDeps = {
  readonly externalActors: Pick<ExternalActorStore, 'ofOrganization'>;
  readonly organizations: Pick<OrganizationStore, 'membersAmong'>;
  readonly teams: Pick<TeamStore, 'byIds'>;
};

export type ExternalActorDeps = ReadExternalActorDeps &
  ForgetNamesDeps & {
    readonly externalActors: Pick<
      ExternalActorStore,
      'ofOrganization' | 'ofActor' | 'byId' | 'insert' | 'replace' | 'remove'
    >;
    readonly integrations: Pick<IntegrationStore, 'byId'>;
    readonly users: Pick<UserStore, 'profile'>;
    readonly clock: Clock;
    readonly newId: () => string;
    readonly newEventId: () => string;
  };

/** An account or a group in a tracker, and the user or the team that it stands for. */
export type ExternalActorInput = {
  readonly integrationId: IntegrationId;
  /** The id of the user or of the team. */
  readonly actorId: string;
  readonly externalName: string;
  /** '' where only the name is known. */
  readonly externalId: string;
  /** Which tracker the caller believes the integration to be; null where they do not say. */
  readonly provider: Provider | null;
};

/** Whose external actors, those of users or those of teams, and who asks. */
export type ExternalActorScope = {
  readonly organizationId: OrganizationId;
  readonly type: Actor['type'];
  readonly initiator: Initiator;
};

/**
 * What stands for users, or for teams, of an organization: only those who are still there. Two
 * round trips.
 */
export async function listExternalActors(
  deps: ReadExternalActorDeps,
  { organizationId, type }: Omit<ExternalActorScope, 'initiator'>,
): Promise<ExternalActor[]> {
  const all = await deps.externalActors.ofOrganization(organizationId);
  const ofType = all.filter(({ actor }) => actor.type === type);
  const ids = [...new Set(ofType.map(({ actor }) => actor.id))];
  const here =
    type === 'team'
      ? await deps.teams.byIds(ids)
      : await deps.organizations.membersAmong(organizationId, ids);
  return ofType.filter(({ actor }) => here.has(actor.id));
}

/** Maps an account to a user or team; repeating it changes nothing. Throws `request.invalid`. */
export async function addExternalActor(
  deps: ExternalActorDeps,
  scope: ExternalActorScope,
  input: ExternalActorInput,
): Promise<{ readonly externalActor: ExternalActor; readonly isNew: boolean }> {
  const { organizationId, type } = scope;
  const integration = await requireIntegration(deps, organizationId, input);
  requireAccountId(integration, type, input.externalId);
  await requireActor(deps, scope, input.actorId);
  const actor = { type, id: input.actorId };
  const name = comparableName(input.externalName);
  const known = await deps.externalActors.ofActor(integration.id, actor);
  const same = known.find(({ externalName }) => comparableName(externalName) === name);
  if (same !== undefined) {
    return { externalActor: same, isNew: false };
  }
  return redecide(async () => {
    const externalActor: ExternalActor = {
      id: deps.newId(),
      organizationId,
      integrationId: integration.id,
      provider: integration.provider,
      actor,
      externalId: input.externalId,
      externalName: input.externalName,
      knownBy: 'hand',
    };
    const outcome = await commitWithRetry(() =>
      deps.externalActors.insert(externalActor, changeEvent(deps, scope)),
    );
    if (outcome.committed) {
      await forgetNames(deps, organizationId);
      return { externalActor, isNew: true };
    }
    if (outcome.refused.includes('actor')) {
      throw notOfOrganization(type);
    }
    return AGAIN;
  });
}

/** Corrects what an account stands for. Throws `resource.not_found` and `request.invalid`. */
export async function changeExternalActor(
  deps: ExternalActorDeps,
  scope: ExternalActorScope,
  id: string,
  input: Partial<ExternalActorInput>,
): Promise<ExternalActor> {
  const { organizationId, type } = scope;
  const before = await findExternalActor(deps, scope, id);
  const integration = await requireIntegration(deps, organizationId, {
    integrationId: input.integrationId ?? before.integrationId,
    provider: input.provider ?? null,
  });
  requireAccountId(integration, type, input.externalId ?? before.externalId);
  const actorId = input.actorId ?? before.actor.id;
  if (actorId !== before.actor.id) {
    await requireActor(deps, scope, actorId);
  }
  const after: ExternalActor = {
    ...before,
    integrationId: integration.id,
    provider: integration.provider,
    actor: { type, id: actorId },
    externalId: input.externalId ?? before.externalId,
    externalName: input.externalName ?? before.externalName,
    knownBy: 'hand',
  };
  const outcome = await commitWithRetry(() =>
    deps.externalActors.replace(before, after, changeEvent(deps, scope)),
  );
  if (!outcome.committed) {
    throw outcome.refused.includes('actor') ? notOfOrganization(type) : notFound();
  }
  await forgetNames(deps, organizationId);
  return after;
}

/** An account stands for nobody any more. Throws `resource.not_found`. */
export async function removeExternalActor(
  deps: ExternalActorDeps,
  scope: ExternalActorScope,
  id: string,
): Promise<void> {
  const externalActor = await findExternalActor(deps, scope, id);
  await commitWithRetry(() => deps.externalActors.remove(externalActor, changeEvent(deps, scope)));
  await forgetNames(deps, scope.organizationId);
}

/** The event of a change in the mapping of an organization's accounts. */
export function changeEvent(
  deps: Pick<ExternalActorDeps, 'clock' | 'newEventId'>,
  { organizationId, type, initiator }: ExternalActorScope,
): EventRecord {
  return toOrganizationEventRecord(
    namesChanged([type === 'team' ? 'external_teams' : 'external_users']),
    { ...eventContext(deps, initiator, deps.clock()), organizationId },
  );
}

/** One that stands for somebody who is still there. */
async function findExternalActor(
  deps: ExternalActorDeps,
  { organizationId, type }: ExternalActorScope,
  id: string,
): Promise<ExternalActor> {
  const found = await deps.externalActors.byId(organizationId, id);
  if (found?.actor.type !== type) {
    throw notFound();
  }
  const here =
    type === 'team'
      ? await deps.teams.byIds([found.actor.id])
      : await deps.organizations.membersAmong(organizationId, [found.actor.id]);
  if (!here.has(found.actor.id)) {
    throw notFound();
  }
  return found;
}

async function requireIntegration(
  deps: Pick<ExternalActorDeps, 'integrations'>,
  organizationId: OrganizationId,
  { integrationId, provider }: Pick<ExternalActorInput, 'integrationId' | 'provider'>,
): Promise<Integration> {
  const integration = await deps.integrations.byId(integrationId);
  if (integration?.organizationId !== organizationId) {
    throw unknownIntegration();
  }
  if (provider !== null && provider !== integration.provider) {
    throw invalidFields({ provider: [`The integration's provider is ${integration.provider}.`] });
  }
  return integration;
}

/**
 * What no account of the tracker is called would never be found, and could not be written. Groups
 * are found by name only.
 */
function requireAccountId(
  { provider }: Integration,
  type: Actor['type'],
  externalId: string,
): void {
  const problem = type === 'user' ? accountIdProblem(provider, externalId) : null;
  if (problem !== null) {
    throw invalidFields({ externalId: [problem] });
  }
}

async function requireActor(
  deps: ExternalActorDeps,
  { organizationId, type }: ExternalActorScope,
  id: string,
): Promise<void> {
  const isHere =
    type === 'team'
      ? (await deps.teams.byIds([id])).get(id)?.organizationId === organizationId
      : isOrganizationMember(await deps.users.profile(id), organizationId);
  if (!isHere) {
    throw notOfOrganization(type);
  }
}

function notOfOrganization(type: Actor['type']) {
  return type === 'team'
    ? invalidFields({ teamId: ['Team is not a member of this organization'] })
    : invalidFields({ userId: ['User is not a member of this organization'] });
}
