import { limitRate } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { requireUpdated } from '../../shared/http/outcomes.ts';
import { deleteIssues } from '../../shared/operations/issues/delete-issues.ts';
import { findIssue } from '../../shared/operations/lookup/find-issue.ts';
import { findOrganization } from '../../shared/operations/lookup/find-organization.ts';
import type { GroupUpdateDeps } from './deps.ts';

const DELETIONS_PER_SECOND = 10;

/**
 * Deletes one issue by id or short id, of the organization that the path names or of any that the
 * token reaches.
 */
export const deleteIssue: Endpoint<
  'deleteOrganizationIssue' | 'deleteIssue',
  GroupUpdateDeps
> = async (deps, { caller, organizations, params, initiator }) => {
  const organizationIds = organizations.map(({ id }) => id);
  const admission = limitRate(deps.requestLimiter, caller, 'deleteIssue', DELETIONS_PER_SECOND);
  const groupId = await findIssue(deps, organizationIds, params.issue);
  const outcome = await deleteIssues(deps, {
    organizationId: await findOrganization(deps, groupId, organizationIds),
    groupIds: [groupId],
    projects: null,
    initiator,
    admission,
  });
  requireUpdated(outcome);
  return { status: 202 };
};
