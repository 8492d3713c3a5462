import type { ApiRequest } from '../../shared/http/api.ts';
import { type IssueRow, readIssueRow } from '../../shared/operations/issues/read-issue.ts';
import { findIssue } from '../../shared/operations/lookup/find-issue.ts';
import type { GroupReadDeps } from './deps.ts';

/** The issue that a path names by id or short id, with its project. Throws 404 without it. */
export async function findIssueRow(
  deps: GroupReadDeps,
  {
    organizations,
    params,
  }: Pick<ApiRequest, 'organizations'> & { readonly params: { readonly issue: string } },
): Promise<IssueRow> {
  const organizationIds = organizations.map(({ id }) => id);
  const groupId = await findIssue(deps, organizationIds, params.issue);
  return readIssueRow(deps, { groupId, organizationIds });
}
