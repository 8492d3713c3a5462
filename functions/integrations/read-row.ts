import type { GroupId } from '../../shared/domain/ids.ts';
import type { ApiRequest } from '../../shared/http/api.ts';
import { type IssueRow, readIssueRow } from '../../shared/operations/issues/read-issue.ts';
import type { IntegrationsDeps } from './deps.ts';

/** The issue of a request, in one of the organizations that its token reaches. Throws 404. */
export function readRow(
  deps: IntegrationsDeps,
  { organizations }: Pick<ApiRequest, 'organizations'>,
  groupId: GroupId,
): Promise<IssueRow> {
  return readIssueRow(deps, { groupId, organizationIds: organizations.map(({ id }) => id) });
}
