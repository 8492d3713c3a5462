import { formatActor } from '../../domain/actor.ts';
import type { OrganizationId, ProjectId, UserId } from '../../domain/ids.ts';
import type { UserFlagChange } from '../../domain/issues/group-changes.ts';
import type {
  Subscription,
  SubscriptionChange,
  SubscriptionReason,
} from '../../domain/issues/subscription.ts';
import { storedReasons } from '../../domain/issues/subscription.ts';
import type { UserRow } from '../../domain/issues/user-flags.ts';
import {
  allOf,
  anyOf,
  attributeIs,
  attributeIsAbsent,
  attributeIsNot,
  type Condition,
} from '../conditions.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { gsi3 } from '../keys/index-keys.ts';
import { actor } from '../row-fields.ts';
import { flag, nullable, oneOf, optional, read, rowReader, text } from '../rows.ts';
import type { Item } from '../table.ts';
import type { TransactOutcome, Write } from '../transaction.ts';
import { type Changes, updateRow } from '../updates.ts';

/** Which group a row belongs to. */
export type SubscribedGroup = {
  readonly id: string;
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
};

/** What becomes of a user's row: all of it in one write. */
export type UserRowChange = {
  readonly flags?: UserFlagChange | null;
  readonly subscription?: SubscriptionChange;
};

/** A user's row as the table holds it. */
export function userRowItem(group: SubscribedGroup, row: UserRow): Item {
  const { userId, bookmarkedAt, seenAt, subscription } = row;
  const { reason, isActive, dateAdded } = subscription ?? {};
  return {
    ...groupKeys.subscription(group.id, 'user', userId),
    ...baseOf(group, userId),
    ...(subscription && { reason, isActive, dateAdded }),
    ...(bookmarkedAt !== undefined && { bookmarkedAt }),
    ...(seenAt !== undefined && { seenAt }),
    ...(bookmarkedAt ? bookmarkListKeys(group, userId) : {}),
  };
}

/** Reads a user's row. */
export function userRowFromItem(item: Item): UserRow {
  const { subscriber, bookmarkedAt, seenAt } = flagsFromItem(item);
  return { userId: subscriber.id, bookmarkedAt, seenAt, subscription: subscriptionFromItem(item) };
}

const flagsFromItem = rowReader<
  Pick<UserRow, 'bookmarkedAt' | 'seenAt'> & Pick<Subscription, 'subscriber'>
>({
  subscriber: actor,
  bookmarkedAt: optional(nullable(text)),
  seenAt: optional(nullable(text)),
});

/** The subscription of a user's or a team's row; null where it has none. */
export function subscriptionFromItem(item: Item): Subscription | null {
  return item.reason === undefined ? null : readSubscription(item);
}

const readSubscription = rowReader<Subscription>({
  subscriber: actor,
  reason: oneOf(storedReasons),
  isActive: flag,
  dateAdded: text,
});

/** Whether a row is that of a user, and not of a team. */
export function isOfUser(item: Item): boolean {
  return read(item, 'subscriber', actor).type === 'user';
}

/** A bookmark is in the list of those of its user. */
function bookmarkListKeys(
  { id, organizationId }: Pick<SubscribedGroup, 'id' | 'organizationId'>,
  userId: UserId,
) {
  return { gsi1pk: gsi3.bookmarkedBy(organizationId, userId), gsi1sk: id };
}

/**
 * Changes what a user has set of a group. `ensure` makes a subscription without asking first
 * whether there is one. Where the assignment lists its followers, one for holding the group is left
 * from before it did: `ensure` is refused by it, and replaces it where it is said to be `left`.
 */
export function writeUserRow(
  group: SubscribedGroup,
  userId: UserId,
  { flags, subscription }: UserRowChange,
  { now, leftovers = null }: { readonly now: string; readonly leftovers?: Leftovers },
): Write<`subscription of ${string}`> {
  const name = nameOf(userId);
  const parts = [
    { changes: { set: baseOf(group, userId) } },
    { changes: seenChanges(flags?.hasSeen, now) },
    { changes: bookmarkChanges(group, userId, flags?.isBookmarked, now) },
    ...(subscription ? [subscriptionChanges(subscription, now, isLeft(leftovers, name))] : []),
  ];
  const conditions = parts.flatMap(({ condition }: Part) => condition ?? []);
  return {
    name,
    update: updateRow(
      groupKeys.subscription(group.id, 'user', userId),
      together(parts.map(({ changes }) => changes)),
      conditions.length === 0 ? undefined : allOf(...conditions),
    ),
  };
}

/**
 * What is known of subscriptions that are left from before assignments listed their followers: null
 * where they count, else the names of the writes that were refused by one.
 */
export type Leftovers = ReadonlySet<string> | null;

/**
 * Commits writes of users' rows of a group whose assignment lists its followers: first as if
 * nothing were left from before it did, then once more past what refused it. One round trip, seldom
 * two.
 */
export async function pastLeftovers<Name extends string>(
  commit: (leftovers: ReadonlySet<string>) => Promise<TransactOutcome<Name>>,
): Promise<TransactOutcome<Name>> {
  const outcome = await commit(new Set());
  const refused: readonly string[] = outcome.committed ? [] : outcome.refused;
  const leftovers = refused.filter((name) => name.startsWith(SUBSCRIPTION_OF));
  return leftovers.length === 0 ? outcome : commit(new Set(leftovers));
}

const SUBSCRIPTION_OF = 'subscription of ';

/** The name of the write of a user's row. */
const nameOf = (userId: UserId) => `subscription of user:${userId}` as const;

type Part = { readonly changes: Changes; readonly condition?: Condition };

function isLeft(leftovers: Leftovers, name: string): boolean | null {
  return leftovers === null ? null : leftovers.has(name);
}

function seenChanges(hasSeen: boolean | undefined, now: string): Changes {
  return hasSeen === undefined ? {} : { set: { seenAt: hasSeen ? now : null } };
}

function bookmarkChanges(
  group: SubscribedGroup,
  userId: UserId,
  isBookmarked: boolean | undefined,
  now: string,
): Changes {
  if (isBookmarked === undefined) {
    return {};
  }
  return isBookmarked
    ? { set: { bookmarkedAt: now, ...bookmarkListKeys(group, userId) } }
    : { set: { bookmarkedAt: null }, remove: ['gsi1pk', 'gsi1sk'] };
}

function subscriptionChanges(change: SubscriptionChange, now: string, left: boolean | null): Part {
  switch (change.kind) {
    case 'ensure':
      return defaultSubscription(change.reason, now, left);
    case 'put': {
      const { reason, isActive } = change;
      return { changes: { set: { reason, isActive, dateAdded: now } } };
    }
    case 'delete':
      return {
        changes: { remove: ['reason', 'isActive', 'dateAdded'] },
        ...(change.onlyReason === null ? {} : { condition: isNoneBut(change.onlyReason) }),
      };
  }
}

/** Every attribute keeps the value that it has; only a leftover is replaced. */
function defaultSubscription(reason: SubscriptionReason, now: string, left: boolean | null): Part {
  const values = { reason, isActive: true, dateAdded: now };
  if (left === true) {
    return { changes: { set: values }, condition: isLeftover };
  }
  return {
    changes: { setIfAbsent: values },
    ...(left === null ? {} : { condition: isNoLeftover }),
  };
}

/** Spelt so that they can be joined with what a request has read of the same attributes. */
const isLeftover = allOf(attributeIs('reason', 'assigned'), attributeIsNot('isActive', false));
const isNoLeftover = anyOf(attributeIsNot('reason', 'assigned'), attributeIsNot('isActive', true));

/** A subscription that is gone already counts as deleted; one with another reason by now stays. */
function isNoneBut(reason: SubscriptionReason): Condition {
  return anyOf(attributeIsAbsent('reason'), attributeIs('reason', reason));
}

function together(changes: readonly Changes[]): Changes {
  return {
    set: Object.assign({}, ...changes.map(({ set }) => set)),
    setIfAbsent: Object.assign({}, ...changes.map(({ setIfAbsent }) => setIfAbsent)),
    remove: changes.flatMap(({ remove = [] }) => remove),
  };
}

function baseOf({ id, organizationId, projectId }: SubscribedGroup, userId: UserId) {
  return {
    entity: 'subscription',
    groupId: id,
    organizationId,
    projectId,
    subscriber: formatActor({ type: 'user', id: userId }),
  };
}
