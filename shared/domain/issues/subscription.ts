import { type Actor, formatActor } from '../actor.ts';

/** Why somebody is subscribed, as it is stored, with the number that Sentry gives it. */
export const subscriptionReasons = {
  unknown: 0,
  comment: 1,
  assigned: 2,
  bookmark: 3,
  status_change: 4,
  deploy_setting: 5,
  mentioned: 6,
  team_mentioned: 7,
} as const;

export type SubscriptionReason = keyof typeof subscriptionReasons;

/** The words that `subscriptionDetails.reason` says for each stored reason. */
export const subscriptionReasonLabels: Readonly<Record<SubscriptionReason, string>> = {
  unknown: 'unknown',
  comment: 'commented',
  assigned: 'assigned',
  bookmark: 'bookmarked',
  status_change: 'changed_status',
  deploy_setting: 'deploy_setting',
  mentioned: 'mentioned',
  team_mentioned: 'team_mentioned',
};

export type Subscription = {
  readonly subscriber: Actor;
  readonly reason: SubscriptionReason;
  readonly isActive: boolean;
  readonly dateAdded: string;
};

/** The reasons that a subscription can be stored with. */
export const storedReasons = Object.keys(subscriptionReasons).filter(isReason);

function isReason(name: string): name is SubscriptionReason {
  return Object.hasOwn(subscriptionReasons, name);
}

/**
 * What will happen to a subscription that somebody makes themselves, whatever number of steps asked
 * for it. `ensure` makes an active one unless there is one, of whatever reason, active or not:
 * somebody who unsubscribed stays unsubscribed. `put` overwrites. `delete` with `onlyReason` holds
 * only while it still has that reason.
 */
export type SubscriptionChange =
  | { readonly kind: 'ensure'; readonly subscriber: Actor; readonly reason: SubscriptionReason }
  | {
      readonly kind: 'put';
      readonly subscriber: Actor;
      readonly reason: SubscriptionReason;
      readonly isActive: boolean;
    }
  | {
      readonly kind: 'delete';
      readonly subscriber: Actor;
      readonly onlyReason: SubscriptionReason | null;
    };

/**
 * The changes of one group's subscriptions, at most one a subscriber, by the subscriber's text
 * form.
 */
export type SubscriptionChanges = ReadonlyMap<string, SubscriptionChange>;

export const noSubscriptionChanges: SubscriptionChanges = new Map();

/** Subscribes each one who has no row yet. */
export function subscribe(
  changes: SubscriptionChanges,
  subscribers: readonly Actor[],
  reason: SubscriptionReason,
): SubscriptionChanges {
  const next = new Map(changes);
  for (const subscriber of subscribers) {
    const key = formatActor(subscriber);
    const before = next.get(key);
    if (before === undefined) {
      next.set(key, { kind: 'ensure', subscriber, reason });
    } else if (before.kind === 'delete') {
      next.set(key, { kind: 'put', subscriber, reason, isActive: true });
    }
  }
  return next;
}

/** Sets a subscriber's row to what they asked for, whatever it was. */
export function setSubscription(
  changes: SubscriptionChanges,
  subscriber: Actor,
  isActive: boolean,
): SubscriptionChanges {
  return new Map(changes).set(formatActor(subscriber), {
    kind: 'put',
    subscriber,
    reason: 'unknown',
    isActive,
  });
}

/** Removes a subscriber's row, whatever its reason. */
export function dropSubscription(
  changes: SubscriptionChanges,
  subscriber: Actor,
): SubscriptionChanges {
  return new Map(changes).set(formatActor(subscriber), {
    kind: 'delete',
    subscriber,
    onlyReason: null,
  });
}
