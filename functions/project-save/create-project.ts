import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { projectSummaryReply } from '../../shared/http/project-detail.ts';
import { parseNewProject } from '../../shared/http/schemas/projects/project.ts';
import { findTeam } from '../../shared/operations/lookup/find-team.ts';
import { saveProject } from '../../shared/operations/projects/save-project.ts';
import type { ProjectSaveDeps } from './deps.ts';

/** A new project of a team. */
export function createProject(deps: ProjectSaveDeps): Endpoint {
  return async ({ caller, params, body, requestId }) => {
    const organization = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'project:write');
    const team = await findTeam(deps, organization.id, params.team ?? '');
    const project = await saveProject(deps, {
      team,
      ...parseNewProject(body),
      initiator: { actingUserId: caller.userId, requestId },
    });
    return { status: 201, body: await projectSummaryReply(deps, { project, caller }) };
  };
}
