import type { Endpoint } from '../../shared/http/api.ts';
import { bulkReply } from '../../shared/http/bulk/bulk-reply.ts';
import { readBulkParameters, selectBulk } from '../../shared/http/bulk/bulk-selection.ts';
import { dryRunReply, readDryRun } from '../../shared/http/bulk/dry-run.ts';
import { readInScope, readIssueScope } from '../../shared/http/issue-scope.ts';
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
  const deleted = await deleteIssues(deps, selected);
  const { matched, updated, conflicting } = deleted;
  const isNothing = updated.length === 0 && !truncated;
  return bulkReply(
    { matched, updated: updated.length, conflicting, truncated },
    { status: isNothing ? 204 : 202 },
  );
};
