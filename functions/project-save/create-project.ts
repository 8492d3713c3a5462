import type { Endpoint } from '../../shared/http/api.ts';
import { projectSummaryReply } from '../../shared/http/project-detail.ts';
import { parseNewProject } from '../../shared/http/schemas/projects/project.ts';
import { findTeam } from '../../shared/operations/lookup/find-team.ts';
import { saveProject } from '../../shared/operations/projects/save-project.ts';
import type { ProjectSaveDeps } from './deps.ts';

/** Creates a project in a team. */
export const createProject: Endpoint<'createProject', ProjectSaveDeps> = async (deps, request) => {
  const { organization, params, body, initiator } = request;
  const team = await findTeam(deps, organization.id, params.team);
  const project = await saveProject(deps, { team, ...parseNewProject(body), initiator });
  return { status: 201, ...(await projectSummaryReply(deps, request, project)) };
};
