import type { UserId } from '../ids.ts';
import type { Assignee } from './assignee.ts';
import { type FollowersUse, subscribeUnlessFollower, unfollow } from './followers.ts';
import type { GroupPriority } from './group.ts';
import { type GroupChanges, type GroupFacts, record, startChanges } from './group-changes.ts';
import { changeInbox, changePriority, changeStatus, type StatusRequest } from './group-status.ts';
import { type AssignedToRequest, handleAssignedTo } from './handle-assigned-to.ts';
import { chooseOwnerTeam } from './owner-team.ts';
import { setSubscription } from './subscription.ts';

/**
 * The changes that one request asks of each of its groups, validated. What is absent stays as it
 * is.
 */
export type GroupUpdate = {
  readonly priority?: GroupPriority;
  readonly status?: StatusRequest;
  readonly assignedTo?: AssignedToRequest;
  /** The team that owns it from now on; null for none. */
  readonly ownerTeam?: Assignee | null;
  readonly hasSeen?: boolean;
  readonly isBookmarked?: boolean;
  readonly isSubscribed?: boolean;
  readonly isPublic?: boolean;
  readonly inbox?: boolean;
};

export type GroupUpdateContext = {
  readonly now: string;
  /**
   * The user who acts; null for an organization's token: then there is nobody to see, bookmark or
   * subscribe.
   */
  readonly actingUserId: UserId | null;
  /**
   * Whether the acting user is in the member set of the group's project: only then do they see it.
   * What they have seen before, anybody may take back.
   */
  readonly actsAsMember: boolean;
  /** The group's place in the request, from 0. */
  readonly position: number;
  /** The id that a new public link of this group will have. */
  readonly shareId: string;
};

/** Decides all that one request does to one group, in the order in which its parts take effect. */
export function decideGroupUpdate(
  facts: GroupFacts,
  update: GroupUpdate,
  context: GroupUpdateContext,
): GroupChanges {
  const steps: readonly Step[] = [
    given(update.priority, changePriority),
    given(update.status, changeStatus),
    given(update.assignedTo, (changes, to) => handleAssignedTo(changes, to, context.position)),
    given(update.ownerTeam, (changes, team) => chooseOwnerTeam(changes, team?.actor.id ?? null)),
    given(seenBy(update.hasSeen, context), markSeen),
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

function seenBy(hasSeen: boolean | undefined, { actsAsMember }: GroupUpdateContext) {
  return hasSeen && !actsAsMember ? undefined : hasSeen;
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
  const flagged = {
    ...changes,
    userFlags: { ...changes.userFlags, userId: user.id, isBookmarked },
  };
  return isBookmarked
    ? subscribeUnlessFollower(flagged, user, 'bookmark')
    : unfollow(flagged, user);
}

function changeSubscription(changes: GroupChanges, isSubscribed: boolean): GroupChanges {
  if (changes.actingUserId === null) {
    return changes;
  }
  const user = { type: 'user', id: changes.actingUserId } as const;
  return { ...changes, subscriptions: setSubscription(changes.subscriptions, user, isSubscribed) };
}

/**
 * An existing public link always ends, a new one has a new id: a link that was once withdrawn never
 * works again.
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

/** What of an update depends on who follows a group for holding it. */
export function followersUseOf(update: GroupUpdate, actingUserId: UserId | null): FollowersUse {
  const { assignedTo, isBookmarked, status } = update;
  const isOwn = isBookmarked !== undefined || status?.status === 'resolved';
  return {
    isOwn: isOwn && actingUserId !== null,
    ...(assignedTo && { target: assignedTo.assignee?.actor ?? null }),
  };
}
