import type { Actor } from '../../domain/actor.ts';
import type { EditableIssue } from '../../domain/editable-state.ts';
import { type EventRecord, type NewEvent, toEventRecord } from '../../domain/events.ts';
import type { UserId } from '../../domain/ids.ts';
import type { NewActivity } from '../../domain/issues/activity.ts';
import type { Assignment } from '../../domain/issues/assignee.ts';
import { listsFollowers } from '../../domain/issues/followers.ts';
import { changesAssignee, type GroupChanges } from '../../domain/issues/group-changes.ts';
import { listOrphan } from '../../domain/ownership/orphan.ts';
import { onlyAsRead } from '../as-read.ts';
import { recordEvents } from '../outbox.ts';
import type { Transact, Write } from '../transaction.ts';
import { insertActivity } from './activities.ts';
import {
  checkAssignment,
  checkAssignmentIsAsRead,
  dropFollower,
  putAssignment,
  relistFollowers,
} from './assignments.ts';
import { checkGroupIsOpen } from './group-holds.ts';
import { checkGroupIsLive, updateGroup } from './groups.ts';
import { issueAsRead } from './issue-as-read.ts';
import { listOwnerTeam } from './owner-teams.ts';
import { type Leftovers, pastLeftovers, type UserRowChange, writeUserRow } from './user-rows.ts';

/** What a commit adds to the decision: ids, and who asked. */
export type CommitContext = {
  /** A fresh random number below 2^52, as text. */
  readonly newId: () => string;
  readonly newEventId: () => string;
  readonly requestId: string;
  readonly actor: Actor | null;
  /** The operation that the change is part of. */
  readonly operationId?: string | undefined;
};

/** The names of the writes that add to a group's records. */
export type RecordWrite = `activity ${string}` | 'events';

/** The names of the writes that a change set may need. */
export type GroupChangeWrite =
  | 'group'
  | 'assignment'
  | 'followers'
  | 'owner team'
  | `subscription of ${string}`
  | RecordWrite;

export type GroupChangeStore = ReturnType<typeof createGroupChangeStore>;

/** Turns a change set into DynamoDB writes and commits them. */
export function createGroupChangeStore(transact: Transact) {
  return {
    /**
     * Commits all changes of a group, or none of them. One round trip; none where there is nothing
     * to write. With `asRead` it holds only while all that people edit of the issue is still so;
     * `outcome` is committed with them, or by itself.
     */
    commit(
      changes: GroupChanges,
      context: CommitContext,
      { asRead, outcome }: CommittedBeside = {},
    ) {
      const rows = asRead === undefined ? [] : issueAsRead(asRead);
      const beside = outcome === undefined ? [] : [outcome];
      return pastLeftovers((leftovers) =>
        transact([
          ...onlyAsRead(writesOfChanges(changes, context, { leftovers }), rows),
          ...beside,
        ]),
      );
    },

    /**
     * Has a user follow a group no longer for holding it, while the group is live and its
     * assignment is the one that was read. `list` is the one that has them; an assignment from
     * before December 2026 has none. Answers whether it held; a group that is gone needs nothing.
     */
    async unfollow(input: {
      readonly assignment: Assignment;
      readonly userId: UserId;
      readonly list: readonly Actor[];
      readonly now: string;
    }): Promise<boolean> {
      const { assignment, userId, list, now } = input;
      const { groupId: id, organizationId, projectId } = assignment;
      const subscriber: Actor = { type: 'user', id: userId };
      const subscription = { kind: 'delete', subscriber, onlyReason: 'assigned' } as const;
      const outcome = await transact<GroupChangeWrite>([
        checkGroupIsLive(id),
        ...(listsFollowers(assignment)
          ? dropFollower(assignment, subscriber, list)
          : [
              checkAssignment(id, assignment.version),
              writeUserRow({ id, organizationId, projectId }, userId, { subscription }, { now }),
            ]),
      ]);
      return outcome.committed || outcome.refused.includes('group');
    },
  };
}

/**
 * The writes of a change set, for one transaction: the group, the assignment and its followers,
 * activities, what users set of the group, and events. An empty list means that there is nothing to
 * write.
 */
export function writesOfChanges(
  decided: GroupChanges,
  context: CommitContext,
  { events = [], leftovers = null }: Beside = {},
): Write<GroupChangeWrite>[] {
  const changes = listOrphan(decided);
  const recorded = [...userRowWrites(changes, leftovers), ...activitiesOfChanges(changes, context)];
  const isSameAssignment = changes.assignment === changes.facts.assignment;
  const isEmpty = recorded.length + changes.events.length === 0 && changes.followers === null;
  if (isEmpty && isSameAssignment && !groupChanged(changes)) {
    return [];
  }
  const happened = changes.events.map((event) => envelope(changes, event, context));
  return [...groupAndAssignment(changes), ...recorded, ...recordEvents([...events, ...happened])];
}

/** What a commit of a change set holds at, and what is written with it. */
type CommittedBeside = {
  readonly asRead?: EditableIssue | undefined;
  readonly outcome?: Write<'outcome'> | undefined;
};

/** What a caller commits beside the writes of a change set. */
type Beside = {
  /** Events that go into the record of the change set's own. */
  readonly events?: readonly EventRecord[];
  readonly leftovers?: Leftovers;
};

/** What users set of the group, one write a user. Only users make subscriptions themselves. */
function userRowWrites(
  changes: GroupChanges,
  leftovers: Leftovers,
): Write<`subscription of ${string}`>[] {
  const { group, userFlags, now } = changes;
  const rows = new Map<UserId, UserRowChange>();
  if (userFlags !== null) {
    rows.set(userFlags.userId, { flags: userFlags });
  }
  for (const subscription of changes.subscriptions.values()) {
    const { id } = subscription.subscriber;
    rows.set(id, { ...rows.get(id), subscription });
  }
  const isListed = changes.followers !== null || listsFollowers(changes.facts.assignment);
  return [...rows].map(([userId, row]) =>
    writeUserRow(group, userId, row, { now, leftovers: isListed ? leftovers : null }),
  );
}

/** The activities and events of a change set. */
export function recordsOfChanges(
  changes: GroupChanges,
  context: CommitContext,
): Write<RecordWrite>[] {
  return [
    ...activitiesOfChanges(changes, context),
    ...recordEvents(changes.events.map((event) => envelope(changes, event, context))),
  ];
}

function activitiesOfChanges(changes: GroupChanges, context: CommitContext) {
  return changes.activities.map((activity, position) =>
    insertActivity(
      changes.group,
      partOf(activity, context),
      recordedAt(changes, context, position),
    ),
  );
}

/** An activity that tells which operation it is part of. */
function partOf(activity: NewActivity, { operationId }: CommitContext): NewActivity {
  return operationId === undefined
    ? activity
    : { ...activity, data: { ...activity.data, operationId } };
}

/**
 * The rows that the change holds at. A deletion and a merge take the assignment's row as well, so a
 * write of it or a check asks for the group too; only where there is none yet is the group checked.
 */
function groupAndAssignment(
  changes: GroupChanges,
): Write<'group' | 'assignment' | 'followers' | 'owner team'>[] {
  const { facts, group, shareId } = changes;
  const assignment = assignmentWrites(changes);
  if (groupChanged(changes)) {
    const before = { group: facts.group, shareId: facts.shareId };
    const isOwnedElse = group.ownerTeam?.teamId !== facts.group.ownerTeam?.teamId;
    return [
      updateGroup(before, { group, shareId }),
      ...(isOwnedElse ? [listOwnerTeam(group)] : []),
      ...assignment,
    ];
  }
  const isHeldOpen = facts.assignment !== null && assignment.length > 0;
  return isHeldOpen ? assignment : [checkGroupIsOpen(group), ...assignment];
}

/**
 * The assignment's row is written where the decision changed it or its followers, and only checked
 * where the decision relied on it.
 */
function assignmentWrites(changes: GroupChanges): Write<'assignment' | 'followers'>[] {
  const { assignment: read } = changes.facts;
  if (changes.assignment !== null && changes.assignment !== read) {
    return putAssignment(changes.assignment, read, changes.followers);
  }
  if (read !== null && changes.followers !== null) {
    return relistFollowers(read, changes.followers);
  }
  const reliesOnIt = changes.events.some((event) => event.type === 'manual.issue_assignment');
  return reliesOnIt ? [checkAssignmentIsAsRead(changes.group.id, read)] : [];
}

function groupChanged(changes: GroupChanges): boolean {
  return changes.group !== changes.facts.group || changes.shareId !== changes.facts.shareId;
}

/**
 * An assignment's time is never before that of the version it replaces, even where this machine's
 * clock is.
 */
function happenedAt(changes: GroupChanges): string {
  return (changesAssignee(changes) ? changes.assignment?.changedAt : undefined) ?? changes.now;
}

function recordedAt(changes: GroupChanges, context: CommitContext, position: number) {
  return { id: context.newId(), dateCreated: happenedAt(changes), position };
}

function envelope(changes: GroupChanges, event: NewEvent, context: CommitContext): EventRecord {
  return toEventRecord(event, {
    eventId: context.newEventId(),
    occurredAt: happenedAt(changes),
    requestId: context.requestId,
    organizationId: changes.group.organizationId,
    projectId: changes.group.projectId,
    groupId: changes.group.id,
    linked: changes.group.linked,
    actor: context.actor,
    operationId: context.operationId,
  });
}
