import { type ActorInput, unparsableActor } from '../../domain/actor.ts';
import type { TeamRoster, UserProfile } from '../../domain/directory.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { type Candidate, isOrganizationMember } from '../../domain/issues/assignable.ts';
import { activeAccountsOf, type TeamPeopleDeps } from '../directory/team-people.ts';
import { type FindPeopleDeps, profilesOfLogin } from './find-people.ts';

export type FindCandidateDeps = FindPeopleDeps & TeamPeopleDeps;

/** What was read of a candidate; of a name everyone whom it may mean, in any organization. */
export type FoundCandidate =
  | { readonly type: 'user'; readonly profile: UserProfile | undefined }
  | { readonly type: 'login'; readonly profiles: readonly UserProfile[] }
  | { readonly type: 'team'; readonly roster: TeamRoster | undefined };

/**
 * Reads whom an `assignedTo` value may mean, the user name's owner before the address's; null for
 * nobody. One round trip for an id, two for a name. `completeCandidate` says whom it means.
 */
export async function findCandidate(
  deps: FindCandidateDeps,
  input: ActorInput,
): Promise<FoundCandidate | null> {
  if (input.kind === 'nobody') {
    return null;
  }
  if (input.kind === 'actor') {
    const { type, id } = input.actor;
    return type === 'user'
      ? { type, profile: await deps.users.profile(id) }
      : { type, roster: await deps.teams.roster(id) };
  }
  return { type: 'login', profiles: await profilesOfLogin(deps, input.login) };
}

/**
 * Adds which of a team's people have an active account; of a name only a member of the organization
 * is meant. One round trip for a team, none for a user. Throws `request.invalid` for a name that no
 * member has.
 */
export async function completeCandidate(
  deps: FindCandidateDeps,
  found: FoundCandidate,
  organizationId: OrganizationId,
): Promise<Candidate> {
  if (found.type === 'user') {
    return found;
  }
  if (found.type === 'login') {
    const profile = found.profiles.find((one) => isOrganizationMember(one, organizationId));
    if (profile === undefined) {
      throw unparsableActor();
    }
    return { type: 'user', profile };
  }
  return { ...found, activeAccounts: await activeAccountsOf(deps, found.roster) };
}
