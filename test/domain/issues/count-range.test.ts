import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countRangeOf } from '../../../shared/domain/issues/count-range.ts';

const counts = fc.integer({ min: 0, max: 2 ** 40 });

describe('the range of a count', () => {
  it.each([
    [0, 0, 0],
    [1, 1, 1],
    [7, 7, 7],
    [8, 8, 9],
    [9, 8, 9],
    [15, 14, 15],
    [16, 16, 19],
    [1_000, 896, 1_023],
  ])('of %d begins at %d and ends at %d', (count, min, max) => {
    expect(countRangeOf(count)).toEqual({ min, max });
  });

  it('holds the count, and is the same for each count that it holds', () => {
    fc.assert(
      fc.property(counts, (count) => {
        const range = countRangeOf(count);
        expect(range.min).toBeLessThanOrEqual(count);
        expect(range.max).toBeGreaterThanOrEqual(count);
        expect(countRangeOf(range.min)).toEqual(range);
        expect(countRangeOf(range.max)).toEqual(range);
        expect(countRangeOf(range.max + 1)).not.toEqual(range);
      }),
    );
  });

  it('is never wider than a quarter of its start', () => {
    fc.assert(
      fc.property(counts, (count) => {
        const { min, max } = countRangeOf(count);
        expect(max - min).toBeLessThanOrEqual(min / 4);
      }),
    );
  });
});
