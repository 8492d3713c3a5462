import type { UserId } from '../ids.ts';
import type { Subscription } from './subscription.ts';

/** Whether one user has bookmarked and seen one group. */
export type UserFlags = { readonly isBookmarked: boolean; readonly hasSeen: boolean };

/** The same with the subscription that the user has made; null for none. */
export type OwnFlags = UserFlags & { readonly subscription: Subscription | null };

/**
 * What a user has set of a group, in one row: the time of the bookmark and of the last view, null
 * where they were taken back, and the subscription, null for none. Where a time is absent, a row
 * from before December 2026 may have it.
 */
export type UserRow = {
  readonly userId: UserId;
  readonly bookmarkedAt?: string | null | undefined;
  readonly seenAt?: string | null | undefined;
  readonly subscription: Subscription | null;
};

/** Views and bookmarks of a group from before December 2026, each in a row of its own. */
export type SetBefore = {
  readonly seen: ReadonlyMap<UserId, string>;
  readonly bookmarkedBy: ReadonlySet<UserId>;
};

/** Of a user who has never set anything of a group. */
export const NOTHING_SET: OwnFlags = { isBookmarked: false, hasSeen: false, subscription: null };

/** Of a group that has no rows from before December 2026. */
export const NOTHING_BEFORE: SetBefore = { seen: new Map(), bookmarkedBy: new Set() };

/** What a user has set of a group. What their row does not say, rows from before it say. */
export function flagsOf(
  row: UserRow | undefined,
  before: { readonly isBookmarked: boolean; readonly hasSeen: boolean },
): OwnFlags {
  return {
    isBookmarked: isSet(row?.bookmarkedAt, before.isBookmarked),
    hasSeen: isSet(row?.seenAt, before.hasSeen),
    subscription: row?.subscription ?? null,
  };
}

/** The same of one user, of what all of them have set. */
export function flagsOfUser(userId: UserId, rows: readonly UserRow[], before: SetBefore): OwnFlags {
  const row = rows.find((one) => one.userId === userId);
  return flagsOf(row, {
    isBookmarked: before.bookmarkedBy.has(userId),
    hasSeen: before.seen.has(userId),
  });
}

/** Who has seen a group, and when. */
export function seenBy(
  rows: readonly UserRow[],
  { seen: before }: SetBefore,
): { userId: UserId; lastSeen: string }[] {
  const times = new Map(rows.map(({ userId, seenAt }) => [userId, seenAt]));
  const all = new Set([...times.keys(), ...before.keys()]);
  return [...all].flatMap((userId) => {
    const own = times.get(userId);
    const lastSeen = own === undefined ? before.get(userId) : own;
    return lastSeen ? [{ userId, lastSeen }] : [];
  });
}

function isSet(time: string | null | undefined, before: boolean): boolean {
  return time === undefined ? before : time !== null;
}
