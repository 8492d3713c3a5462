import { invalidFields, notFound } from '../../domain/errors.ts';
import { isOrganizationMember } from '../../domain/issues/assignable.ts';
import { accountIdProblem } from '../../domain/sync/external-account.ts';
import { comparableName } from '../../domain/sync/external-issue.ts';
import type { ExternalActor, Integration } from '../../domain/sync/integration.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { ExternalActorStore } from '../../stores/sync/external-actors.ts';
import type { IntegrationStore } from '../../stores/sync/integrations.ts';
import { commitUntilSettled } from '../commit-until-settled.ts';

export type ExternalUserDeps = {
  readonly externalActors: Pick<
    ExternalActorStore,
    'ofOrganization' | 'ofActor' | 'byId' | 'insert' | 'replace' | 'remove'
  >;
  readonly integrations: Pick<IntegrationStore, 'byId'>;
  readonly users: Pick<UserStore, 'profile'>;
  readonly newId: () => string;
};

/** An account in a tracker and the user whom it stands for. */
export type ExternalUserInput = {
  readonly integrationId: string;
  readonly userId: string;
  readonly externalName: string;
  /** '' where only the name is known. */
  readonly externalId: string;
};

/** The accounts that stand for users of an organization. One round trip. */
export async function listExternalUsers(
  deps: Pick<ExternalUserDeps, 'externalActors'>,
  organizationId: string,
): Promise<ExternalActor[]> {
  const actors = await deps.externalActors.ofOrganization(organizationId);
  return actors.filter(({ actor }) => actor.type === 'user');
}

/** Says whom an account stands for; saying it twice is saying it once. Throws `request.invalid`. */
export async function addExternalUser(
  deps: ExternalUserDeps,
  organizationId: string,
  input: ExternalUserInput,
): Promise<{ readonly externalUser: ExternalActor; readonly isNew: boolean }> {
  const integration = await requireIntegration(deps, organizationId, input.integrationId);
  requireAccountId(integration, input.externalId);
  await requireMember(deps, organizationId, input.userId);
  const actor = { type: 'user', id: input.userId } as const;
  const name = comparableName(input.externalName);
  const known = await deps.externalActors.ofActor(integration.id, actor);
  const same = known.find(({ externalName }) => comparableName(externalName) === name);
  if (same !== undefined) return { externalUser: same, isNew: false };
  for (;;) {
    const externalUser: ExternalActor = {
      id: deps.newId(),
      organizationId,
      integrationId: integration.id,
      provider: integration.provider,
      actor,
      externalId: input.externalId,
      externalName: input.externalName,
      knownBy: 'hand',
    };
    const outcome = await commitUntilSettled(() => deps.externalActors.insert(externalUser));
    if (outcome.committed) return { externalUser, isNew: true };
  }
}

/** Corrects what an account stands for. Throws `resource.not_found` and `request.invalid`. */
export async function changeExternalUser(
  deps: ExternalUserDeps,
  organizationId: string,
  id: string,
  input: Partial<ExternalUserInput>,
): Promise<ExternalActor> {
  const before = await findExternalUser(deps, organizationId, id);
  const integration = await requireIntegration(
    deps,
    organizationId,
    input.integrationId ?? before.integrationId,
  );
  requireAccountId(integration, input.externalId ?? before.externalId);
  const userId = input.userId ?? before.actor.id;
  if (userId !== before.actor.id) await requireMember(deps, organizationId, userId);
  const after: ExternalActor = {
    ...before,
    integrationId: integration.id,
    provider: integration.provider,
    actor: { type: 'user', id: userId },
    externalId: input.externalId ?? before.externalId,
    externalName: input.externalName ?? before.externalName,
    knownBy: 'hand',
  };
  await commitUntilSettled(() => deps.externalActors.replace(before, after));
  return after;
}

/** An account stands for nobody any more. Throws `resource.not_found`. */
export async function removeExternalUser(
  deps: ExternalUserDeps,
  organizationId: string,
  id: string,
): Promise<void> {
  const externalUser = await findExternalUser(deps, organizationId, id);
  await commitUntilSettled(() => deps.externalActors.remove(externalUser));
}

async function findExternalUser(
  deps: ExternalUserDeps,
  organizationId: string,
  id: string,
): Promise<ExternalActor> {
  const found = await deps.externalActors.byId(organizationId, id);
  if (found?.actor.type !== 'user') throw notFound();
  return found;
}

async function requireIntegration(
  deps: ExternalUserDeps,
  organizationId: string,
  integrationId: string,
): Promise<Integration> {
  const integration = await deps.integrations.byId(integrationId);
  if (integration?.organizationId !== organizationId)
    throw invalidFields({
      integrationId: ['Integration does not exist for this organization'],
    });
  return integration;
}

/** What no account of the tracker is called would never be found, and could not be written. */
function requireAccountId({ provider }: Integration, externalId: string): void {
  const problem = accountIdProblem(provider, externalId);
  if (problem !== null) throw invalidFields({ externalId: [problem] });
}

async function requireMember(
  deps: ExternalUserDeps,
  organizationId: string,
  userId: string,
): Promise<void> {
  if (!isOrganizationMember(await deps.users.profile(userId), organizationId))
    throw invalidFields({ userId: ['User is not a member of this organization'] });
}
