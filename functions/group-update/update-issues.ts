import { grants, organizationOf, requireScope } from '../../shared/http/access.ts';
import type { ApiReply, ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { selectBulk } from '../../shared/http/bulk-selection.ts';
import { requireNoConflict } from '../../shared/http/outcomes.ts';
import { parseUpdateIssue } from '../../shared/http/schemas/issues/update-issue.ts';
import { serializeAssignee } from '../../shared/http/serializers/actor.ts';
import { discardGroups } from '../../shared/operations/issues/discard-groups.ts';
import {
  mergeGroups,
  requireMergeableIssues,
} from '../../shared/operations/issues/merge-groups.ts';
import {
  type UpdateGroupsOutcome,
  updateGroups,
} from '../../shared/operations/issues/update-groups.ts';
import type { GroupUpdateDeps } from './deps.ts';

/** The issues of one project that are named by `id` parameters or by a query. */
export function updateProjectIssues(deps: GroupUpdateDeps): Endpoint {
  return async (request) => updateMany(deps, request, [request.params.project ?? '']);
}

/** The issues of an organization, of some of its projects or all, that are named by `id` parameters or by a query. */
export function updateOrganizationIssues(deps: GroupUpdateDeps): Endpoint {
  return async (request) => {
    const named = request.query.getAll('project').filter((project) => project !== '-1');
    return updateMany(deps, request, named.length === 0 ? null : named);
  };
}

async function updateMany(
  deps: GroupUpdateDeps,
  request: ApiRequest,
  projects: readonly string[] | null,
): Promise<ApiReply> {
  const { caller } = request;
  const { id: organizationId } = organizationOf(caller, request.params.org ?? '');
  requireScope(caller, 'event:write');
  const { update, merge, discard, echo } = parseUpdateIssue(request.body);
  const { groupIds, truncated } = await selectBulk(deps, request, { organizationId, projects });
  const headers: Record<string, string> = truncated ? { 'X-Baton-Truncated': 'true' } : {};
  const initiator = { actingUserId: caller.userId, requestId: request.requestId };
  const asked = { organizationId, groupIds, projects, initiator };
  if (discard) {
    const mayDiscard = grants(caller.scopes, 'event:admin');
    requireNoConflict(await discardGroups(deps, { ...asked, mayDiscard }));
    return { status: 204, headers };
  }
  if (merge) await requireMergeableIssues(deps, asked);
  const outcome = await updateGroups(deps, { ...asked, update });
  requireNoConflict(outcome);
  if (outcome.updated.length === 0) return { status: 204, headers };
  const merged = merge ? await mergeGroups(deps, { groupIds: outcome.updated, initiator }) : null;
  return {
    status: 200,
    headers,
    body: { ...changes(echo, outcome), ...(merged && { merge: merged }) },
  };
}

/** What was asked, as it was understood, with what became of it. */
function changes(
  echo: Readonly<Record<string, unknown>>,
  outcome: UpdateGroupsOutcome,
): Record<string, unknown> {
  const { assignedTo, statusDetails, shareId, activity } = outcome;
  const wasReviewed = echo.status === 'resolved' || echo.status === 'ignored';
  return {
    ...echo,
    ...(assignedTo === undefined
      ? {}
      : { assignedTo: assignedTo && serializeAssignee(assignedTo) }),
    ...(statusDetails === undefined ? {} : { statusDetails }),
    ...(wasReviewed ? { inbox: null } : {}),
    ...('isSubscribed' in echo ? { subscriptionDetails: { reason: 'unknown' } } : {}),
    ...(shareId === undefined ? {} : { shareId }),
    ...(activity === undefined ? {} : { activity }),
  };
}
