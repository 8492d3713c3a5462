import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { ApiReply, ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { selectBulk } from '../../shared/http/bulk-selection.ts';
import { requireNoConflict } from '../../shared/http/outcomes.ts';
import { deleteIssues } from '../../shared/operations/issues/delete-issues.ts';
import type { GroupUpdateDeps } from './deps.ts';

/** The issues of one project that are named by `id` parameters or by a query. */
export function deleteProjectIssues(deps: GroupUpdateDeps): Endpoint {
  return async (request) => deleteMany(deps, request, [request.params.project ?? '']);
}

/** The issues of an organization, of some of its projects or all, that are named by `id` parameters or by a query. */
export function deleteOrganizationIssues(deps: GroupUpdateDeps): Endpoint {
  return async (request) => {
    const named = request.query.getAll('project').filter((project) => project !== '-1');
    return deleteMany(deps, request, named.length === 0 ? null : named);
  };
}

async function deleteMany(
  deps: GroupUpdateDeps,
  request: ApiRequest,
  projects: readonly string[] | null,
): Promise<ApiReply> {
  const { caller, requestId } = request;
  const { id: organizationId } = organizationOf(caller, request.params.org ?? '');
  requireScope(caller, 'event:admin');
  const { groupIds, truncated } = await selectBulk(deps, request, { organizationId, projects });
  const outcome = await deleteIssues(deps, {
    organizationId,
    groupIds,
    projects,
    initiator: { actingUserId: caller.userId, requestId },
  });
  requireNoConflict(outcome);
  const headers: Record<string, string> = truncated ? { 'X-Baton-Truncated': 'true' } : {};
  return { status: outcome.updated.length === 0 ? 204 : 202, headers };
}
