import { type ActorField, type ActorInput, unparsableActor } from '../../domain/actor.ts';
import type { TeamRoster, UserProfile } from '../../domain/directory.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { type Candidate, isOrganizationMember } from '../../domain/issues/assignable.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import { activeAccountsOf, type TeamPeopleDeps } from '../directory/team-people.ts';
import { type FindPeopleDeps, profilesOfLogin } from './find-people.ts';

export type FindCandidateDeps = FindPeopleDeps &
  TeamPeopleDeps & { readonly teams: Pick<TeamStore, 'idOfSlug'> };

/**
 * What was read of a candidate; of a name everyone whom it may mean, in any organization. A team's
 * slug is looked up when the organization is known.
 */
export type FoundCandidate =
  | { readonly type: 'user'; readonly profile: UserProfile | undefined }
  | { readonly type: 'login'; readonly profiles: readonly UserProfile[] }
  | { readonly type: 'team'; readonly roster: TeamRoster | undefined }
  | { readonly type: 'slug'; readonly slug: string };

/**
 * Reads whom an `assignedTo` value may mean, the user name's owner before the address's; null for
 * nobody. One round trip for an id, two for a name. `completeCandidate` says whom it means.
 */
export async function findCandidate(
  deps: FindCandidateDeps,
  input: ActorInput,
): Promise<FoundCandidate | null> {
  switch (input.kind) {
    case 'nobody':
      return null;
    case 'team':
      return { type: 'slug', slug: input.slug };
    case 'login':
      return { type: 'login', profiles: await profilesOfLogin(deps, input.login) };
    case 'actor': {
      const { type, id } = input.actor;
      return type === 'user'
        ? { type, profile: await deps.users.profile(id) }
        : { type, roster: await deps.teams.roster(id) };
    }
  }
}

/**
 * Adds which of a team's people have an active account; of a name only a member of the organization
 * is meant, of a slug only a team of it. One round trip for a team, three for a slug, none for a
 * user. Throws `request.invalid` on the field for a name that no member has, and for a slug that no
 * team has.
 */
export async function completeCandidate(
  deps: FindCandidateDeps,
  found: FoundCandidate,
  organizationId: OrganizationId,
  field: ActorField = 'assignedTo',
): Promise<Candidate> {
  switch (found.type) {
    case 'user':
      return found;
    case 'login': {
      const profile = found.profiles.find((one) => isOrganizationMember(one, organizationId));
      if (profile === undefined) {
        throw unparsableActor(field);
      }
      return { type: 'user', profile };
    }
    case 'slug': {
      const id = await deps.teams.idOfSlug(organizationId, found.slug);
      if (id === undefined) {
        throw unparsableActor(field);
      }
      return teamOf(deps, await deps.teams.roster(id));
    }
    case 'team':
      return teamOf(deps, found.roster);
  }
}

async function teamOf(deps: FindCandidateDeps, roster: TeamRoster | undefined): Promise<Candidate> {
  return { type: 'team', roster, activeAccounts: await activeAccountsOf(deps, roster) };
}
