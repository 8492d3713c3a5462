import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WATCH_MS, WATCHED_FOR_EVER } from '../../../shared/domain/sync/issue-link.ts';
import { partitionsDue, sweepPartitionOf, sweepStart } from '../../../shared/domain/sync/sweep.ts';

const RUN_MS = 15 * 60 * 1_000;
const nameOf = ({ state, shard }: { readonly state: string; readonly shard: number }) =>
  `${state} ${shard}`;
const linkId = fc.bigInt({ min: 0n, max: 2n ** 52n }).map(String);

describe('the partitions of the links that the sweeper watches', () => {
  it.each([1, 2, 4])('are all looked at once in a round of %s runs, behind in each', (runs) => {
    fc.assert(
      fc.property(
        linkId,
        fc.constantFrom(WATCHED_FOR_EVER, '2026-11-25T00:00:00.000Z'),
        fc.nat({ max: 2_000_000_000_000 }),
        (id, watchUntil, startMs) => {
          const own = nameOf(sweepPartitionOf({ id, watchUntil }));
          const looks = Array.from({ length: runs }, (_, run) =>
            partitionsDue(startMs + run * RUN_MS, runs).map(nameOf),
          ).filter((partitions) => partitions.includes(own));
          expect(looks).toHaveLength(watchUntil === WATCHED_FOR_EVER ? runs : 1);
        },
      ),
    );
  });

  it('come with those behind first', () => {
    const states = partitionsDue(0, 4).map(({ state }) => state);
    expect(states).toEqual([...Array(4).fill('behind'), ...Array(4).fill('atRest')]);
  });
});

describe('the start of a run among links at rest', () => {
  it('lies within the time that links are watched, and moves to every tenth of it in 20 rounds', () => {
    const nowMs = Date.parse('2026-11-29T00:00:00.000Z');
    const tenths = Array.from({ length: 20 }, (_, round) => {
      const at = nowMs + round * 4 * RUN_MS;
      const share = (Date.parse(sweepStart(at, 4)) - at) / WATCH_MS;
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThan(1);
      return Math.floor(share * 10);
    });
    expect(new Set(tenths).size).toBe(10);
  });
});
