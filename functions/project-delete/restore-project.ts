import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { projectDetailReply } from '../../shared/http/project-detail.ts';
import { restoreProject } from '../../shared/operations/projects/restore-project.ts';
import type { ProjectDeleteDeps } from './deps.ts';

/** A project whose deletion has not begun is there again. */
export function restoreDeletedProject(deps: ProjectDeleteDeps): Endpoint {
  return async ({ caller, params, baseUrl, requestId }) => {
    const organization = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'project:admin');
    const project = await restoreProject(deps, {
      organizationId: organization.id,
      projectId: params.project ?? '',
      initiator: { actingUserId: caller.userId, requestId },
    });
    return { status: 200, body: await projectDetailReply(deps, { project, caller, baseUrl }) };
  };
}
