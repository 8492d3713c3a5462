import { type ActorInput, unparsableActor } from '../../domain/actor.ts';
import { type Candidate, isOrganizationMember } from '../../domain/issues/assignable.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';

export type FindCandidateDeps = {
  readonly users: Pick<UserStore, 'profile' | 'idsOfLogin'>;
  readonly teams: Pick<TeamStore, 'roster'>;
};

/**
 * Whom an `assignedTo` value means; null for nobody. A user name or an address is looked up among the organization's own
 * members only, user names first. One round trip for an id, two for a name. Throws `request.invalid` for a name that no
 * member has.
 */
export async function findCandidate(
  deps: FindCandidateDeps,
  input: ActorInput,
  organizationId: string,
): Promise<Candidate | null> {
  if (input.kind === 'nobody') return null;
  if (input.kind === 'actor') {
    const { type, id } = input.actor;
    return type === 'user'
      ? { type, profile: await deps.users.profile(id) }
      : { type, roster: await deps.teams.roster(id) };
  }
  const ids = await deps.users.idsOfLogin(input.login);
  const profiles = await Promise.all(ids.map(deps.users.profile));
  const profile = profiles.find((found) => isOrganizationMember(found, organizationId));
  if (profile === undefined) throw unparsableActor();
  return { type: 'user', profile };
}
