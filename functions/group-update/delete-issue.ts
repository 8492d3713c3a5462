import type { Endpoint } from '../../shared/http/api.ts';
import { dryRunReply, readDryRun, requireForeseen } from '../../shared/http/bulk/dry-run.ts';
import { answerForIssue } from '../../shared/http/named-issue.ts';
import { requireUpdated } from '../../shared/http/outcomes.ts';
import { forecastDeletion } from '../../shared/operations/bulk/forecast-issues.ts';
import { deleteIssues } from '../../shared/operations/issues/delete-issues.ts';
import { findOrganization } from '../../shared/operations/lookup/find-organization.ts';
import type { GroupUpdateDeps } from './deps.ts';

/**
 * Deletes one issue by id or short id, of the organization that the path names or of any that the
 * token reaches.
 */
export const deleteIssue: Endpoint<'deleteOrganizationIssue' | 'deleteIssue', GroupUpdateDeps> = (
  deps,
  request,
) => {
  const organizationIds = request.organizations.map(({ id }) => id);
  const { query, initiator, whileCounted } = request;
  return answerForIssue(deps, request, async (groupId) => {
    const organizationId = await findOrganization(deps, groupId, organizationIds);
    const selected = { organizationId, groupIds: [groupId], projects: null };
    if (readDryRun(query)) {
      const forecast = await forecastDeletion(deps, { ...selected, initiator, whileCounted });
      return dryRunReply(deps, requireForeseen(forecast));
    }
    requireUpdated(await deleteIssues(deps, { ...selected, initiator, whileCounted }));
    return { status: 202 };
  });
};
