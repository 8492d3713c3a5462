import type { GroupId } from '../../shared/domain/ids.ts';
import type { Integration } from '../../shared/domain/sync/integration.ts';
import type { ApiRequest } from '../../shared/http/api.ts';
import { type IssueRow, readIssueRow } from '../../shared/operations/issues/read-issue.ts';
import { findIntegration } from '../../shared/operations/sync/integrations.ts';
import type { IntegrationsDeps } from './deps.ts';

/** The issue of a request, in one of the organizations that its token reaches. Throws 404. */
export function readRow(
  deps: IntegrationsDeps,
  { organizations }: Pick<ApiRequest, 'organizations'>,
  groupId: GroupId,
): Promise<IssueRow> {
  return readIssueRow(deps, { groupId, organizationIds: organizations.map(({ id }) => id) });
}

type TrackerRequest = Pick<ApiRequest, 'organizations'> & {
  readonly params: { readonly integration: string };
};

/** The issue and the tracker of a request, both of one organization. Throws 404. */
export async function readTracker(
  deps: IntegrationsDeps,
  request: TrackerRequest,
  groupId: GroupId,
): Promise<{ readonly row: IssueRow; readonly integration: Integration }> {
  const row = await readRow(deps, request, groupId);
  const { organizationId } = row.group;
  return {
    row,
    integration: await findIntegration(deps, organizationId, request.params.integration),
  };
}
