import type { GroupId, ProjectId } from '../ids.ts';
import { changesAssignee, changesRows, type GroupChanges } from '../issues/group-changes.ts';
import type { GroupUpdate } from '../issues/group-update.ts';
import { type SyncConfig, syncConfigOf } from '../sync/config.ts';
import type { Integration } from '../sync/integration.ts';
import { externalStatusFor } from '../sync/status.ts';
import {
  type Family,
  type FamilyVersions,
  type IssueRows,
  type NotedState,
  noteState,
  versionsOf,
} from './noted-state.ts';

/** What a write would come to, counted over its issues. */
export const summaryCounts = [
  'assignments',
  'unassignments',
  'statusChanges',
  'deletions',
  'noChanges',
  'externalWrites',
] as const;
export type Summary = Readonly<Record<(typeof summaryCounts)[number], number>>;

/** The summary of no issue. */
export const NOTHING_COUNTED: Summary = {
  assignments: 0,
  unassignments: 0,
  statusChanges: 0,
  deletions: 0,
  noChanges: 0,
  externalWrites: 0,
};

/** Adds summaries up. */
export function sumOfSummaries(all: readonly Summary[]): Summary {
  const of = (count: keyof Summary) => all.reduce((sum, one) => sum + one[count], 0);
  return {
    assignments: of('assignments'),
    unassignments: of('unassignments'),
    statusChanges: of('statusChanges'),
    deletions: of('deletions'),
    noChanges: of('noChanges'),
    externalWrites: of('externalWrites'),
  };
}

/** What would become of an issue, and the versions that this was said of. */
export type PlannedIssue = {
  readonly groupId: GroupId;
  readonly projectId: ProjectId;
  readonly before: NotedState;
  readonly after: NotedState;
  readonly versions: FamilyVersions;
};

/** The parts of issues that an update is about. */
export function familiesOf({ assignedTo, ownerTeam, status }: GroupUpdate): Family[] {
  return [
    ...(assignedTo === undefined ? [] : (['assignment'] as const)),
    ...(ownerTeam === undefined ? [] : (['ownerTeam'] as const)),
    ...(status === undefined ? [] : (['status'] as const)),
  ];
}

/** An issue as an update that was decided, and is not made, would leave it. */
export function foreseeUpdate(changes: GroupChanges, about: readonly Family[]): PlannedIssue {
  return { ...foreseen(changes.facts), ...statesOf(changes, about) };
}

/** An issue that would be deleted. */
export function foreseeDeletion(rows: IssueRows): PlannedIssue {
  return { ...foreseen(rows), before: {}, after: {} };
}

function foreseen(rows: IssueRows): Omit<PlannedIssue, 'before' | 'after'> {
  const { id: groupId, projectId } = rows.group;
  return { groupId, projectId, versions: versionsOf(rows) };
}

function statesOf(changes: GroupChanges, about: readonly Family[]) {
  return { before: noteState(changes.facts, about), after: noteState(changes, about) };
}

/** What one issue adds to a summary. A reassignment is an assignment. */
export function countUpdate(
  changes: GroupChanges,
  { externalWrites, isMerged }: { readonly externalWrites: number; readonly isMerged: boolean },
): Summary {
  const isHeld = changes.assignment?.assignee != null;
  const isOtherHolder = changesAssignee(changes);
  return {
    ...NOTHING_COUNTED,
    assignments: isOtherHolder && isHeld ? 1 : 0,
    unassignments: isOtherHolder && !isHeld ? 1 : 0,
    statusChanges: changesStatus(changes) ? 1 : 0,
    noChanges: changesRows(changes) || changes.subscriptions.size > 0 || isMerged ? 0 : 1,
    externalWrites,
  };
}

/** What issues that would be deleted add to a summary. */
export function countDeletions(deletions: number): Summary {
  return { ...NOTHING_COUNTED, deletions };
}

/** Whether changes may have something to tell to the trackers that their issue is linked to. */
export function mayTellTrackers(changes: GroupChanges): boolean {
  return changesAssignee(changes) || changesStatus(changes);
}

/** Whether the tracker of an integration would be told of these changes. */
export function isTold(changes: GroupChanges, { config }: Pick<Integration, 'config'>): boolean {
  const switches = syncConfigOf(config);
  return tellsAssignee(changes, switches) || tellsStatus(changes, switches);
}

/** Who is no person has no account in a tracker: under `keep` nothing changes there. */
function tellsAssignee(
  changes: GroupChanges,
  { forwardAssignment, teamPolicy }: SyncConfig,
): boolean {
  const isKept = changes.assignment?.assignee?.type === 'team' && teamPolicy === 'keep';
  return forwardAssignment && changesAssignee(changes) && !isKept;
}

function tellsStatus(changes: GroupChanges, { forwardStatus }: SyncConfig): boolean {
  return (
    forwardStatus && changesStatus(changes) && externalStatusFor(changes.group.status) !== null
  );
}

function changesStatus({ group, facts }: GroupChanges): boolean {
  return group.statusVersion !== facts.group.statusVersion;
}
