import { hasScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { dryRunReply, readDryRun, requireForeseen } from '../../shared/http/bulk/dry-run.ts';
import { issueDetailReply } from '../../shared/http/issue-detail.ts';
import { answerForIssue } from '../../shared/http/named-issue.ts';
import { requireUpdated } from '../../shared/http/outcomes.ts';
import { preconditionOf } from '../../shared/http/repetition/entity-tag.ts';
import { readLater } from '../../shared/http/repetition/read-later.ts';
import { parseUpdateIssue } from '../../shared/http/schemas/issues/update-issue.ts';
import { forecastDiscard, forecastUpdate } from '../../shared/operations/bulk/forecast-issues.ts';
import { discardGroups } from '../../shared/operations/issues/discard-groups.ts';
import { requireIssueState } from '../../shared/operations/issues/require-issue-state.ts';
import { updateGroups } from '../../shared/operations/issues/update-groups.ts';
import { findOrganization } from '../../shared/operations/lookup/find-organization.ts';
import type { GroupUpdateDeps } from './deps.ts';

/**
 * Updates one issue by id or short id, of the organization that the path names or of any that the
 * token reaches.
 */
export const updateIssue: Endpoint<'updateOrganizationIssue' | 'updateIssue', GroupUpdateDeps> = (
  deps,
  request,
) => {
  const organizationIds = request.organizations.map(({ id }) => id);
  const asked = readLater(() => parseUpdateIssue(request.body));
  const precondition = preconditionOf(request);
  return answerForIssue(deps, request, async (groupId) => {
    const { caller, initiator, whileCounted } = request;
    const organizationId = await findOrganization(deps, groupId, organizationIds);
    const callerUserId = caller.userId;
    await requireIssueState(deps, { groupId, organizationIds, callerUserId, precondition });
    const { update, discard } = asked();
    const scope = { organizationId, groupIds: [groupId], projects: null };
    const selected = { ...scope, initiator, whileCounted, precondition };
    const mayDiscard = hasScope(caller, 'event:admin');
    if (readDryRun(request.query)) {
      const forecast = discard
        ? await forecastDiscard(deps, { ...selected, mayDiscard })
        : await forecastUpdate(deps, { ...selected, update });
      return dryRunReply(deps, requireForeseen(forecast));
    }
    if (discard) {
      requireUpdated(await discardGroups(deps, { ...selected, mayDiscard }));
      return { status: 204 };
    }
    const outcome = await updateGroups(deps, { ...selected, update });
    requireUpdated(outcome);
    const [committed] = outcome.issues;
    return { status: 200, ...(await issueDetailReply(deps, request, groupId, committed)) };
  });
};
