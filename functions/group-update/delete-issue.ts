import type { Endpoint } from '../../shared/http/api.ts';
import { requireUpdated } from '../../shared/http/outcomes.ts';
import { deleteIssues } from '../../shared/operations/issues/delete-issues.ts';
import { findIssue } from '../../shared/operations/lookup/find-issue.ts';
import { findOrganization } from '../../shared/operations/lookup/find-organization.ts';
import type { GroupUpdateDeps } from './deps.ts';

/**
 * Deletes one issue by id or short id, of the organization that the path names or of any that the
 * token reaches.
 */
export const deleteIssue: Endpoint<
  'deleteOrganizationIssue' | 'deleteIssue',
  GroupUpdateDeps
> = async (deps, { organizations, params, initiator, admission }) => {
  const organizationIds = organizations.map(({ id }) => id);
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
