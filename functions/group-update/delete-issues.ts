import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { bulkReply } from '../../shared/http/bulk-reply.ts';
import { readBulkParameters, selectBulk } from '../../shared/http/bulk-selection.ts';
import { readInScope, readIssueScope } from '../../shared/http/issue-scope.ts';
import { deleteIssues } from '../../shared/operations/issues/delete-issues.ts';
import type { GroupUpdateDeps } from './deps.ts';

/**
 * The issues of one project, or of an organization in some of its projects or all, that are named
 * by `id` parameters or by a query.
 */
export function deleteManyIssues(deps: GroupUpdateDeps): Endpoint {
  return async (request) => {
    const { caller, params, query, requestId } = request;
    const { id: organizationId } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'event:admin');
    const issueScope = await readIssueScope(deps, request, organizationId);
    const parameters = await readInScope(deps, issueScope, () =>
      readBulkParameters(query, 'byIdOrQuery', deps.clock()),
    );
    const { groupIds, truncated } = await selectBulk(deps, request, issueScope, parameters);
    const { matched, updated, conflicting } = await deleteIssues(deps, {
      ...issueScope,
      groupIds,
      initiator: { actingUserId: caller.userId, requestId },
    });
    const isNothing = updated.length === 0 && !truncated;
    return bulkReply(
      { matched, updated: updated.length, conflicting, truncated },
      { status: isNothing ? 204 : 202 },
    );
  };
}
