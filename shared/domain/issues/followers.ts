import { type Actor, formatActor, sameActor } from '../actor.ts';
import { hasFeature, type Organization, TEAM_WORKFLOW_NOTIFICATIONS } from '../directory.ts';
import type { Assignment } from './assignee.ts';
import type { GroupChanges, GroupFacts } from './group-changes.ts';
import {
  dropSubscription,
  type Subscription,
  type SubscriptionReason,
  subscribe,
} from './subscription.ts';

/**
 * Followers are those who are subscribed for holding a group: they are listed with its assignment.
 * What somebody has chosen themselves is a row of theirs, and counts for more.
 */

/** What of a change depends on who follows the group for holding it. */
export type FollowersUse = {
  /** Who may get the group, null for nobody; absent where it stays whose it is. */
  readonly target?: Actor | null;
  /** Whether it asks for a subscription of the acting user, or for none. */
  readonly isOwn?: boolean;
};

/**
 * Whether an assignment lists its followers. One from before December 2026 does not: there each of
 * them has a subscription with the reason `assigned`.
 */
export function listsFollowers(
  assignment: Assignment | null,
): assignment is Assignment & { readonly followerPages: number } {
  return assignment?.followerPages !== undefined;
}

/** The followers of an assignment that are known with it; null where they have to be read. */
export function followersWith(assignment: Assignment | null): readonly Actor[] | null {
  if ((assignment?.assignee ?? null) === null) {
    return [];
  }
  return listsFollowers(assignment) && assignment.followerPages === 0
    ? (assignment.followers ?? [])
    : null;
}

/** Whether a change cannot be decided on without the followers of this assignment. */
export function needsFollowers(
  assignment: Assignment | null,
  organization: Organization,
  { target, isOwn = false }: FollowersUse,
): boolean {
  const holder = assignment?.assignee ?? null;
  if (holder === null) {
    return false;
  }
  if (target && (sameActor(holder, target) || followsAsOne(organization, target))) {
    return true;
  }
  return isOwn && (listsFollowers(assignment) || target !== undefined);
}

/** Whether an actor is a team that follows as a team, and not as its members. */
export function followsAsOne(organization: Organization, actor: Actor): boolean {
  return actor.type === 'team' && hasFeature(organization, TEAM_WORKFLOW_NOTIFICATIONS);
}

/**
 * Who follows the group of the changes for holding it by now; null where nobody has read it, since
 * nothing of the change depends on it.
 */
export function followersOf({ followers, facts }: GroupChanges): readonly Actor[] | null {
  return followers ?? facts.followers;
}

/** Throws where a decision needs followers that nobody has read. */
export function requireFollowers({ followers, group }: GroupFacts): readonly Actor[] {
  if (followers === null) {
    throw new Error(
      `The followers of the group ${group.id} were not read: say in its FollowersUse what the change asks for.`,
    );
  }
  return followers;
}

/** Those of both lists, each once, in the order in which they are met. */
export function followersTogether(...lists: readonly (readonly Actor[])[]): readonly Actor[] {
  return [...new Map(lists.flat().map((actor) => [formatActor(actor), actor])).values()];
}

/** Whether somebody is among these. */
export function isAmong(actors: readonly Actor[], actor: Actor): boolean {
  return actors.some((one) => sameActor(one, actor));
}

/** Subscribes somebody who does not follow the group for holding it. */
export function subscribeUnlessFollower(
  changes: GroupChanges,
  subscriber: Actor,
  reason: SubscriptionReason,
): GroupChanges {
  if (isAmong(followersOf(changes) ?? [], subscriber)) {
    return changes;
  }
  return { ...changes, subscriptions: subscribe(changes.subscriptions, [subscriber], reason) };
}

/** Ends whatever subscription somebody has, for holding the group as well. */
export function unfollow(changes: GroupChanges, subscriber: Actor): GroupChanges {
  const followers = followersOf(changes) ?? [];
  return {
    ...changes,
    subscriptions: dropSubscription(changes.subscriptions, subscriber),
    followers: isAmong(followers, subscriber)
      ? followers.filter((follower) => !sameActor(follower, subscriber))
      : changes.followers,
  };
}

/**
 * The subscriptions of a group: those that people have made themselves, and beside them those of
 * the followers. `stored` are the rows as they were read.
 */
export function subscriptionsOf(
  stored: readonly Subscription[],
  assignment: Assignment | null,
  followers: readonly Actor[],
): readonly Subscription[] {
  const own = listsFollowers(assignment) ? stored.filter(isChosen) : stored;
  const known = new Set(own.map(({ subscriber }) => formatActor(subscriber)));
  const listed = followers
    .filter((follower) => !known.has(formatActor(follower)))
    .map((follower) => forHolding(follower, assignment));
  return [...own, ...(listsFollowers(assignment) ? listed : [])].sort(byText);
}

/** The same for one of them; null where they have none. */
export function subscriptionOf(
  subscriber: Actor,
  stored: Subscription | null,
  assignment: Assignment | null,
  followers: readonly Actor[],
): Subscription | null {
  const mine = stored === null ? [] : [stored];
  const found = subscriptionsOf(mine, assignment, followers);
  return found.find((one) => sameActor(one.subscriber, subscriber)) ?? null;
}

/**
 * Whether a subscription says anything beside an assignment that lists its followers: one for
 * holding the group is left from before it did.
 */
function isChosen({ reason, isActive }: Subscription): boolean {
  return reason !== 'assigned' || !isActive;
}

function forHolding(subscriber: Actor, assignment: Assignment | null): Subscription {
  return {
    subscriber,
    reason: 'assigned',
    isActive: true,
    dateAdded: assignment?.changedAt ?? '',
  };
}

function byText(a: Subscription, b: Subscription): number {
  return formatActor(a.subscriber) < formatActor(b.subscriber) ? -1 : 1;
}
