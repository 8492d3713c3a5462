import { describe, expect, it } from 'vitest';
import {
  flagsOf,
  flagsOfUser,
  NOTHING_BEFORE,
  NOTHING_SET,
  seenBy,
  type UserRow,
} from '../../../shared/domain/issues/user-flags.ts';
import { NOW } from '../../support/builders.ts';

const row = (given: Partial<UserRow>): UserRow => ({ userId: '11', subscription: null, ...given });
const set = { isBookmarked: true, hasSeen: true };
const unset = { isBookmarked: false, hasSeen: false };

describe('what a user has set of a group', () => {
  it.each<[string, UserRow | undefined, typeof set, typeof set]>([
    ['is nothing without a row', undefined, unset, unset],
    ['is what rows from before say, without a row', undefined, set, set],
    ['is what rows from before say, where the row says nothing', row({}), set, set],
    ['is what the row says', row({ bookmarkedAt: NOW, seenAt: NOW }), unset, set],
    ['is nothing that was taken back', row({ bookmarkedAt: null, seenAt: null }), set, unset],
    [
      'is told of each by the row that says it',
      row({ bookmarkedAt: null }),
      set,
      { isBookmarked: false, hasSeen: true },
    ],
  ])('%s', (_, own, before, expected) => {
    expect(flagsOf(own, before)).toEqual({ ...expected, subscription: null });
  });

  it('is their own among those of others', () => {
    const rows = [row({ seenAt: NOW }), row({ userId: '12', bookmarkedAt: NOW })];
    expect(flagsOfUser('12', rows, NOTHING_BEFORE)).toMatchObject({
      isBookmarked: true,
      hasSeen: false,
    });
    expect(flagsOfUser('13', rows, NOTHING_BEFORE)).toEqual(NOTHING_SET);
  });
});

it('a group was seen by those whose rows say so, then by those of rows from before', () => {
  const rows = [row({ seenAt: null }), row({ userId: '12', seenAt: NOW }), row({ userId: '13' })];
  const before = '2026-11-01T00:00:00.000Z';
  const seen = new Map(['11', '12', '13', '14'].map((userId) => [userId, before]));
  expect(seenBy(rows, { seen, bookmarkedBy: new Set() })).toEqual([
    { userId: '12', lastSeen: NOW },
    { userId: '13', lastSeen: before },
    { userId: '14', lastSeen: before },
  ]);
});
