import type { Endpoint } from '../../shared/http/api.ts';
import { projectDetailReply } from '../../shared/http/project-detail.ts';
import { restoreProject } from '../../shared/operations/projects/restore-project.ts';
import type { ProjectDeleteDeps } from './deps.ts';

/** Cancels the deletion of a project that has not begun. */
export const restoreDeletedProject: Endpoint<'restoreProject', ProjectDeleteDeps> = async (
  deps,
  request,
) => {
  const project = await restoreProject(deps, {
    organizationId: request.organization.id,
    projectId: request.params.project,
    initiator: request.initiator,
  });
  return { status: 200, ...(await projectDetailReply(deps, request, project)) };
};
