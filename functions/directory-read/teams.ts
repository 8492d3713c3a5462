import type { Endpoint } from '../../shared/http/api.ts';
import { pageOf } from '../../shared/http/pagination.ts';
import { bySearch, named } from '../../shared/http/search.ts';
import { serializeProject } from '../../shared/http/serializers/projects/project.ts';
import { teamDetailReply, teamsReply } from '../../shared/http/team-detail.ts';
import { describeProjects } from '../../shared/operations/directory/read-directory.ts';
import { projectsOfTeam, teamsOfProject } from '../../shared/operations/directory/read-people.ts';
import { findActiveProject } from '../../shared/operations/lookup/find-project.ts';
import { findTeam } from '../../shared/operations/lookup/find-team.ts';
import type { DirectoryReadDeps } from './deps.ts';

/** Shows one team. */
export const getTeam: Endpoint<'getTeam', DirectoryReadDeps> = async (deps, request) => {
  const team = await findTeam(deps, request.organization.id, request.params.team);
  return { status: 200, body: await teamDetailReply(deps, request, team) };
};

/** Lists the projects of a team. */
export const listTeamProjects: Endpoint<'listTeamProjects', DirectoryReadDeps> = async (
  deps,
  request,
) => {
  const { caller, organization, params, query } = request;
  const team = await findTeam(deps, organization.id, params.team);
  const all = await projectsOfTeam(deps, team);
  const { page, headers } = pageOf(request, all.filter(bySearch(query.get('query'), named)));
  const described = await describeProjects(deps, page, caller.userId);
  return {
    status: 200,
    headers,
    body: described.map(({ project, teams, ...viewer }) =>
      serializeProject(project, teams, { access: caller.scopes, ...viewer }),
    ),
  };
};

/** Lists the teams of a project. */
export const listProjectTeams: Endpoint<'listProjectTeams', DirectoryReadDeps> = async (
  deps,
  request,
) => {
  const { organization, params } = request;
  const project = await findActiveProject(deps, organization.id, params.project);
  return teamsReply(deps, request, await teamsOfProject(deps, project.id));
};
