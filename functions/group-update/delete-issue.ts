import type { Endpoint } from '../../shared/http/api.ts';
import { answerForIssue } from '../../shared/http/named-issue.ts';
import { requireUpdated } from '../../shared/http/outcomes.ts';
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
  return answerForIssue(deps, request, async (groupId) => {
    const outcome = await deleteIssues(deps, {
      organizationId: await findOrganization(deps, groupId, organizationIds),
      groupIds: [groupId],
      projects: null,
      initiator: request.initiator,
      whileCounted: request.whileCounted,
    });
    requireUpdated(outcome);
    return { status: 202 };
  });
};
