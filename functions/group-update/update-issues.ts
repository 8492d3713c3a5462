import type { GroupId } from '../../shared/domain/ids.ts';
import { hasScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import {
  type BulkOutcome,
  bulkConflict,
  bulkReply,
  withOperation,
} from '../../shared/http/bulk/bulk-reply.ts';
import { readBulkParameters, selectBulk } from '../../shared/http/bulk/bulk-selection.ts';
import { dryRunReply, readDryRun } from '../../shared/http/bulk/dry-run.ts';
import type { ApiReply } from '../../shared/http/endpoint.ts';
import { readInScope, readIssueScope } from '../../shared/http/issue-scope.ts';
import {
  namingOf,
  parseUpdateIssue,
  type UpdateIssueRequest,
} from '../../shared/http/schemas/issues/update-issue.ts';
import { serializeAssignee } from '../../shared/http/serializers/actor.ts';
import { serializeActivity } from '../../shared/http/serializers/issues/activity.ts';
import { type BeginRecord, recordBulk } from '../../shared/operations/bulk/bulk-record.ts';
import {
  type Forecast,
  forecastDiscard,
  forecastUpdate,
} from '../../shared/operations/bulk/forecast-issues.ts';
import { type Initiator, partOf } from '../../shared/operations/event-context.ts';
import type { UpdateGroupsOutcome } from '../../shared/operations/issues/commit-updates.ts';
import type { IssuesScope } from '../../shared/operations/issues/delete-issues.ts';
import { discardGroups } from '../../shared/operations/issues/discard-groups.ts';
import {
  mergeGroups,
  requireMergeableIssues,
} from '../../shared/operations/issues/merge-groups.ts';
import { namesOf } from '../../shared/operations/issues/read-issue.ts';
import { readResolutions } from '../../shared/operations/issues/read-resolutions.ts';
import { updateGroups } from '../../shared/operations/issues/update-groups.ts';
import type { GroupUpdateDeps } from './deps.ts';

/**
 * Updates the issues that `id` parameters or a query name, in one project, or in some projects or
 * all of an organization.
 */
export const updateManyIssues: Endpoint<
  'updateProjectIssues' | 'updateOrganizationIssues',
  GroupUpdateDeps
> = async (deps, request) => {
  const { caller, query, body, initiator } = request;
  const issueScope = await readIssueScope(deps, request);
  const { asked, parameters } = await readInScope(deps, issueScope, () => {
    const asked = parseUpdateIssue(body);
    return { asked, parameters: readBulkParameters(query, namingOf(asked), deps.clock()) };
  });
  const issues = await selectBulk(deps, request, issueScope, parameters);
  const mayDiscard = hasScope(caller, 'event:admin');
  const selected = { ...issueScope, ...issues, initiator, mayDiscard };
  if (readDryRun(query)) {
    return dryRunReply(deps, await forecastMany(deps, selected, asked), issues.truncated);
  }
  const { organizationId } = issueScope;
  const kind = asked.discard ? 'delete' : 'update';
  const { merge } = asked;
  const { result, operationId } = await recordBulk<ApiReply>(
    deps,
    {
      ...{ organizationId, kind, initiator, merges: merge },
      endOf: ({ status }) => (merge && status === 409 ? 'failed' : 'done'),
    },
    (begin) =>
      asked.discard
        ? discardMany(deps, { ...selected, begin })
        : updateMany(deps, { ...selected, begin }, asked),
  );
  return withOperation(result, operationId);
};

type Selected = IssuesScope & {
  readonly truncated: boolean;
  readonly initiator: Initiator;
  readonly mayDiscard: boolean;
  readonly begin?: BeginRecord;
};

/** What the update would come to. Throws what the update itself would. */
async function forecastMany(
  deps: GroupUpdateDeps,
  selected: Selected,
  { update, merge, discard }: UpdateIssueRequest,
): Promise<Forecast> {
  if (discard) {
    return forecastDiscard(deps, selected);
  }
  if (merge) {
    await requireMergeableIssues(deps, selected);
  }
  return forecastUpdate(deps, { ...selected, update, merges: merge });
}

async function discardMany(deps: GroupUpdateDeps, selected: Selected): Promise<ApiReply> {
  const { matched, updated, conflicting } = await discardGroups(deps, selected);
  return bulkReply(
    { matched, updated: updated.length, conflicting, truncated: selected.truncated },
    { status: selected.truncated ? 200 : 204 },
  );
}

async function updateMany(
  deps: GroupUpdateDeps,
  selected: Selected,
  { update, merge, echo }: UpdateIssueRequest,
): Promise<ApiReply> {
  const { truncated, initiator } = selected;
  if (merge) {
    await requireMergeableIssues(deps, selected);
  }
  const outcome = await updateGroups(deps, { ...selected, update });
  const { matched, updated, changed, conflicting } = outcome;
  const counts = { matched, updated: changed.length, conflicting, truncated };
  if (updated.length === 0) {
    return bulkReply(counts, { status: truncated ? 200 : 204 });
  }
  const body = { ...bodyOf(echo, outcome), ...(await resolutionOf(deps, outcome)) };
  if (!merge || conflicting.length > 0) {
    return bulkReply(counts, { status: 200, body });
  }
  const merging = partOf(initiator, outcome.operation ?? null);
  return mergeUpdated(deps, { groupIds: updated, initiator: merging }, { counts, changed, body });
}

/** Merges the issues after they have been updated; a conflict leaves them updated and separate. */
async function mergeUpdated(
  deps: GroupUpdateDeps,
  input: { readonly groupIds: readonly GroupId[]; readonly initiator: Initiator },
  {
    counts,
    changed,
    body,
  }: {
    readonly counts: BulkOutcome;
    readonly changed: readonly string[];
    readonly body: Readonly<Record<string, unknown>>;
  },
): Promise<ApiReply> {
  try {
    const merge = await mergeGroups(deps, input);
    if (merge === null) {
      return bulkReply(counts, { status: 200, body });
    }
    const all = new Set([...changed, merge.parent, ...merge.children]);
    return bulkReply({ ...counts, updated: all.size }, { status: 200, body: { ...body, merge } });
  } catch (error) {
    return bulkConflict(counts, error);
  }
}

/** The fields of the request as they were understood, with what the update made of them. */
function bodyOf(
  echo: UpdateIssueRequest['echo'],
  { assignedTo, ownerTeam, statusDetails, shareId }: UpdateGroupsOutcome,
): Record<string, unknown> {
  return {
    ...echo,
    ...(assignedTo === undefined
      ? {}
      : { assignedTo: assignedTo && serializeAssignee(assignedTo) }),
    ...(ownerTeam === undefined ? {} : { ownerTeam: ownerTeam && serializeAssignee(ownerTeam) }),
    ...(statusDetails === undefined ? {} : { statusDetails }),
    ...('isSubscribed' in echo ? { subscriptionDetails: { reason: 'unknown' } } : {}),
    ...(shareId === undefined ? {} : { shareId }),
  };
}

/** What the history says of a single issue that was resolved in a release. */
async function resolutionOf(deps: GroupUpdateDeps, { resolvedInRelease }: UpdateGroupsOutcome) {
  if (resolvedInRelease === undefined) {
    return {};
  }
  const found = await readResolutions(deps, resolvedInRelease);
  const names = await namesOf(
    deps,
    found.flatMap(({ userId }) => (userId === null ? [] : [{ type: 'user', id: userId } as const])),
  );
  return { activity: found.map((activity) => serializeActivity(activity, names)) };
}
