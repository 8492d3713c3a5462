import { describe, expect, it } from 'vitest';
import { backoffMs, cloudBackoff, localBackoff } from '../../../shared/domain/sync/backoff.ts';

describe('waiting', () => {
  it.each([
    [0, 5_000, 6_000],
    [1, 10_000, 12_000],
    [4, 80_000, 96_000],
    [7, 640_000, 768_000],
    [8, 900_000, 900_000],
    [1_000, 900_000, 900_000],
  ])('in the cloud after attempt %i: %i to %i ms', (attempt, least, most) => {
    expect(backoffMs(cloudBackoff, attempt, 0)).toBe(least);
    expect(backoffMs(cloudBackoff, attempt, 0.999999)).toBeCloseTo(most, -1);
  });

  it('on one machine is 1, 2, 4 s, whatever the jitter', () => {
    expect([0, 1, 2, 3, 9].map((attempt) => backoffMs(localBackoff, attempt, 0.9))).toEqual([
      1_000, 2_000, 4_000, 4_000, 4_000,
    ]);
  });
});
