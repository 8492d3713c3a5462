import { grants, organizationOf, requireScope } from '../../shared/http/access.ts';
import type { ApiReply, Endpoint } from '../../shared/http/api.ts';
import { bulkConflict, bulkReply } from '../../shared/http/bulk-reply.ts';
import { readBulkParameters, selectBulk } from '../../shared/http/bulk-selection.ts';
import { readInScope, readIssueScope } from '../../shared/http/issue-scope.ts';
import {
  namingOf,
  parseUpdateIssue,
  type UpdateIssueRequest,
} from '../../shared/http/schemas/issues/update-issue.ts';
import { serializeAssignee } from '../../shared/http/serializers/actor.ts';
import type { Initiator } from '../../shared/operations/event-context.ts';
import type { IssuesScope } from '../../shared/operations/issues/delete-issues.ts';
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

/**
 * The issues of one project, or of an organization in some of its projects or all, that are named
 * by `id` parameters or by a query.
 */
export function updateManyIssues(deps: GroupUpdateDeps): Endpoint {
  return async (request) => {
    const { caller, params, query, requestId } = request;
    const { id: organizationId } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'event:write');
    const issueScope = await readIssueScope(deps, request, organizationId);
    const { asked, parameters } = await readInScope(deps, issueScope, () => {
      const asked = parseUpdateIssue(request.body);
      return { asked, parameters: readBulkParameters(query, namingOf(asked), deps.clock()) };
    });
    const { groupIds, truncated } = await selectBulk(deps, request, issueScope, parameters);
    const initiator = { actingUserId: caller.userId, requestId };
    const scope = { ...issueScope, groupIds, truncated, initiator };
    if (!asked.discard) {
      return updateMany(deps, scope, asked);
    }
    return discardMany(deps, { ...scope, mayDiscard: grants(caller.scopes, 'event:admin') });
  };
}

type Selected = IssuesScope & { readonly truncated: boolean; readonly initiator: Initiator };

async function discardMany(
  deps: GroupUpdateDeps,
  scope: Selected & { readonly mayDiscard: boolean },
): Promise<ApiReply> {
  const { matched, updated, conflicting } = await discardGroups(deps, scope);
  return bulkReply(
    { matched, updated: updated.length, conflicting, truncated: scope.truncated },
    { status: scope.truncated ? 200 : 204 },
  );
}

async function updateMany(
  deps: GroupUpdateDeps,
  scope: Selected,
  { update, merge, echo }: UpdateIssueRequest,
): Promise<ApiReply> {
  const { truncated, initiator } = scope;
  if (merge) {
    await requireMergeableIssues(deps, scope);
  }
  const outcome = await updateGroups(deps, { ...scope, update });
  const { matched, updated, changed, conflicting } = outcome;
  const counts = { matched, updated: changed.length, conflicting, truncated };
  if (updated.length === 0) {
    return bulkReply(counts, { status: truncated ? 200 : 204 });
  }
  const answer = { status: 200, body: changes(echo, outcome) };
  if (!merge || conflicting.length > 0) {
    return bulkReply(counts, answer);
  }
  try {
    const merged = await mergeGroups(deps, { groupIds: updated, initiator });
    if (merged === null) {
      return bulkReply(counts, answer);
    }
    const all = new Set([...changed, merged.parent, ...merged.children]);
    return bulkReply(
      { ...counts, updated: all.size },
      { ...answer, body: { ...answer.body, merge: merged } },
    );
  } catch (error) {
    return bulkConflict(counts, error);
  }
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
