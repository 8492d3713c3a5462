import type { Actor } from '../../domain/actor.ts';
import { type EventRecord, type NewEvent, toEventRecord } from '../../domain/events.ts';
import type { GroupDraft } from '../../domain/issues/group-draft.ts';
import type { SubscriptionChange } from '../../domain/issues/subscription.ts';
import { recordEvent } from '../outbox.ts';
import { type Transact, transactionLimit, type Write } from '../transaction.ts';
import { insertActivity, insertHistory } from './activities.ts';
import { checkAssignment, noteSubscription, putAssignment } from './assignments.ts';
import { checkGroupIsLive, updateGroup } from './groups.ts';
import { writeMarks } from './marks.ts';
import { type SubscribedGroup, writeSubscription } from './subscriptions.ts';

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

/** The names of the writes that a draft may need. */
export type DraftWrite =
  | 'group'
  | 'assignment'
  | 'seen'
  | 'bookmark'
  | `subscription of ${string}`
  | RecordWrite;

export type DraftStore = ReturnType<typeof createDraftStore>;

/** Makes drafts true. */
export function createDraftStore(transact: Transact) {
  return {
    /**
     * Commits all that was decided of a group, or nothing of it. One round trip; none where nothing
     * was decided.
     */
    commit(draft: GroupDraft, context: CommitContext) {
      return transact(writesOfDraft(draft, context));
    },

    /**
     * Writes subscriptions of one group in pages, each of which holds only while the group is live
     * and its assignment is the one that was read. Answers whether all pages held; a group that is
     * gone has nothing left to write.
     */
    async commitSubscriptions(input: {
      readonly group: SubscribedGroup;
      readonly changes: readonly SubscriptionChange[];
      readonly readVersion: number | null;
      readonly now: string;
    }): Promise<boolean> {
      const room = transactionLimit - 2;
      for (let start = 0; start < input.changes.length; start += room) {
        const page = input.changes.slice(start, start + room);
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
 * The one transaction that makes a draft true: the group, the assignment, activities, history,
 * marks, subscriptions and the events that tell of them. A team so large that its members'
 * subscriptions do not fit leaves the rest to an event of its own, committed with the others;
 * `reserved` writes are left free for what commits beside the draft. An empty list means that there
 * is nothing to write.
 */
export function writesOfDraft(
  draft: GroupDraft,
  context: CommitContext,
  reserved = 0,
): Write<DraftWrite>[] {
  const { facts, group } = draft;
  const own = [
    ...(draft.marks === null ? [] : writeMarks(group, draft.marks, draft.now)),
    ...recordsOfDraft(draft, context),
  ];
  const changes = ownFirst([...draft.subscriptions.values()], draft.actingUserId);
  if (own.length === 0 && changes.length === 0 && !groupChanged(draft)) {
    return [];
  }

  const fixed = [
    groupChanged(draft)
      ? updateGroup(
          { group: facts.group, shareId: facts.shareId },
          { group, shareId: draft.shareId },
        )
      : checkGroupIsLive(group.id),
    ...assignmentWrites(draft),
    ...own,
  ];
  const write = (change: SubscriptionChange) => writeSubscription(group, change, draft.now);
  const room = transactionLimit - reserved - fixed.length;
  if (changes.length <= room) {
    return [...fixed, ...changes.map(write)];
  }
  return [
    ...fixed,
    recordEvent(envelope(draft, subscriptionsPending(draft), context)),
    ...changes.slice(0, room - 1).map(write),
  ];
}

/** What a draft adds to the group's records, and the events that tell of it. */
export function recordsOfDraft(draft: GroupDraft, context: CommitContext): Write<RecordWrite>[] {
  const { group } = draft;
  return [
    ...draft.activities.map((activity, position) =>
      insertActivity(group, activity, recordedAt(draft, context, position)),
    ),
    ...draft.history.map((history, position) =>
      insertHistory(group, history, recordedAt(draft, context, position)),
    ),
    ...draft.events.map((event) => recordEvent(envelope(draft, event, context))),
  ];
}

/**
 * Subscriptions that were left out of a draft's transaction: who holds the group now, and who held
 * it before.
 */
function subscriptionsPending(draft: GroupDraft): NewEvent {
  return {
    type: 'issue.subscriptions_pending',
    version: draft.assignment?.version ?? 0,
    data: {
      assignee: draft.assignment?.assignee ?? null,
      previous: draft.facts.assignment?.assignee ?? null,
    },
  };
}

/**
 * The row is written where the decision changed it, and held still where the decision only relied
 * on it.
 */
function assignmentWrites(draft: GroupDraft): Write<'assignment'>[] {
  const { assignment: read } = draft.facts;
  if (draft.assignment !== null && draft.assignment !== read) {
    return [putAssignment(draft.assignment, read)];
  }
  if (read !== null && [...draft.subscriptions.values()].some(isForHolding)) {
    return [noteSubscription(draft.group.id, read.version)];
  }
  const reliesOnIt = draft.events.some((event) => event.type === 'manual.issue_assignment');
  return reliesOnIt ? [checkAssignment(draft.group.id, read?.version ?? null)] : [];
}

/**
 * Whoever decides meanwhile that somebody else holds the group has to know of such a subscription.
 */
function isForHolding(change: SubscriptionChange): boolean {
  return change.kind !== 'delete' && change.reason === 'assigned';
}

function groupChanged(draft: GroupDraft): boolean {
  return draft.group !== draft.facts.group || draft.shareId !== draft.facts.shareId;
}

/** The acting user's own wishes are never what is left for later. */
function ownFirst(
  changes: readonly SubscriptionChange[],
  actingUserId: string | null,
): SubscriptionChange[] {
  const isOwn = (change: SubscriptionChange) =>
    change.subscriber.type === 'user' && change.subscriber.id === actingUserId;
  return [...changes.filter(isOwn), ...changes.filter((change) => !isOwn(change))];
}

/**
 * An assignment's time is never before that of the version it replaces, even where this machine's
 * clock is.
 */
function happenedAt(draft: GroupDraft): string {
  const assignmentChanged = draft.assignment !== draft.facts.assignment;
  return (assignmentChanged ? draft.assignment?.changedAt : undefined) ?? draft.now;
}

function recordedAt(draft: GroupDraft, context: CommitContext, position: number) {
  return { id: context.newId(), dateCreated: happenedAt(draft), position };
}

function envelope(draft: GroupDraft, event: NewEvent, context: CommitContext): EventRecord {
  return toEventRecord(event, {
    eventId: context.newEventId(),
    occurredAt: happenedAt(draft),
    requestId: context.requestId,
    organizationId: draft.group.organizationId,
    projectId: draft.group.projectId,
    groupId: draft.group.id,
    actor: context.actor,
  });
}
