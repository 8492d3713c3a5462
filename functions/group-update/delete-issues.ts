import type { Endpoint } from '../../shared/http/api.ts';
import { bulkReply, withOperation } from '../../shared/http/bulk/bulk-reply.ts';
import { readBulkParameters, selectBulk } from '../../shared/http/bulk/bulk-selection.ts';
import { dryRunReply, readDryRun } from '../../shared/http/bulk/dry-run.ts';
import { readInScope, readIssueScope } from '../../shared/http/issue-scope.ts';
import { recordBulk } from '../../shared/operations/bulk/bulk-record.ts';
import { forecastDeletion } from '../../shared/operations/bulk/forecast-issues.ts';
import { deleteIssues } from '../../shared/operations/issues/delete-issues.ts';
import type { GroupUpdateDeps } from './deps.ts';

/**
 * Deletes the issues that `id` parameters or a query name, in one project, or in some projects or
 * all of an organization.
 */
export const deleteManyIssues: Endpoint<
  'deleteProjectIssues' | 'deleteOrganizationIssues',
  GroupUpdateDeps
> = async (deps, request) => {
  const { query, initiator } = request;
  const issueScope = await readIssueScope(deps, request);
  const parameters = await readInScope(deps, issueScope, () =>
    readBulkParameters(query, 'byIdOrQuery', deps.clock()),
  );
  const issues = await selectBulk(deps, request, issueScope, parameters);
  const { truncated } = issues;
  const selected = { ...issueScope, ...issues, initiator };
  if (readDryRun(query)) {
    return dryRunReply(deps, await forecastDeletion(deps, selected), truncated);
  }
  const about = { organizationId: issueScope.organizationId, kind: 'delete', initiator } as const;
  const { result, operationId } = await recordBulk(deps, about, (begin) =>
    deleteIssues(deps, { ...selected, begin }),
  );
  const { matched, updated, conflicting } = result;
  const isNothing = updated.length === 0 && !truncated;
  const counts = { matched, updated: updated.length, conflicting, truncated };
  return withOperation(bulkReply(counts, { status: isNothing ? 204 : 202 }), operationId);
};
