import type { GroupPriority } from './group.ts';
import { type GroupChanges, type GroupFacts, record, startChanges } from './group-changes.ts';
import { changeInbox, changePriority, changeStatus, type StatusRequest } from './group-status.ts';
import { type AssignedToRequest, handleAssignedTo } from './handle-assigned-to.ts';
import { dropSubscription, setSubscription, subscribe } from './subscription.ts';

/** A validated update of groups. Absent fields stay as they are. */
export type GroupUpdate = {
  readonly priority?: GroupPriority;
  readonly status?: StatusRequest;
  readonly assignedTo?: AssignedToRequest;
  readonly hasSeen?: boolean;
  readonly isBookmarked?: boolean;
  readonly isSubscribed?: boolean;
  readonly isPublic?: boolean;
  readonly inbox?: boolean;
};

export type GroupUpdateContext = {
  readonly now: string;
  /**
   * The acting user; null for an organization's token, which has no own seen flag, bookmark or
   * subscription.
   */
  readonly actingUserId: string | null;
  /** Whether the acting user is a member of the group's project. `hasSeen` of others is ignored. */
  readonly actsAsMember: boolean;
  /** The group's index in the request, from 0. */
  readonly position: number;
  /** The id for a new public link of this group. */
  readonly shareId: string;
};

/** Applies an update to one group, part by part in this order. */
export function decideGroupUpdate(
  facts: GroupFacts,
  update: GroupUpdate,
  context: GroupUpdateContext,
): GroupChanges {
  const steps: readonly Step[] = [
    given(update.priority, changePriority),
    given(update.status, changeStatus),
    given(update.assignedTo, (changes, to) => handleAssignedTo(changes, to, context.position)),
    given(context.actsAsMember ? update.hasSeen : undefined, markSeen),
    given(update.isBookmarked, bookmark),
    given(update.isSubscribed, changeSubscription),
    given(update.isPublic, (changes, isPublic) =>
      share(changes, isPublic ? context.shareId : null),
    ),
    given(update.inbox, changeInbox),
  ];
  return steps.reduce((changes, step) => step(changes), startChanges(facts, context));
}

type Step = (changes: GroupChanges) => GroupChanges;

/** The step for one part of the request; without that part it changes nothing. */
function given<Part>(
  part: Part | undefined,
  step: (changes: GroupChanges, part: Part) => GroupChanges,
): Step {
  return (changes) => (part === undefined ? changes : step(changes, part));
}

function markSeen(changes: GroupChanges, hasSeen: boolean): GroupChanges {
  if (changes.actingUserId === null) {
    return changes;
  }
  return { ...changes, userFlags: { ...changes.userFlags, userId: changes.actingUserId, hasSeen } };
}

function bookmark(changes: GroupChanges, isBookmarked: boolean): GroupChanges {
  if (changes.actingUserId === null) {
    return changes;
  }
  const user = { type: 'user', id: changes.actingUserId } as const;
  return {
    ...changes,
    userFlags: { ...changes.userFlags, userId: user.id, isBookmarked },
    subscriptions: isBookmarked
      ? subscribe(changes.subscriptions, [user], 'bookmark')
      : dropSubscription(changes.subscriptions, user),
  };
}

function changeSubscription(changes: GroupChanges, isSubscribed: boolean): GroupChanges {
  if (changes.actingUserId === null) {
    return changes;
  }
  const user = { type: 'user', id: changes.actingUserId } as const;
  return { ...changes, subscriptions: setSubscription(changes.subscriptions, user, isSubscribed) };
}

/**
 * An existing public link always ends, and a new one gets a new id: a withdrawn link never works
 * again.
 */
function share(changes: GroupChanges, shareId: string | null): GroupChanges {
  let next: GroupChanges = { ...changes, shareId };
  if (changes.shareId !== null) {
    next = record(next, {
      activity: { type: 'set_private', userId: changes.actingUserId, data: null },
    });
  }
  if (shareId !== null) {
    next = record(next, {
      activity: { type: 'set_public', userId: changes.actingUserId, data: null },
    });
  }
  return next;
}
