import { grants, organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { projectDetailReply } from '../../shared/http/project-detail.ts';
import { parseProjectUpdate } from '../../shared/http/schemas/projects/project.ts';
import { findActiveProject } from '../../shared/operations/lookup/find-project.ts';
import { copyProjectOwnership } from '../../shared/operations/ownership/copy-project-ownership.ts';
import { updateProject } from '../../shared/operations/projects/update-project.ts';
import type { ProjectSaveDeps } from './deps.ts';

/** Changes of one project; who may only read it may bookmark it. */
export function updateProjectDetails(deps: ProjectSaveDeps): Endpoint {
  return async ({ caller, params, body, requestId, baseUrl }) => {
    const organization = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'project:read');
    const found = await findActiveProject(deps, organization.id, params.project ?? '');
    const request = parseProjectUpdate(body, grants(caller.scopes, 'project:write'));
    const initiator = { actingUserId: caller.userId, requestId };
    const { project, copiedFrom } = await updateProject(deps, {
      organizationId: organization.id,
      projectId: found.id,
      ...request,
      initiator,
    });
    if (copiedFrom !== null) {
      await copyProjectOwnership(deps, { sourceId: copiedFrom, target: project, initiator });
    }
    return { status: 200, body: await projectDetailReply(deps, { project, caller, baseUrl }) };
  };
}
