import { hasScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { projectDetailReply } from '../../shared/http/project-detail.ts';
import { preconditionOf } from '../../shared/http/repetition/entity-tag.ts';
import { readLater } from '../../shared/http/repetition/read-later.ts';
import { parseProjectUpdate } from '../../shared/http/schemas/projects/project.ts';
import { findActiveProject } from '../../shared/operations/lookup/find-project.ts';
import { copyProjectOwnership } from '../../shared/operations/ownership/copy-project-ownership.ts';
import {
  requireProjectState,
  updateProject,
} from '../../shared/operations/projects/update-project.ts';
import type { ProjectSaveDeps } from './deps.ts';

/** Updates a project. A bookmark needs no more than `project:read`. */
export const updateProjectDetails: Endpoint<'updateProject', ProjectSaveDeps> = async (
  deps,
  request,
) => {
  const { caller, organization, params, initiator } = request;
  const mayWrite = hasScope(caller, 'project:write');
  const asked = readLater(() => parseProjectUpdate(request.body, mayWrite));
  const found = await findActiveProject(deps, organization.id, params.project);
  const target = {
    organizationId: organization.id,
    projectId: found.id,
    initiator,
    precondition: preconditionOf(request),
  };
  await requireProjectState(deps, target);
  const { project, copiedFrom } = await updateProject(deps, { ...target, ...asked() });
  if (copiedFrom !== null) {
    await copyProjectOwnership(deps, { sourceId: copiedFrom, target: project, initiator });
  }
  return { status: 200, ...(await projectDetailReply(deps, request, project)) };
};
