import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { deleteProject } from '../../shared/operations/projects/delete-project.ts';
import type { ProjectDeleteDeps } from './deps.ts';

/** A project goes, with everything that belongs to it. */
export function deleteActiveProject(deps: ProjectDeleteDeps): Endpoint {
  return async ({ caller, params, requestId }) => {
    const organization = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'project:admin');
    await deleteProject(deps, {
      organizationId: organization.id,
      project: params.project ?? '',
      initiator: { actingUserId: caller.userId, requestId },
    });
    return { status: 204 };
  };
}
