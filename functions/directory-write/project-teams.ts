import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { ApiReply, ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { projectDetailReply } from '../../shared/http/project-detail.ts';
import { findActiveProject } from '../../shared/operations/lookup/find-project.ts';
import { findTeam } from '../../shared/operations/lookup/find-team.ts';
import { updateProject } from '../../shared/operations/projects/update-project.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/** A team is put on a project; it is no mistake if it was. */
export function attachProjectTeam(deps: DirectoryWriteDeps): Endpoint {
  return (request) => changeTeams(deps, request, { how: 'attach', status: 201 });
}

/** A team is taken off a project; its issues stay assigned to it. */
export function detachProjectTeam(deps: DirectoryWriteDeps): Endpoint {
  return (request) => changeTeams(deps, request, { how: 'detach', status: 200 });
}

async function changeTeams(
  deps: DirectoryWriteDeps,
  { caller, params, requestId, baseUrl }: ApiRequest,
  { how, status }: { readonly how: 'attach' | 'detach'; readonly status: number },
): Promise<ApiReply> {
  const organization = organizationOf(caller, params.org ?? '');
  requireScope(caller, 'project:write');
  const [found, team] = await Promise.all([
    findActiveProject(deps, organization.id, params.project ?? ''),
    findTeam(deps, organization.id, params.team ?? ''),
  ]);
  const { project } = await updateProject(deps, {
    organizationId: organization.id,
    projectId: found.id,
    update: { [how]: [team.id] },
    initiator: { actingUserId: caller.userId, requestId },
  });
  return { status, body: await projectDetailReply(deps, { project, caller, baseUrl }) };
}
