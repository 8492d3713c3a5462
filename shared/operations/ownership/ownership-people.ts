import type { TeamRoster, User } from '../../domain/directory.ts';
import { isOrganizationMember } from '../../domain/issues/assignable.ts';
import { ownerText, type RuleOwner } from '../../domain/ownership/rule.ts';
import type { ResolveOwner } from '../../domain/ownership/schema.ts';
import type { OwnerStanding } from '../../domain/ownership/validate.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import { atOnce } from '../at-once.ts';

export type OwnershipPeopleDeps = {
  readonly organizations: Pick<OrganizationStore, 'membersAmong'>;
  readonly teams: Pick<TeamStore, 'byIds' | 'roster'>;
  readonly users: Pick<UserStore, 'byIds'>;
};

/** Look-ups at the same time. */
const width = 32;

/**
 * Who may own issues of a project, by the names that rules give them: its teams by their slugs, and active members of
 * these by any of their addresses. What is read follows from the project and not from how many names there are: one round
 * trip for teams alone, two with users.
 */
export async function readOwnershipPeople(
  deps: OwnershipPeopleDeps,
  { project, teamIds }: ProjectWithTeams,
  { withUsers }: { readonly withUsers: boolean },
): Promise<ResolveOwner> {
  const rosters = withUsers
    ? (await atOnce(width, teamIds, deps.teams.roster)).filter((roster) => roster !== undefined)
    : [];
  const teams = withUsers
    ? rosters.map(({ team }) => team)
    : [...(await deps.teams.byIds(teamIds)).values()];
  const teamsBySlug = new Map(teams.map(({ slug, id }) => [slug, id]));
  const usersByEmail = await readUsersByEmail(deps, project.organizationId, rosters);
  return ({ type, identifier }) => {
    const id = (type === 'team' ? teamsBySlug : usersByEmail).get(identifier);
    return id === undefined ? null : { type, id };
  };
}

export type StandingsDeps = {
  readonly organizations: Pick<OrganizationStore, 'members'>;
  readonly users: Pick<UserStore, 'byIds' | 'idsOfLogin' | 'profile'>;
};

/** More strangers than this are looked for among all members, of whom there are only so many. */
const strangersLookedUp = 200;

/**
 * How an organization knows users that a project does not: as members without access, or not at all. Two round trips for
 * each name, 32 names at once; where there are many, the members of the organization are read instead.
 */
export async function readStandings(
  deps: StandingsDeps,
  organizationId: string,
  owners: readonly RuleOwner[],
): Promise<ReadonlyMap<string, OwnerStanding>> {
  const isMember =
    owners.length > strangersLookedUp
      ? await membersByEmail(deps, organizationId)
      : await lookUp(deps, organizationId, owners);
  return new Map(
    owners.map((owner) => {
      const isKnown = owner.type === 'user' && isMember.has(owner.identifier);
      return [ownerText(owner), isKnown ? 'withoutAccess' : 'unknown'] as const;
    }),
  );
}

async function lookUp(
  deps: StandingsDeps,
  organizationId: string,
  owners: readonly RuleOwner[],
): Promise<Set<string>> {
  const users = owners.filter(({ type }) => type === 'user');
  const found = await atOnce(width, users, async ({ identifier }) => {
    const ids = await deps.users.idsOfLogin(identifier);
    const profiles = await Promise.all(ids.map(deps.users.profile));
    const isKnown = profiles.some(
      (profile) =>
        isOrganizationMember(profile, organizationId) && hasEmail(profile.user, identifier),
    );
    return isKnown ? [identifier] : [];
  });
  return new Set(found.flat());
}

async function membersByEmail(deps: StandingsDeps, organizationId: string): Promise<Set<string>> {
  const members = await deps.organizations.members(organizationId);
  const users = await deps.users.byIds(members.map(({ userId }) => userId));
  const active = [...users.values()].filter(({ isActive }) => isActive);
  return new Set(active.flatMap(({ emails }) => emails.map(({ email }) => email.toLowerCase())));
}

async function readUsersByEmail(
  deps: OwnershipPeopleDeps,
  organizationId: string,
  rosters: readonly TeamRoster[],
): Promise<Map<string, string>> {
  const active = rosters.flatMap(({ memberships }) => memberships.filter((one) => one.isActive));
  const userIds = [...new Set(active.map(({ userId }) => userId))];
  const [users, members] = await Promise.all([
    deps.users.byIds(userIds),
    deps.organizations.membersAmong(organizationId, userIds),
  ]);
  const byEmail = new Map<string, string>();
  for (const id of userIds) {
    const user = users.get(id);
    if (!user?.isActive || !members.has(id)) continue;
    for (const { email } of user.emails) {
      const address = email.toLowerCase();
      if (!byEmail.has(address)) byEmail.set(address, id);
    }
  }
  return byEmail;
}

function hasEmail({ emails }: User, address: string): boolean {
  return emails.some(({ email }) => email.toLowerCase() === address);
}
