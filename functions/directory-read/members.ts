import type { OrganizationId } from '../../shared/domain/ids.ts';
import { adderOf, requireUser } from '../../shared/http/access.ts';
import type { ApiReply, ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { pageOf } from '../../shared/http/pagination.ts';
import { bySearch } from '../../shared/http/search.ts';
import {
  searchableMember,
  serializeMember,
  serializeMemberDetail,
  serializeTeamMember,
} from '../../shared/http/serializers/directory/member.ts';
import { readRoles } from '../../shared/operations/directory/read-directory.ts';
import { readMember } from '../../shared/operations/directory/read-member.ts';
import {
  type Person,
  peopleOfTeams,
  projectsOfPeople,
  readPeople,
} from '../../shared/operations/directory/read-people.ts';
import { findActiveProject } from '../../shared/operations/lookup/find-project.ts';
import { findTeam } from '../../shared/operations/lookup/find-team.ts';
import { scopeProjects } from '../../shared/operations/lookup/scope-projects.ts';
import type { DirectoryReadDeps } from './deps.ts';

/** Shows one member, or who is pending; `me` is the token's user. */
export const getMember: Endpoint<'getMember', DirectoryReadDeps> = async (
  deps,
  { caller, organization: { id }, params },
) => {
  const memberId = params.member === 'me' ? requireUser(caller) : params.member;
  const [found, roles] = await Promise.all([
    readMember(deps, id, memberId),
    readRoles(deps, caller.userId, [id]),
  ]);
  const adder = adderOf(caller, roles.get(id) ?? null);
  return { status: 200, body: serializeMemberDetail(found, adder) };
};

/** Lists who can be named in an organization, or in some of its projects, with their projects. */
export const listOrganizationUsers: Endpoint<'listOrganizationUsers', DirectoryReadDeps> = async (
  deps,
  request,
) => {
  const { organization, query } = request;
  const named = query.getAll('project').filter((project) => project !== '' && project !== '-1');
  const people =
    named.length === 0
      ? await readPeople(deps, organization.id)
      : await peopleOfProjects(deps, organization.id, named);
  const { page, headers } = pageOf(request, people.filter(searched(query)));
  const projects = await projectsOfPeople(deps, page);
  return {
    status: 200,
    headers,
    body: page.map(({ member, user }) => ({
      ...serializeMember(member, user),
      projects: projects.get(user.id) ?? [],
    })),
  };
};

/** Lists the members who are in a team of a project. */
export const listProjectMembers: Endpoint<'listProjectMembers', DirectoryReadDeps> = async (
  deps,
  request,
) => {
  const { organization, params } = request;
  const { id } = await findActiveProject(deps, organization.id, params.project);
  return membersReply(request, await peopleOfProjects(deps, organization.id, [id]));
};

/** Lists the members of a team. */
export const listTeamMembers: Endpoint<'listTeamMembers', DirectoryReadDeps> = async (
  deps,
  request,
) => {
  const { organization, params } = request;
  const team = await findTeam(deps, organization.id, params.team);
  const [people, ids] = await Promise.all([
    readPeople(deps, organization.id),
    peopleOfTeams(deps, [team.id]),
  ]);
  const found = people.filter(({ user }) => ids.has(user.id)).filter(searched(request.query));
  const { page, headers } = pageOf(request, found);
  const body = page.map(({ member, user }) => serializeTeamMember(member, user, team));
  return { status: 200, headers, body };
};

async function peopleOfProjects(
  deps: DirectoryReadDeps,
  organizationId: OrganizationId,
  named: readonly string[],
): Promise<Person[]> {
  const projects = await scopeProjects(deps, organizationId, named);
  const withTeams = await deps.projects.manyWithTeams(projects.map(({ id }) => id));
  const teamIds = new Set([...withTeams.values()].flatMap((project) => project.teamIds));
  const [people, ids] = await Promise.all([
    readPeople(deps, organizationId),
    peopleOfTeams(deps, [...teamIds]),
  ]);
  return people.filter(({ user }) => ids.has(user.id));
}

function membersReply(request: ApiRequest, people: readonly Person[]): ApiReply {
  const { page, headers } = pageOf(request, people.filter(searched(request.query)));
  const body = page.map(({ member, user }) => serializeMember(member, user));
  return { status: 200, headers, body };
}

function searched(query: URLSearchParams): (person: Person) => boolean {
  return bySearch<Person>(query.get('query'), (person) =>
    searchableMember({ kind: 'member', ...person }),
  );
}
