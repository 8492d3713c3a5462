import type { Member, Team, User } from '../../domain/directory.ts';
import type { OrganizationId, ProjectId, TeamId } from '../../domain/ids.ts';
import type { Project } from '../../domain/projects/project.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import { readTeamPeople } from './team-people.ts';

export type ReadPeopleDeps = {
  readonly organizations: Pick<OrganizationStore, 'members'>;
  readonly projects: Pick<ProjectStore, 'withTeams' | 'byIds'>;
  readonly teams: Pick<TeamStore, 'byIds' | 'projectIds' | 'roster'>;
  readonly users: Pick<UserStore, 'byIds' | 'profile' | 'activeAmong'>;
};

/** A member whose user is there. */
export type Person = { readonly member: Member; readonly user: User };

/** Queries at the same time. */
const WIDTH = 32;

/**
 * The members of an organization with an active account, in the order of their keys. Two round
 * trips.
 */
export async function readPeople(
  deps: Pick<ReadPeopleDeps, 'organizations' | 'users'>,
  organizationId: OrganizationId,
): Promise<Person[]> {
  const members = await deps.organizations.members(organizationId);
  const users = await deps.users.byIds(members.map(({ userId }) => userId));
  return members.flatMap((member) => {
    const user = users.get(member.userId);
    return user?.isActive ? [{ member, user }] : [];
  });
}

/** The ids of those who are in one of these teams, as its people. Two round trips a team. */
export async function peopleOfTeams(
  deps: Pick<ReadPeopleDeps, 'teams' | 'users'>,
  teamIds: readonly TeamId[],
): Promise<Set<string>> {
  const people = await mapConcurrently(WIDTH, teamIds, (id) => readTeamPeople(deps, id));
  return new Set(people.flatMap((found) => found?.userIds ?? []));
}

/** The teams of a project, by slug. Two round trips. */
export async function teamsOfProject(
  { projects, teams }: Pick<ReadPeopleDeps, 'projects' | 'teams'>,
  projectId: ProjectId,
): Promise<Team[]> {
  const teamIds = (await projects.withTeams(projectId))?.teamIds ?? [];
  const found = await teams.byIds(teamIds);
  return [...found.values()].sort((a, b) => (a.slug < b.slug ? -1 : 1));
}

/** The live projects of a team, by slug. Two round trips. */
export async function projectsOfTeam(
  { projects, teams }: Pick<ReadPeopleDeps, 'projects' | 'teams'>,
  team: Team,
): Promise<Project[]> {
  const found = await projects.byIds(await teams.projectIds(team.id));
  return [...found.values()]
    .filter(
      ({ status, organizationId }) => status === 'active' && organizationId === team.organizationId,
    )
    .sort((a, b) => (a.slug < b.slug ? -1 : 1));
}

/**
 * The slugs of the live projects of which people are in a team, by the people's ids. A Query for
 * each of them and for each of their teams, 32 at once, then the projects.
 */
export async function projectsOfPeople(
  deps: Pick<ReadPeopleDeps, 'projects' | 'teams' | 'users'>,
  people: readonly Person[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const teamsOf = new Map(
    await mapConcurrently(WIDTH, people, async ({ member: { organizationId, userId } }) => {
      const profile = await deps.users.profile(userId);
      const ids = (profile?.teams ?? [])
        .filter((team) => team.organizationId === organizationId && team.isActive)
        .map(({ teamId }) => teamId);
      return [userId, ids] as const;
    }),
  );
  const teamIds = [...new Set([...teamsOf.values()].flat())];
  const projectsOf = new Map(
    await mapConcurrently(
      WIDTH,
      teamIds,
      async (id) => [id, await deps.teams.projectIds(id)] as const,
    ),
  );
  const projects = await deps.projects.byIds([...projectsOf.values()].flat());
  const slugsOf = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const project = projects.get(id);
      return project?.status === 'active' ? [project.slug] : [];
    });
  return new Map(
    [...teamsOf].map(([userId, teams]) => [
      userId,
      [...new Set(slugsOf(teams.flatMap((id) => projectsOf.get(id) ?? [])))].sort(),
    ]),
  );
}
