import { limitRate, organizationOf, requireScope } from '../../shared/http/access.ts';
import type { ApiReply, ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { requireUpdated } from '../../shared/http/outcomes.ts';
import { deleteIssues } from '../../shared/operations/issues/delete-issues.ts';
import { findIssue } from '../../shared/operations/lookup/find-issue.ts';
import { findOrganization } from '../../shared/operations/lookup/find-organization.ts';
import type { GroupUpdateDeps } from './deps.ts';

const DELETIONS_PER_SECOND = 10;

/** One issue of an organization, by id or short id. */
export function deleteOrganizationIssue(deps: GroupUpdateDeps): Endpoint {
  return async (request) => {
    const organization = organizationOf(request.caller, request.params.org ?? '');
    return deleteOne(deps, request, [organization.id]);
  };
}

/** One issue of any organization that the token reaches. */
export function deleteIssue(deps: GroupUpdateDeps): Endpoint {
  return async (request) =>
    deleteOne(
      deps,
      request,
      request.caller.organizations.map(({ id }) => id),
    );
}

async function deleteOne(
  deps: GroupUpdateDeps,
  { caller, params, requestId }: ApiRequest,
  organizationIds: readonly string[],
): Promise<ApiReply> {
  requireScope(caller, 'event:admin');
  const admission = limitRate(deps.requestLimiter, caller, 'deleteIssue', DELETIONS_PER_SECOND);
  // Judged beside the reads, before anything is written; until then nobody may be listening for a
  // refusal.
  admission.catch(() => {});
  const groupId = await findIssue(deps, organizationIds, params.issue ?? '');
  const outcome = await deleteIssues(deps, {
    organizationId: await findOrganization(deps, groupId, organizationIds),
    groupIds: [groupId],
    projects: null,
    initiator: { actingUserId: caller.userId, requestId },
    admission,
  });
  requireUpdated(outcome);
  return { status: 202 };
}
