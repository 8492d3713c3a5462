import { toEventRecord } from '../../domain/events.ts';
import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import { type Group, isVisible } from '../../domain/issues/group.ts';
import { markForDeletion, markForDiscard } from '../../domain/projects/deletion.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { GroupRemovalStore } from '../../stores/issues/group-removal.ts';
import type { AssignedGroupRow, GroupStore } from '../../stores/issues/groups.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { Write } from '../../stores/transaction.ts';
import type { BeginRecord } from '../bulk/bulk-record.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator, partOf } from '../event-context.ts';
import { findProjects, requireProjects } from '../lookup/find-project.ts';
import { readFollowingMerges } from '../lookup/follow-merges.ts';
import { uncounted, type WhileCounted } from '../while-counted.ts';
import type { RequireIssueState } from './require-issue-state.ts';

export type ReadGroupsDeps = {
  readonly groups: Pick<GroupStore, 'withAssignments' | 'mergedInto'>;
};

export type IssuesInScopeDeps = ReadGroupsDeps & {
  readonly projects: Pick<ProjectStore, 'byIds' | 'bySlug'>;
};

export type DeleteIssuesDeps = IssuesInScopeDeps & {
  readonly groupRemoval: Pick<GroupRemovalStore, 'request'>;
  readonly clock: Clock;
  readonly newEventId: () => string;
};

/** The issues that a request is about. */
export type IssuesScope = {
  readonly organizationId: OrganizationId;
  /** Each once, in the order of the request. */
  readonly groupIds: readonly GroupId[];
  /** The projects that the request is about, by id or slug; null for all of the organization. */
  readonly projects: readonly string[] | null;
  /** Those of them that are there, where they have been read consistently. */
  readonly rows?: readonly AssignedGroupRow[];
  /** Whether an issue that was merged stands for the one that it went into. */
  readonly followsMerges?: boolean;
};

export type DeleteIssuesOutcome = {
  /** How many issues were there to be deleted. */
  readonly matched: number;
  /** The issues that are gone for everybody, in the order of the request. */
  readonly updated: readonly string[];
  /** The issues that others kept changing: nothing was done to them. */
  readonly conflicting: readonly string[];
};

/** Groups changed at the same time. */
const WIDTH = 32;

/**
 * Deletes issues: they are hidden with the commit, their short ids are free, and what
 * belongs to them is removed after the event of each. `requireState` stops the
 * request where an issue is not what it was made for.
 */
export async function deleteIssues(
  deps: DeleteIssuesDeps,
  input: IssuesScope & {
    readonly initiator: Initiator;
    readonly whileCounted?: WhileCounted;
    readonly requireState?: RequireIssueState | undefined;
    /** Whether events that lead to the issues are dropped from now on. */
    readonly isDiscard?: boolean;
    /** Begins to record what becomes of the issues. */
    readonly begin?: BeginRecord;
  },
): Promise<DeleteIssuesOutcome> {
  const { whileCounted = uncounted } = input;
  const rows = await whileCounted(issuesInScope(deps, input));
  const record = (await input.begin?.(rows.length)) ?? null;
  const initiator = partOf(input.initiator, record);
  const outcomes = await mapConcurrently(WIDTH, rows, async (row) => {
    const issue = { groupId: row.group.id, projectId: row.group.projectId };
    const outcome = await requestRemoval(deps, row, {
      ...input,
      initiator,
      ...(record && { outcomeOf: () => record.deleted(issue) }),
    });
    if (outcome === 'gone' || outcome === 'conflict') {
      record?.left(issue, outcome === 'gone' ? 'skipped' : 'failed');
    }
    return outcome;
  });
  const those = (wanted: RemovalOutcome) =>
    rows.filter((_, index) => outcomes[index] === wanted).map(({ group }) => group.id);
  return {
    matched: rows.length,
    updated: those('requested'),
    conflicting: those('conflict'),
  };
}

/**
 * Those of the issues that are there for a caller: visible, of the organization, and of the live
 * projects in question. Throws `resource.not_found` for a project that is not there.
 */
export async function issuesInScope(
  deps: IssuesInScopeDeps,
  scope: IssuesScope,
): Promise<AssignedGroupRow[]> {
  const { organizationId, projects } = scope;
  const [rows, named] = await Promise.all([
    scope.rows ?? readGroups(deps, scope),
    findProjects(deps, organizationId, projects),
  ]);
  const visible = rows.filter(
    ({ group }) =>
      group.organizationId === organizationId &&
      isVisible(group.status) &&
      (named === null || named.includes(group.projectId)),
  );
  const found = await deps.projects.byIds([
    ...new Set([...(named ?? []), ...visible.map(({ group }) => group.projectId)]),
  ]);
  requireProjects(organizationId, named, found);
  return visible.filter(({ group }) => found.get(group.projectId)?.status === 'active');
}

/** The groups of a request that exist, in its order. One round trip for 50 of them. */
export async function readGroups(
  deps: ReadGroupsDeps,
  { groupIds, followsMerges = false }: Pick<IssuesScope, 'groupIds' | 'followsMerges'>,
): Promise<AssignedGroupRow[]> {
  if (followsMerges) {
    return readFollowingMerges(deps, groupIds);
  }
  const rows = await deps.groups.withAssignments(groupIds);
  return groupIds.flatMap((id) => rows.get(id) ?? []);
}

/**
 * `gone`: somebody else has deleted it, or merged it into another. `moved`: it is not as it has to
 * be. `recorded`: its operation has done it already.
 */
export type RemovalOutcome = 'requested' | 'gone' | 'moved' | 'recorded' | 'conflict';

export type RemovalInput = {
  readonly initiator: Initiator;
  readonly requireState?: RequireIssueState | undefined;
  readonly isDiscard?: boolean;
  /** Whether the issue is still what it is to be deleted as. */
  readonly isWanted?: (row: AssignedGroupRow) => boolean;
  /** What an operation records of the deletion, once: committed with it. */
  readonly outcomeOf?: (row: AssignedGroupRow) => Write<'outcome'>;
};

/** Deletes one issue, as it was read or is by now. */
export function requestRemoval(
  deps: Pick<DeleteIssuesDeps, 'groupRemoval' | 'clock' | 'newEventId'> & {
    readonly groups: Pick<GroupStore, 'withAssignments'>;
  },
  row: AssignedGroupRow,
  { initiator, requireState, isDiscard = false, isWanted = () => true, outcomeOf }: RemovalInput,
): Promise<RemovalOutcome> {
  const commit = async (before: AssignedGroupRow): Promise<RemovalOutcome | typeof AGAIN> => {
    const asRead = await requireState?.(before);
    const { group, event, told } = (isDiscard ? markForDiscard : markForDeletion)(before.group);
    const now = deps.clock();
    const context = () => ({ ...eventContext(deps, initiator, now), ...idsOf(group) });
    const outcome = await deps.groupRemoval.request(
      before,
      { group, shareId: null },
      [toEventRecord(event, context()), toEventRecord(told, context())],
      { asRead, outcome: outcomeOf?.(before) },
    );
    const isRecorded = !outcome.committed && outcome.refused.includes('outcome');
    return outcome.committed ? 'requested' : isRecorded ? 'recorded' : AGAIN;
  };
  const decide = async (attempt: number): Promise<RemovalOutcome | typeof AGAIN> => {
    const { id } = row.group;
    const before = attempt === 1 ? row : (await deps.groups.withAssignments([id])).get(id);
    if (before === undefined || !isVisible(before.group.status)) {
      return 'gone';
    }
    return isWanted(before) ? commit(before) : 'moved';
  };
  return redecide(decide, { exhausted: () => 'conflict' });
}

function idsOf({ id: groupId, organizationId, projectId }: Group) {
  return { groupId, organizationId, projectId };
}
