import { grants, limitRate, organizationOf, requireScope } from '../../shared/http/access.ts';
import type { ApiReply, ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { issueDetailReply } from '../../shared/http/issue-detail.ts';
import { requireUpdated } from '../../shared/http/outcomes.ts';
import { parseUpdateIssue } from '../../shared/http/schemas/issues/update-issue.ts';
import { discardGroups } from '../../shared/operations/issues/discard-groups.ts';
import { updateGroups } from '../../shared/operations/issues/update-groups.ts';
import { findIssue } from '../../shared/operations/lookup/find-issue.ts';
import { findOrganization } from '../../shared/operations/lookup/find-organization.ts';
import type { GroupUpdateDeps } from './deps.ts';

const UPDATES_PER_SECOND = 10;

/** One issue of an organization, by id or short id. */
export function updateOrganizationIssue(deps: GroupUpdateDeps): Endpoint {
  return async (request) => {
    const organization = organizationOf(request.caller, request.params.org ?? '');
    return updateOne(deps, request, [organization.id]);
  };
}

/** One issue of any organization that the token reaches. */
export function updateIssue(deps: GroupUpdateDeps): Endpoint {
  return async (request) =>
    updateOne(
      deps,
      request,
      request.caller.organizations.map(({ id }) => id),
    );
}

async function updateOne(
  deps: GroupUpdateDeps,
  request: ApiRequest,
  organizationIds: readonly string[],
): Promise<ApiReply> {
  const { caller } = request;
  requireScope(caller, 'event:write');
  const { update, discard } = parseUpdateIssue(request.body);
  const admission = limitRate(deps.requestLimiter, caller, 'updateIssue', UPDATES_PER_SECOND);
  // Judged beside the reads, before anything is written; until then nobody may be listening for a
  // refusal.
  admission.catch(() => {});
  const groupId = await findIssue(deps, organizationIds, request.params.issue ?? '');
  const organizationId = await findOrganization(deps, groupId, organizationIds);
  const initiator = { actingUserId: caller.userId, requestId: request.requestId };
  const asked = { organizationId, groupIds: [groupId], projects: null, initiator, admission };
  if (discard) {
    const mayDiscard = grants(caller.scopes, 'event:admin');
    requireUpdated(await discardGroups(deps, { ...asked, mayDiscard }));
    return { status: 204 };
  }
  const outcome = await updateGroups(deps, { ...asked, update });
  requireUpdated(outcome);
  const [committed] = outcome.issues;
  return {
    status: 200,
    body: await issueDetailReply(deps, {
      organizationId,
      groupId,
      caller,
      baseUrl: request.baseUrl,
      ...(committed && { committed }),
    }),
  };
}
