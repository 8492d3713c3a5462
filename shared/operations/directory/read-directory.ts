import type {
  Member,
  MemberRole,
  Organization,
  PendingMember,
  Team,
  User,
  UserProfile,
} from '../../domain/directory.ts';
import { notFound } from '../../domain/errors.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import type { Project, ProjectWithTeams } from '../../domain/projects/project.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { PendingMemberStore } from '../../stores/directory/pending-members.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import { readTeamPeople } from './team-people.ts';

export type ReadDirectoryDeps = {
  readonly organizations: Pick<OrganizationStore, 'byId' | 'byIds' | 'members'>;
  readonly projects: Pick<ProjectStore, 'manyWithTeams' | 'bookmarkedBy'>;
  readonly teams: Pick<TeamStore, 'byIds' | 'idsOfOrganization' | 'roster'>;
  readonly users: Pick<UserStore, 'byIds' | 'profile' | 'activeAmong' | 'accessTo'>;
  readonly pendingMembers: Pick<PendingMemberStore, 'ofOrganization'>;
};

/**
 * A project with the teams that are on it, whether the caller is in one of them, and whether they
 * marked it.
 */
export type DescribedProject = ProjectWithTeams & {
  readonly teams: readonly Team[];
  readonly isMember: boolean;
  readonly isBookmarked: boolean;
};

/** A team with its size, and whether the caller is in it. */
export type DescribedTeam = {
  readonly team: Team;
  readonly memberCount: number;
  readonly isMember: boolean;
};

/** Queries at the same time. */
const WIDTH = 32;

/**
 * One organization. Throws `resource.not_found` for one that is gone although a token still names
 * it.
 */
export async function readOrganization(
  deps: Pick<ReadDirectoryDeps, 'organizations'>,
  organizationId: OrganizationId,
): Promise<Organization> {
  const organization = await deps.organizations.byId(organizationId);
  if (organization === undefined) {
    throw notFound();
  }
  return organization;
}

/** The teams of an organization in the order of their slugs. Two round trips. */
export async function readTeams(
  deps: Pick<ReadDirectoryDeps, 'teams'>,
  organizationId: OrganizationId,
): Promise<Team[]> {
  const ids = await deps.teams.idsOfOrganization(organizationId);
  const teams = await deps.teams.byIds(ids);
  return ids.flatMap((id) => teams.get(id) ?? []);
}

/** What a list of teams shows beside the teams: two round trips for each, 32 teams concurrently. */
export function describeTeams(
  deps: Pick<ReadDirectoryDeps, 'teams' | 'users'>,
  teams: readonly Team[],
  callerUserId: string | null,
): Promise<DescribedTeam[]> {
  return mapConcurrently(WIDTH, teams, async (team) => {
    const members = (await readTeamPeople(deps, team.id))?.userIds ?? [];
    const isMember = callerUserId !== null && members.includes(callerUserId);
    return { team, memberCount: members.length, isMember };
  });
}

/** A member with their user, or somebody who is pending. */
export type ListedMember =
  | { readonly kind: 'member'; readonly member: Member; readonly user: User }
  | { readonly kind: 'pending'; readonly pending: PendingMember };

/**
 * The members of an organization in the order of their ids, those whose user is gone left out, then
 * those who are pending. Two round trips.
 */
export async function readMembers(
  deps: Pick<ReadDirectoryDeps, 'organizations' | 'users' | 'pendingMembers'>,
  organizationId: OrganizationId,
): Promise<ListedMember[]> {
  const [members, pending] = await Promise.all([
    deps.organizations.members(organizationId),
    deps.pendingMembers.ofOrganization(organizationId),
  ]);
  const users = await deps.users.byIds(members.map(({ userId }) => userId));
  return [
    ...members.flatMap((member): ListedMember[] => {
      const user = users.get(member.userId);
      return user === undefined ? [] : [{ kind: 'member', member, user }];
    }),
    ...pending.map((one): ListedMember => ({ kind: 'pending', pending: one })),
  ];
}

/**
 * The roles that a user has in organizations, by the organizations' ids; none without a user. One
 * round trip.
 */
export async function readRoles(
  { users }: Pick<ReadDirectoryDeps, 'users'>,
  userId: UserId | null,
  organizationIds: readonly OrganizationId[],
): Promise<ReadonlyMap<string, MemberRole>> {
  const access = userId === null ? undefined : await users.accessTo(userId, organizationIds);
  return new Map((access?.members ?? []).map(({ organizationId, role }) => [organizationId, role]));
}

/**
 * What a list of projects shows beside the projects: a Query for each and one for the caller, then
 * their teams.
 */
export async function describeProjects(
  deps: Pick<ReadDirectoryDeps, 'projects' | 'teams' | 'users'>,
  projects: readonly Project[],
  callerUserId: string | null,
): Promise<DescribedProject[]> {
  const ids = projects.map(({ id }) => id);
  const [withTeams, caller, bookmarked] = await Promise.all([
    deps.projects.manyWithTeams(ids),
    callerUserId === null ? undefined : deps.users.profile(callerUserId),
    callerUserId === null ? new Set<string>() : deps.projects.bookmarkedBy(callerUserId, ids),
  ]);
  const teams = await deps.teams.byIds([...withTeams.values()].flatMap(({ teamIds }) => teamIds));
  return projects.flatMap(({ id }) => {
    const found = withTeams.get(id);
    return found === undefined
      ? []
      : [{ ...describe(found, teams, caller), isBookmarked: bookmarked.has(id) }];
  });
}

function describe(
  { project, teamIds }: ProjectWithTeams,
  teams: ReadonlyMap<string, Team>,
  caller: UserProfile | undefined,
): Omit<DescribedProject, 'isBookmarked'> {
  const isMember = (caller?.teams ?? []).some(
    ({ isActive, teamId }) => isActive && teamIds.includes(teamId),
  );
  return { project, teamIds, teams: teamIds.flatMap((id) => teams.get(id) ?? []), isMember };
}
