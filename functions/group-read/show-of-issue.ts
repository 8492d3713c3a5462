import type { ApiReply } from '../../shared/http/api.ts';
import { type IssueRequest, showForIssue } from '../../shared/http/named-issue.ts';
import { type IssueRow, readIssueRow } from '../../shared/operations/issues/read-issue.ts';
import type { GroupReadDeps } from './deps.ts';

/**
 * Shows something of the issue that a path names by id or short id, or of the one that it was
 * merged into. Throws 404 without it.
 */
export function showOfIssue(
  deps: GroupReadDeps,
  request: IssueRequest,
  show: (row: IssueRow) => Promise<ApiReply>,
): Promise<ApiReply> {
  const organizationIds = request.organizations.map(({ id }) => id);
  return showForIssue(deps, request, async (groupId) =>
    show(await readIssueRow(deps, { groupId, organizationIds })),
  );
}
