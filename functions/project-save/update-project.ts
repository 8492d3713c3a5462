import { hasScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { projectDetailReply } from '../../shared/http/project-detail.ts';
import { parseProjectUpdate } from '../../shared/http/schemas/projects/project.ts';
import { findActiveProject } from '../../shared/operations/lookup/find-project.ts';
import { copyProjectOwnership } from '../../shared/operations/ownership/copy-project-ownership.ts';
import { updateProject } from '../../shared/operations/projects/update-project.ts';
import type { ProjectSaveDeps } from './deps.ts';

/** Updates a project. A bookmark needs no more than `project:read`. */
export const updateProjectDetails: Endpoint<'updateProject', ProjectSaveDeps> = async (
  deps,
  request,
) => {
  const { caller, organization, params, body, initiator } = request;
  const found = await findActiveProject(deps, organization.id, params.project);
  const { project, copiedFrom } = await updateProject(deps, {
    organizationId: organization.id,
    projectId: found.id,
    ...parseProjectUpdate(body, hasScope(caller, 'project:write')),
    initiator,
  });
  if (copiedFrom !== null) {
    await copyProjectOwnership(deps, { sourceId: copiedFrom, target: project, initiator });
  }
  return { status: 200, body: await projectDetailReply(deps, request, project) };
};
