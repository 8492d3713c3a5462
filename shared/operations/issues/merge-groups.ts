import { toEventRecord } from '../../domain/events.ts';
import type { GroupId } from '../../domain/ids.ts';
import { isVisible } from '../../domain/issues/group.ts';
import {
  chooseMerge,
  groupsMerged,
  type Merge,
  mergeActivity,
  mergedAway,
  requireMergeable,
} from '../../domain/issues/merge.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { AssignedGroupRow, GroupStore } from '../../stores/issues/groups.ts';
import type { MergeRequestStore } from '../../stores/issues/merge-requests.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { type IssuesInScopeDeps, type IssuesScope, issuesInScope } from './delete-issues.ts';

export type MergeGroupsDeps = {
  readonly groups: Pick<GroupStore, 'withAssignments'>;
  readonly mergeRequests: Pick<MergeRequestStore, 'request'>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newEventId: () => string;
};

/** Which group took in which others. */
export type MergeOutcome = { readonly parent: string; readonly children: readonly string[] };

type MergeInput = { readonly groupIds: readonly GroupId[]; readonly initiator: Initiator };

/** Children of one transaction; each is two writes. */
const PAGE_SIZE = 45;

/**
 * Holds a request to groups that can be merged, before anything of it is done. Throws
 * `request.invalid`.
 */
export async function requireMergeableIssues(
  deps: IssuesInScopeDeps,
  scope: IssuesScope,
): Promise<void> {
  const rows = await issuesInScope(deps, scope);
  if (rows.length > 1) {
    requireMergeable(rows.map(({ group }) => group));
  }
}

/**
 * Merges groups into the one that was seen most often: the others are out of everybody's sight, and
 * what belongs to them moves after the event. Null where there are not two of them left. Throws
 * `request.invalid` for groups that cannot be merged, and `conflict` where others keep changing
 * them; what is merged by then stays so.
 */
export async function mergeGroups(
  deps: MergeGroupsDeps,
  input: MergeInput,
): Promise<MergeOutcome | null> {
  let outcome: MergeOutcome | null = null;
  let page: Merge | null;
  do {
    page = await mergePage(deps, input, outcome);
    outcome = page === null ? outcome : withPage(outcome, page);
  } while (page !== null);
  return outcome;
}

function withPage(merged: MergeOutcome | null, { primary, children }: Merge): MergeOutcome {
  const ids = children.map(({ id }) => id);
  return { parent: primary.id, children: [...(merged?.children ?? []), ...ids] };
}

/** Merges one more page of the groups; null where nothing is left to merge. */
function mergePage(
  deps: MergeGroupsDeps,
  { groupIds, initiator }: MergeInput,
  merged: MergeOutcome | null,
): Promise<Merge | null> {
  const wanted = groupIds.filter((id) => !merged?.children.includes(id));
  return redecide(async () => {
    const rows = await readVisible(deps, wanted);
    const merge = choose(rows, merged?.parent ?? null);
    if (merge === null) {
      return null;
    }
    const page = { ...merge, children: merge.children.slice(0, PAGE_SIZE) };
    const { committed } = await commit(deps, page, rows, initiator);
    return committed ? page : AGAIN;
  });
}

async function readVisible(
  deps: MergeGroupsDeps,
  groupIds: readonly GroupId[],
): Promise<Map<string, AssignedGroupRow>> {
  const rows = await deps.groups.withAssignments(groupIds);
  const inOrder = groupIds.flatMap((id) => rows.get(id) ?? []);
  return new Map(
    inOrder.filter(({ group }) => isVisible(group.status)).map((row) => [row.group.id, row]),
  );
}

/** The group that has taken in a page already takes in the others as well. */
function choose(rows: ReadonlyMap<string, AssignedGroupRow>, parent: string | null): Merge | null {
  const groups = [...rows.values()].map(({ group }) => group);
  requireMergeable(groups);
  if (parent === null) {
    return chooseMerge(groups);
  }
  const primary = groups.find(({ id }) => id === parent);
  const children = groups.filter(({ id }) => id !== parent);
  return primary === undefined || children.length === 0 ? null : { primary, children };
}

function commit(
  deps: MergeGroupsDeps,
  merge: Merge,
  rows: ReadonlyMap<string, AssignedGroupRow>,
  initiator: Initiator,
) {
  const { primary, children } = merge;
  const now = deps.clock();
  return deps.mergeRequests.request({
    primary,
    children: children.flatMap((group) => {
      const before = rows.get(group.id);
      return before === undefined ? [] : [{ before, after: mergedAway(group) }];
    }),
    activity: mergeActivity(children, initiator.actingUserId),
    at: { id: deps.newId(), dateCreated: now, position: 0 },
    event: toEventRecord(groupsMerged(merge), {
      ...eventContext(deps, initiator, now),
      organizationId: primary.organizationId,
      projectId: primary.projectId,
      groupId: primary.id,
    }),
  });
}
