import type { User } from '../../domain/directory.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { isOrganizationMember } from '../../domain/issues/assignable.ts';
import type { OwnerAccess } from '../../domain/ownership/ownership-text.ts';
import { ownerText, type RuleOwner } from '../../domain/ownership/rule.ts';
import type { ResolveOwner } from '../../domain/ownership/schema.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import { profilesOfLogin } from '../lookup/find-people.ts';

export type OwnershipPeopleDeps = {
  readonly organizations: Pick<OrganizationStore, 'membersAmong'>;
  readonly teams: Pick<TeamStore, 'idsOfSlugs' | 'roster'>;
  readonly users: Pick<UserStore, 'byIds' | 'idsOfLogin' | 'profile'>;
};

/** Look-ups at the same time. */
const WIDTH = 32;

/**
 * Who may own issues of a project, among these names: its teams by their slugs, and active members
 * of its teams by any of their addresses. One round trip for teams alone, two with users, whatever
 * the number of the project's teams: people are looked up by their addresses, unless so many are
 * named that reading the members of all teams is less.
 */
export async function readOwnershipPeople(
  deps: OwnershipPeopleDeps,
  project: ProjectWithTeams,
  owners: readonly RuleOwner[],
): Promise<ResolveOwner> {
  const named = (type: RuleOwner['type']) => [
    ...new Set(owners.flatMap((owner) => (owner.type === type ? [owner.identifier] : []))),
  ];
  const emails = named('user');
  const isFewer = emails.length <= Math.max(WIDTH, project.teamIds.length);
  const [teamsBySlug, usersByEmail] = await Promise.all([
    readTeams(deps, project, named('team')),
    isFewer ? usersOfAddresses(deps, project, emails) : usersOfRosters(deps, project),
  ]);
  return ({ type, identifier }) => {
    const id = (type === 'team' ? teamsBySlug : usersByEmail).get(identifier);
    return id === undefined ? null : { type, id };
  };
}

/** The project's teams that slugs name. One round trip. */
async function readTeams(
  deps: OwnershipPeopleDeps,
  { project, teamIds }: ProjectWithTeams,
  slugs: readonly string[],
): Promise<Map<string, string>> {
  if (slugs.length === 0) {
    return new Map();
  }
  const found = await deps.teams.idsOfSlugs(project.organizationId, slugs);
  return new Map([...found].filter(([, id]) => teamIds.includes(id)));
}

/** One round trip for the addresses, one for the people who have them. */
async function usersOfAddresses(
  deps: OwnershipPeopleDeps,
  { project, teamIds }: ProjectWithTeams,
  emails: readonly string[],
): Promise<Map<string, string>> {
  const idsByEmail = await mapConcurrently(WIDTH, emails, deps.users.idsOfLogin);
  const ids = [...new Set(idsByEmail.flat())];
  const profiles = await mapConcurrently(WIDTH, ids, deps.users.profile);
  const rankOfTeam = new Map(teamIds.map((id, at) => [id, at]));
  const people = profiles
    .flatMap((profile) => {
      if (!isOrganizationMember(profile, project.organizationId)) {
        return [];
      }
      const ranks = profile.teams.flatMap(({ teamId, isActive }) => {
        const rank = isActive ? rankOfTeam.get(teamId) : undefined;
        return rank === undefined ? [] : [rank];
      });
      return ranks.length === 0 ? [] : [{ user: profile.user, rank: Math.min(...ranks) }];
    })
    // The order in which the rosters of the project's teams list them.
    .sort((a, b) => a.rank - b.rank || (a.user.id < b.user.id ? -1 : 1));
  return byEmail(people.map(({ user }) => user));
}

/** Who is found by each address; the first of those who share one. */
function byEmail(users: readonly User[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { id, emails } of users) {
    for (const { email } of emails) {
      const address = email.toLowerCase();
      if (!found.has(address)) {
        found.set(address, id);
      }
    }
  }
  return found;
}

export type OwnerAccessDeps = {
  readonly organizations: Pick<OrganizationStore, 'members'>;
  readonly teams: Pick<TeamStore, 'idsOfSlugs'>;
  readonly users: Pick<UserStore, 'byIds' | 'idsOfLogin' | 'profile'>;
};

/** More strangers than this are looked for among all members, of whom there are only so many. */
const STRANGERS_LOOKED_UP = 200;

/**
 * How an organization knows owners that a project does not: as members or teams without access, or
 * not at all. Two round trips for each user, 32 users concurrently; where there are many, the
 * members of the organization are read instead.
 */
export async function readOwnerAccess(
  deps: OwnerAccessDeps,
  organizationId: OrganizationId,
  owners: readonly RuleOwner[],
): Promise<ReadonlyMap<string, OwnerAccess>> {
  const slugs = owners.filter(({ type }) => type === 'team').map(({ identifier }) => identifier);
  const [members, teams] = await Promise.all([
    owners.length - slugs.length > STRANGERS_LOOKED_UP
      ? membersByEmail(deps, organizationId)
      : lookUp(deps, organizationId, owners),
    deps.teams.idsOfSlugs(organizationId, slugs),
  ]);
  return new Map(
    owners.map((owner) => {
      const known = owner.type === 'team' ? teams : members;
      const isKnown = known.has(owner.identifier);
      return [ownerText(owner), isKnown ? 'withoutAccess' : 'unknown'] as const;
    }),
  );
}

async function lookUp(
  deps: OwnerAccessDeps,
  organizationId: OrganizationId,
  owners: readonly RuleOwner[],
): Promise<Set<string>> {
  const users = owners.filter(({ type }) => type === 'user');
  const found = await mapConcurrently(WIDTH, users, async ({ identifier }) => {
    const profiles = await profilesOfLogin(deps, identifier);
    const isKnown = profiles.some(
      (profile) =>
        isOrganizationMember(profile, organizationId) && hasEmail(profile.user, identifier),
    );
    return isKnown ? [identifier] : [];
  });
  return new Set(found.flat());
}

async function membersByEmail(
  deps: OwnerAccessDeps,
  organizationId: OrganizationId,
): Promise<Set<string>> {
  const members = await deps.organizations.members(organizationId);
  const users = await deps.users.byIds(members.map(({ userId }) => userId));
  const active = [...users.values()].filter(({ isActive }) => isActive);
  return new Set(active.flatMap(({ emails }) => emails.map(({ email }) => email.toLowerCase())));
}

/** The members of all of the project's teams, by their addresses. */
async function usersOfRosters(
  deps: OwnershipPeopleDeps,
  { project, teamIds }: ProjectWithTeams,
): Promise<Map<string, string>> {
  const read = await mapConcurrently(WIDTH, teamIds, deps.teams.roster);
  const rosters = read.filter((roster) => roster !== undefined);
  const active = rosters.flatMap(({ memberships }) => memberships.filter((one) => one.isActive));
  const userIds = [...new Set(active.map(({ userId }) => userId))];
  const [users, members] = await Promise.all([
    deps.users.byIds(userIds),
    deps.organizations.membersAmong(project.organizationId, userIds),
  ]);
  return byEmail(
    userIds.flatMap((id) => {
      const user = users.get(id);
      return user?.isActive && members.has(id) ? [user] : [];
    }),
  );
}

function hasEmail({ emails }: User, address: string): boolean {
  return emails.some(({ email }) => email.toLowerCase() === address);
}
