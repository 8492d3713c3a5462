import type { Actor } from '../../domain/actor.ts';
import type { EditableIssue } from '../../domain/editable-state.ts';
import { type EventRecord, type NewEvent, toEventRecord } from '../../domain/events.ts';
import type { UserId } from '../../domain/ids.ts';
import type { GroupChanges } from '../../domain/issues/group-changes.ts';
import type { SubscriptionChange } from '../../domain/issues/subscription.ts';
import { onlyAsRead } from '../as-read.ts';
import { recordEvent } from '../outbox.ts';
import { TRANSACTION_LIMIT, type Transact, type Write } from '../transaction.ts';
import { insertActivity, insertHistory } from './activities.ts';
import { checkAssignment, noteSubscription, putAssignment } from './assignments.ts';
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
export type RecordWrite = `activity ${string}` | `history ${string}` | `event ${string}`;

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
      return transact(onlyAsRead(writesOfChanges(changes, context, rows.length), rows));
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
 * The writes of a change set, for one transaction: the group, the assignment, activities, history,
 * bookmark and seen, subscriptions and events. Where the subscriptions of a large team do not fit,
 * an event that commits with the others has the rest written later. `reserved` writes are left free
 * for what the caller commits beside them. An empty list means that there is nothing to write.
 */
export function writesOfChanges(
  changes: GroupChanges,
  context: CommitContext,
  reserved = 0,
): Write<GroupChangeWrite>[] {
  const { facts, group } = changes;
  const own = [
    ...(changes.userFlags === null ? [] : writeUserFlags(group, changes.userFlags, changes.now)),
    ...recordsOfChanges(changes, context),
  ];
  const subscriptionChanges = ownFirst([...changes.subscriptions.values()], changes.actingUserId);
  if (own.length === 0 && subscriptionChanges.length === 0 && !groupChanged(changes)) {
    return [];
  }

  const fixed = [
    groupChanged(changes)
      ? updateGroup(
          { group: facts.group, shareId: facts.shareId },
          { group, shareId: changes.shareId },
        )
      : checkGroupIsLive(group.id),
    ...assignmentWrites(changes),
    ...own,
  ];
  const write = (change: SubscriptionChange) => writeSubscription(group, change, changes.now);
  const room = TRANSACTION_LIMIT - reserved - fixed.length;
  if (subscriptionChanges.length <= room) {
    return [...fixed, ...subscriptionChanges.map(write)];
  }
  return [
    ...fixed,
    recordEvent(envelope(changes, subscriptionsPending(changes), context)),
    ...subscriptionChanges.slice(0, room - 1).map(write),
  ];
}

/** The activities, history and events of a change set. */
export function recordsOfChanges(
  changes: GroupChanges,
  context: CommitContext,
): Write<RecordWrite>[] {
  const { group } = changes;
  return [
    ...changes.activities.map((activity, position) =>
      insertActivity(group, activity, recordedAt(changes, context, position)),
    ),
    ...changes.history.map((history, position) =>
      insertHistory(group, history, recordedAt(changes, context, position)),
    ),
    ...changes.events.map((event) => recordEvent(envelope(changes, event, context))),
  ];
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
 * The assignment's row is written where the decision changed it, and only checked where the
 * decision relied on it.
 */
function assignmentWrites(changes: GroupChanges): Write<'assignment'>[] {
  const { assignment: read } = changes.facts;
  if (changes.assignment !== null && changes.assignment !== read) {
    return [putAssignment(changes.assignment, read)];
  }
  if (read !== null && [...changes.subscriptions.values()].some(isForHolding)) {
    return [noteSubscription(changes.group.id, read.version)];
  }
  const reliesOnIt = changes.events.some((event) => event.type === 'manual.issue_assignment');
  return reliesOnIt ? [checkAssignment(changes.group.id, read?.version ?? null)] : [];
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
  const assignmentChanged = changes.assignment !== changes.facts.assignment;
  return (assignmentChanged ? changes.assignment?.changedAt : undefined) ?? changes.now;
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
    actor: context.actor,
  });
}
