import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExternalVersion } from '../../../shared/domain/sync/external-issue.ts';
import {
  compareExternalVersions,
  newestOf,
  watermarkAfterRead,
} from '../../../shared/domain/sync/external-version.ts';

describe('versions', () => {
  const versions: fc.Arbitrary<ExternalVersion> = fc.record({
    atMs: fc.option(fc.nat(5)),
    rev: fc.option(fc.nat(5)),
  });

  it('advance to the same watermark in any order, and never go back', () => {
    fc.assert(
      fc.property(versions, versions, versions, (a, b, c) => {
        const forth = newestOf(newestOf(a, b), c);
        expect(newestOf(newestOf(a, c), b)).toEqual(forth);
        for (const externalVersion of [a, b, c]) {
          expect(compareExternalVersions(externalVersion, forth)).not.toBe('newer');
        }
      }),
    );
  });

  it('compare the same from both sides', () => {
    const opposite = {
      older: 'newer',
      newer: 'older',
      equal: 'equal',
      unknown: 'unknown',
    } as const;
    fc.assert(
      fc.property(versions, versions, (a, b) => {
        expect(compareExternalVersions(b, a)).toBe(opposite[compareExternalVersions(a, b)]);
      }),
    );
  });

  it('of a read do not count when they are our own: an older webhook is still on its way', () => {
    const [before, ours] = [
      { atMs: 1_000, rev: null },
      { atMs: 5_000, rev: null },
    ];
    expect(watermarkAfterRead(before, ours, [null, ours])).toEqual(before);
    expect(watermarkAfterRead(before, ours, [null])).toEqual(ours);
  });
});
