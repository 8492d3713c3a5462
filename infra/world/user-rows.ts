import { subscriptionItem } from '../../shared/stores/issues/subscriptions.ts';
import { type SubscribedGroup, userRowItem } from '../../shared/stores/issues/user-rows.ts';
import type { Item } from '../../shared/stores/table.ts';
import type { Entry } from './schema.ts';
import type { WorldIndex } from './world-index.ts';

/** Of which group the rows are, and what else the world says of it. */
type OfGroup = {
  readonly group: SubscribedGroup;
  readonly look: WorldIndex;
  readonly now: string;
};

/** What a user sets of a group, in the order in which the nouns are written. */
const nouns = ['subscriptions', 'bookmarks', 'seen'] as const;

/** The row of a subscription; none for holding a group: that is listed with its assignment. */
export function subscriptionRows(entry: Entry<'subscriptions'>, context: OfGroup): Item[] {
  const { user, team, reason, isActive } = entry;
  if (context.look.isFollower(entry)) {
    return [];
  }
  if (user !== undefined) {
    return userRows('subscriptions', { user }, context);
  }
  if (team === undefined) {
    throw new Error('The world has no subscriber: it was not checked.');
  }
  const subscriber = { type: 'team', id: team } as const;
  return [
    subscriptionItem(context.group, { subscriber, reason, isActive, dateAdded: context.now }),
  ];
}

/** All that a user has set of a group is one row: the first noun that says any of it writes it. */
export function userRows(
  noun: (typeof nouns)[number],
  { user }: { readonly user: string },
  { group, look, now }: OfGroup,
): Item[] {
  const { subscriptions, bookmarks, seen } = look.ofUser(group.id, user);
  const own = subscriptions && !look.isFollower(subscriptions) ? subscriptions : undefined;
  const said = { subscriptions: own, bookmarks, seen };
  if (nouns.find((one) => said[one]) !== noun) {
    return [];
  }
  return [
    userRowItem(group, {
      userId: user,
      ...(bookmarks && { bookmarkedAt: now }),
      ...(seen && { seenAt: now }),
      subscription: own
        ? {
            subscriber: { type: 'user', id: user },
            reason: own.reason,
            isActive: own.isActive,
            dateAdded: now,
          }
        : null,
    }),
  ];
}
