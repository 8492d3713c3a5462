import { describe, expect, it } from 'vitest';
import { compareReleases, newerRelease } from '../../shared/domain/release.ts';

const day = (n: number) => `2026-11-0${n}T00:00:00.000Z`;
const release = ([version, firstSeen]: readonly [string, string | null]) => ({
  version,
  firstSeen,
});

describe('of two releases', () => {
  it.each([
    ['versions decide, whenever they were seen', ['1.10.0', day(1)], ['1.9.0', day(2)], 1],
    ['what follows the last @ is the version', ['a@b@2.0.0', day(1)], ['z@1.0.0', day(2)], 1],
    ['build metadata says nothing', ['shop@1.0.0+7', day(1)], ['shop@1.0.0+8', day(2)], 0],
    ['a pre-release is older', ['shop@1.0.0-rc.1', day(2)], ['shop@1.0.0', day(1)], -1],
    ['the same one is the same', ['abc', day(1)], ['abc', null], 0],
    ['others go by when they were seen', ['abc', day(2)], ['xyz', day(1)], 1],
    ['one that is no version makes both go by that', ['1.0.0', day(1)], ['2026.04', day(2)], -1],
    ['one that was never seen is to come', ['abc', null], ['xyz', day(9)], 1],
    ['versions decide about one that was never seen', ['1.0.0', null], ['1.0.1', day(1)], -1],
    ['there is an order at the same moment', ['abc', day(1)], ['xyz', day(1)], -1],
  ] as const)('%s', (_, a, b, expected) => {
    const [left, right] = [release(a), release(b)];
    expect(Math.sign(compareReleases(left, right))).toBe(expected);
    expect(Math.sign(compareReleases(right, left)) + expected).toBe(0);
  });

  it('the newer one stays, and the first of equals', () => {
    const [old, build7, build8] = [
      { version: 'shop@0.9.0', firstSeen: day(3) },
      { version: 'shop@1.0.0+7', firstSeen: day(1) },
      { version: 'shop@1.0.0+8', firstSeen: day(2) },
    ];
    expect(newerRelease(null, null)).toBeNull();
    expect(newerRelease(old, null)).toBe(old);
    expect(newerRelease(null, old)).toBe(old);
    expect(newerRelease(old, build7)).toBe(build7);
    expect(newerRelease(build7, old)).toBe(build7);
    expect(newerRelease(build7, build8)).toBe(build7);
  });
});
