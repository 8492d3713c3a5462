import { formatActor } from '../../domain/actor.ts';
import { followersOf, subscriptionsOf } from '../../domain/issues/followers.ts';
import type { GroupChanges } from '../../domain/issues/group-changes.ts';
import type { Subscription, SubscriptionChange } from '../../domain/issues/subscription.ts';
import type { UserFlags } from '../../domain/issues/user-flags.ts';
import type { Project } from '../../domain/projects/project.ts';

/**
 * An issue as an update left it, with the project that it was in: it may have been merged or
 * deleted since.
 */
export type CommittedIssue = { readonly changes: GroupChanges; readonly project: Project };

/**
 * What is read of an issue beside its own rows, and what a merge or a deletion takes away before it
 * can be read.
 */
type Surroundings = {
  readonly subscriptions: readonly Subscription[];
  readonly userFlags: UserFlags;
};

/** Puts back what the update itself wrote of an issue's surroundings. */
export function withCommitted(
  { changes }: CommittedIssue,
  read: Surroundings,
  callerUserId: string | null,
): Surroundings {
  const { userFlags } = changes;
  const own = userFlags !== null && userFlags.userId === callerUserId ? userFlags : null;
  const subscriptions = [...changes.subscriptions.values()].reduce(
    (rows, change) => applyChange(rows, change, changes.now),
    read.subscriptions,
  );
  const followers = followersOf(changes) ?? [];
  const listed = changes.assignment && { ...changes.assignment, followerPages: 0 };
  return {
    subscriptions:
      changes.followers === null
        ? subscriptions
        : subscriptionsOf(subscriptions, listed, followers),
    userFlags: {
      hasSeen: own?.hasSeen ?? read.userFlags.hasSeen,
      isBookmarked: own?.isBookmarked ?? read.userFlags.isBookmarked,
    },
  };
}

function applyChange(
  rows: readonly Subscription[],
  change: SubscriptionChange,
  now: string,
): readonly Subscription[] {
  const key = formatActor(change.subscriber);
  const isOther = ({ subscriber }: Subscription) => formatActor(subscriber) !== key;
  if (change.kind === 'delete') {
    return rows.filter(isOther);
  }
  if (change.kind === 'ensure' && !rows.every(isOther)) {
    return rows;
  }
  const { subscriber, reason } = change;
  const isActive = change.kind === 'ensure' || change.isActive;
  return [...rows.filter(isOther), { subscriber, reason, isActive, dateAdded: now }];
}
