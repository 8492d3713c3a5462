import { describe, expect, it } from 'vitest';
import { isFresh } from '../../../shared/domain/ownership/freshness.ts';

describe('an answer of the owner caches', () => {
  it.each([
    {
      taken: 1763800000.123,
      changed: null,
      fresh: true,
      case: 'holds when no change is remembered',
    },
    { taken: 1763800000.123, changed: 1763800000.122, fresh: true, case: 'holds when taken later' },
    {
      taken: 1763800000.123,
      changed: 1763800000.123,
      fresh: false,
      case: 'is stale at the same time',
    },
    { taken: 1763800000.122, changed: 1763800000.123, fresh: false, case: 'is stale when older' },
    {
      taken: 1763800000.000002,
      changed: 1763800000.000001,
      fresh: true,
      case: 'is told apart by a microsecond',
    },
  ])('$case', ({ taken, changed, fresh }) => {
    expect(isFresh(taken, changed)).toBe(fresh);
  });
});
