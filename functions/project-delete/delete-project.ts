import type { Endpoint } from '../../shared/http/api.ts';
import { deleteProject } from '../../shared/operations/projects/delete-project.ts';
import type { ProjectDeleteDeps } from './deps.ts';

/** Accepts the deletion of a project with everything that belongs to it. */
export const deleteActiveProject: Endpoint<'deleteProject', ProjectDeleteDeps> = async (
  deps,
  { organization, params, initiator },
) => {
  const organizationId = organization.id;
  await deleteProject(deps, { organizationId, project: params.project, initiator });
  return { status: 204 };
};
