import type { Actor } from '../../domain/actor.ts';
import type { EditableIssue } from '../../domain/editable-state.ts';
import { type EventRecord, type NewEvent, toEventRecord } from '../../domain/events.ts';
import type { UserId } from '../../domain/ids.ts';
import { followersAfter } from '../../domain/issues/followers.ts';
import { changesAssignee, type GroupChanges } from '../../domain/issues/group-changes.ts';
import type { SubscriptionChange } from '../../domain/issues/subscription.ts';
import { onlyAsRead } from '../as-read.ts';
import { recordEvents } from '../outbox.ts';
import { TRANSACTION_LIMIT, type Transact, type Write } from '../transaction.ts';
import { insertActivity } from './activities.ts';
import {
  checkAssignment,
  checkAssignmentIsAsRead,
  listFollowers,
  noteSubscription,
  putAssignment,
} from './assignments.ts';
import { checkGroupIsOpen } from './group-holds.ts';
import { checkGroupIsLive, updateGroup } from './groups.ts';
import { issueAsRead } from './issue-as-read.ts';
import { type SubscribedGroup, writeSubscription } from './subscriptions.ts';
import { writeUserFlags } from './user-flags.ts';

/** What a commit adds to the decision: ids, and who asked. */
export type CommitContext = {
  /** A fresh random number below 2^52, as text. */
  readonly newId: () => string;
  readonly newEventId: () => string;
  readonly requestId: string;
  readonly actor: Actor | null;
};

/** The names of the writes that add to a group's records. */
export type RecordWrite = `activity ${string}` | 'events';

/** The names of the writes that a change set may need. */
export type GroupChangeWrite =
  | 'group'
  | 'assignment'
  | 'seen'
  | 'bookmark'
  | `subscription of ${string}`
  | RecordWrite;

export type GroupChangeStore = ReturnType<typeof createGroupChangeStore>;

/** Turns a change set into DynamoDB writes and commits them. */
export function createGroupChangeStore(transact: Transact) {
  return {
    /**
     * Commits all changes of a group, or none of them. One round trip; none where there is nothing
     * to write. With `asRead` it holds only while all that people edit of the issue is still so.
     */
    commit(changes: GroupChanges, context: CommitContext, asRead?: EditableIssue) {
      const rows = asRead === undefined ? [] : issueAsRead(asRead);
      const writes = writesOfChanges(changes, context, { reserved: rows.length });
      return transact(onlyAsRead(writes, rows));
    },

    /**
     * Writes subscriptions of one group in pages, each of which holds only while the group is live
     * and its assignment is the one that was read. Answers whether all pages held; a group that is
     * gone has nothing left to write.
     */
    async commitSubscriptions(input: {
      readonly group: SubscribedGroup;
      readonly subscriptionChanges: readonly SubscriptionChange[];
      readonly readVersion: number | null;
      readonly now: string;
    }): Promise<boolean> {
      const room = TRANSACTION_LIMIT - 2;
      for (let start = 0; start < input.subscriptionChanges.length; start += room) {
        const page = input.subscriptionChanges.slice(start, start + room);
        const outcome = await transact([
          checkGroupIsLive(input.group.id),
          input.readVersion !== null && page.some(isForHolding)
            ? noteSubscription(input.group.id, input.readVersion)
            : checkAssignment(input.group.id, input.readVersion),
          ...page.map((change) => writeSubscription(input.group, change, input.now)),
        ]);
        if (!outcome.committed) {
          return outcome.refused.includes('group');
        }
      }
      return true;
    },
  };
}

/**
 * The writes of a change set, for one transaction: the group, the assignment, activities,
 * bookmark and seen, subscriptions and events. Where the subscriptions of a large team do not fit,
 * an event that commits with the others has the rest written later. An empty list means that there
 * is nothing to write.
 */
export function writesOfChanges(
  changes: GroupChanges,
  context: CommitContext,
  { reserved = 0, events = [] }: Beside = {},
): Write<GroupChangeWrite>[] {
  const { group } = changes;
  const subscriptionChanges = ownFirst([...changes.subscriptions.values()], changes.actingUserId);
  const recorded = [
    ...(changes.userFlags === null ? [] : writeUserFlags(group, changes.userFlags, changes.now)),
    ...activitiesOfChanges(changes, context),
  ];
  const isEmpty = recorded.length + changes.events.length + subscriptionChanges.length === 0;
  if (isEmpty && !groupChanged(changes)) {
    return [];
  }

  const fixed = [...groupAndAssignment(changes), ...recorded];
  // The record of events is one write, whatever happened.
  const room = TRANSACTION_LIMIT - reserved - fixed.length - 1;
  const isPending = subscriptionChanges.length > room;
  const happened = isPending ? [...changes.events, subscriptionsPending(changes)] : changes.events;
  return [
    ...fixed,
    ...subscriptionChanges
      .slice(0, room)
      .map((change) => writeSubscription(group, change, changes.now)),
    ...recordEvents([...events, ...happened.map((event) => envelope(changes, event, context))]),
  ];
}

/** What a caller commits beside the writes of a change set. */
type Beside = {
  /** So many writes are left free for it. */
  readonly reserved?: number;
  /** Events that go into the record of the change set's own. */
  readonly events?: readonly EventRecord[];
};

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
    insertActivity(changes.group, activity, recordedAt(changes, context, position)),
  );
}

/**
 * The event that has the subscriptions written that did not fit: it names the present assignee and
 * the previous one.
 */
function subscriptionsPending(changes: GroupChanges): NewEvent {
  return {
    type: 'issue.subscriptions_pending',
    version: changes.assignment?.version ?? 0,
    data: {
      assignee: changes.assignment?.assignee ?? null,
      previous: changes.facts.assignment?.assignee ?? null,
    },
  };
}

/**
 * The rows that the change holds at. A deletion and a merge take the assignment's row as well, so a
 * write of it or a check asks for the group too; only where there is none yet is the group checked.
 */
function groupAndAssignment(changes: GroupChanges): Write<'group' | 'assignment'>[] {
  const { facts, group, shareId } = changes;
  const assignment = assignmentWrites(changes);
  if (groupChanged(changes)) {
    const before = { group: facts.group, shareId: facts.shareId };
    return [updateGroup(before, { group, shareId }), ...assignment];
  }
  const isHeldOpen = facts.assignment !== null && assignment.length > 0;
  return isHeldOpen ? assignment : [checkGroupIsOpen(group), ...assignment];
}

/**
 * The assignment's row is written where the decision changed it, and only checked where the
 * decision relied on it.
 */
function assignmentWrites(changes: GroupChanges): Write<'assignment'>[] {
  const { assignment: read } = changes.facts;
  if (changes.assignment !== null && changes.assignment !== read) {
    return [putAssignment(changes.assignment, read, followersAfter(changes))];
  }
  if (read !== null && [...changes.subscriptions.values()].some(isForHolding)) {
    return [listFollowers(read, followersAfter(changes))];
  }
  const reliesOnIt = changes.events.some((event) => event.type === 'manual.issue_assignment');
  return reliesOnIt ? [checkAssignmentIsAsRead(changes.group.id, read)] : [];
}

/** Whether a change subscribes the assignee: a reassignment at the same time has to see it. */
function isForHolding(change: SubscriptionChange): boolean {
  return change.kind !== 'delete' && change.reason === 'assigned';
}

function groupChanged(changes: GroupChanges): boolean {
  return changes.group !== changes.facts.group || changes.shareId !== changes.facts.shareId;
}

/** The acting user's own subscription comes first: it is never among those written later. */
function ownFirst(
  subscriptionChanges: readonly SubscriptionChange[],
  actingUserId: UserId | null,
): SubscriptionChange[] {
  const isOwn = (change: SubscriptionChange) =>
    change.subscriber.type === 'user' && change.subscriber.id === actingUserId;
  return [
    ...subscriptionChanges.filter(isOwn),
    ...subscriptionChanges.filter((change) => !isOwn(change)),
  ];
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
  });
}
