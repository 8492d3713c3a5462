import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { group, NOW } from '../../support/builders.ts';
import { groupOf, ownersWorld, record, seen } from '../../support/owners.ts';

describe('groups that events of a batch begin', () => {
  it('begin as many as a transaction holds together, with numbers in a row', async () => {
    const { deps, stores, shop } = await ownersWorld();
    const sizes: number[] = [];
    const begin: typeof stores.seenGroups.begin = (input) => {
      sizes.push(input.groups.length);
      return stores.seenGroups.begin(input);
    };
    const counted = { ...deps, seenGroups: { ...stores.seenGroups, begin } };
    const names = Array.from({ length: 40 }, (_, index) => `f-${index}`);
    const batch = names.map((fingerprint) => seen({ fingerprint }));
    expect(await record(counted, ...batch)).toBe(0);
    expect(sizes).toEqual([19, 19, 2]);
    const groups = await Promise.all(names.map((name) => groupOf(stores, shop, name)));
    expect(groups.map(({ group }) => group.shortId)).toEqual(
      names.map((_, index) => `SHOP-${3 + index}`),
    );
    expect(new Set(groups.map(({ group }) => group.id)).size).toBe(40);
  });

  it('stay together however many begin others of the project at the same time', async () => {
    const { deps, stores, shop } = await ownersWorld();
    const committed: number[] = [];
    const begin: typeof stores.seenGroups.begin = async (input) => {
      const outcome = await stores.seenGroups.begin(input);
      if (outcome.committed) {
        committed.push(input.groups.length);
      }
      return outcome;
    };
    const counted = { ...deps, seenGroups: { ...stores.seenGroups, begin } };
    const names = ['a', 'b', 'c', 'd'].map((worker) =>
      Array.from({ length: 20 }, (_, index) => `${worker}-${index}`),
    );
    const again = await Promise.all(
      names.map((own) => record(counted, ...own.map((fingerprint) => seen({ fingerprint })))),
    );
    expect(again).toEqual([0, 0, 0, 0]);
    expect(committed.toSorted((a, b) => a - b)).toEqual([1, 1, 1, 1, 19, 19, 19, 19]);
    const groups = await Promise.all(names.flat().map((name) => groupOf(stores, shop, name)));
    const numbers = groups.map(({ group: { shortId } }) => Number(shortId.split('-')[1]));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 80 }, (_, index) => index + 3),
    );
  });

  it('begin the others where one of them was begun meanwhile', async () => {
    const { deps, stores, shop } = await ownersWorld();
    let isFirst = true;
    const begin: typeof stores.seenGroups.begin = async (input) => {
      if (isFirst) {
        isFirst = false;
        await record(deps, seen({ fingerprint: 'b' }));
      }
      return stores.seenGroups.begin(input);
    };
    const late = { ...deps, seenGroups: { ...stores.seenGroups, begin } };
    const names = ['a', 'b', 'c'];
    expect(await record(late, ...names.map((fingerprint) => seen({ fingerprint })))).toBe(0);
    const groups = await Promise.all(names.map((name) => groupOf(stores, shop, name)));
    expect(groups.map(({ group }) => group.timesSeen)).toEqual([1, 2, 1]);
    expect(groups.map(({ group }) => group.shortId)).toEqual(['SHOP-4', 'SHOP-3', 'SHOP-5']);
  });

  it('are cut into pieces that one transaction each has room for', async () => {
    const { stores } = await ownersWorld();
    const toBegin = ([events, kilobytes]: readonly [number, number]) => ({
      group: group(),
      fingerprint: 'f',
      stale: null,
      events: {
        eventIds: Array.from({ length: events }, String),
        unfinished: null,
        newUsers: Array.from({ length: events }, String),
        now: NOW,
      },
      evaluated: {
        eventId: 'e',
        timestamp: NOW,
        platform: null,
        event: 'x'.repeat(kilobytes * 1_000),
      },
    });
    const sizes = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 300 }));
    const rooms = (piece: readonly (readonly [number, number])[]) => ({
      // The counter, and the events that tell of the groups.
      writes: piece.reduce((sum, [events]) => sum + 4 + 2 * events, 2),
      kilobytes: piece.reduce((sum, [, kilobytes]) => sum + kilobytes, 0),
    });
    fc.assert(
      fc.property(fc.array(sizes), (groups) => {
        const pieces = stores.seenGroups.piecesOf(groups, toBegin);
        expect(pieces.flat()).toEqual(groups);
        for (const [index, piece] of pieces.entries()) {
          const { writes, kilobytes } = rooms(piece);
          expect(piece.length).toBeGreaterThan(0);
          expect(writes).toBeLessThanOrEqual(99);
          expect(kilobytes).toBeLessThanOrEqual(3_000);
          const [next] = pieces[index + 1] ?? [];
          if (next !== undefined) {
            const more = rooms([...piece, next]);
            expect(more.writes > 99 || more.kilobytes >= 3_000).toBe(true);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('keep large events of many groups in as many transactions as they need', async () => {
    const { deps, stores, shop } = await ownersWorld();
    const names = Array.from({ length: 15 }, (_, index) => `large-${index}`);
    const event = { tags: [['large', 'x'.repeat(295_000)]] };
    expect(await record(deps, ...names.map((fingerprint) => seen({ fingerprint, event })))).toBe(0);
    const groups = await Promise.all(names.map((name) => groupOf(stores, shop, name)));
    const [first] = groups;
    const kept = await stores.seenGroups.evaluated(first?.group.id ?? '');
    expect(JSON.stringify(kept?.event).length).toBeGreaterThan(295_000);
  });
});
