import { type ActorInput, unparsableActor } from '../../domain/actor.ts';
import type { TeamRoster, UserProfile } from '../../domain/directory.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { type Candidate, isOrganizationMember } from '../../domain/issues/assignable.ts';
import { activeAccountsOf, type TeamPeopleDeps } from '../directory/team-people.ts';
import { type FindPeopleDeps, profilesOfLogin } from './find-people.ts';

export type FindCandidateDeps = FindPeopleDeps & TeamPeopleDeps;

/** A candidate without the accounts of a team's people. */
export type FoundCandidate =
  | { readonly type: 'user'; readonly profile: UserProfile | undefined }
  | { readonly type: 'team'; readonly roster: TeamRoster | undefined };

/**
 * Whom an `assignedTo` value means; null for nobody. A user name or an address is looked up among
 * the organization's own members only, user names first. One round trip for an id, two for a name.
 * Throws `request.invalid` for a name that no member has.
 */
export async function findCandidate(
  deps: FindCandidateDeps,
  input: ActorInput,
  organizationId: OrganizationId,
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
  const profiles = await profilesOfLogin(deps, input.login);
  const profile = profiles.find((found) => isOrganizationMember(found, organizationId));
  if (profile === undefined) {
    throw unparsableActor();
  }
  return { type: 'user', profile };
}

/**
 * Adds which of a team's people have an active account. One round trip for a team, none for a user.
 */
export async function completeCandidate(
  deps: FindCandidateDeps,
  found: FoundCandidate,
): Promise<Candidate> {
  if (found.type === 'user') {
    return found;
  }
  return { ...found, activeAccounts: await activeAccountsOf(deps, found.roster) };
}
