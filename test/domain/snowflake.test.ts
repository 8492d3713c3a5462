import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineSegment, packSnowflake } from '../../shared/domain/snowflake.ts';
import { unpackSnowflake } from '../support/snowflake.ts';

const VECTORS = [
  [1, 1, 0, 0, 4503599627436032n, 'the second after the epoch'],
  [1, 1, 0, 15, 4503599627436047n, 'its last number'],
  [1, 44150400, 0, 0, 4506493067984896n, '2024-01-01T00:00:00Z'],
  [1, 44150400, 1, 0, 4506493067984912n, 'region 1'],
  [1, 44150400, 1, 15, 4506493067984927n, 'the 16th id'],
  [1, 44150399, 1, 0, 4506493067919376n, 'the 17th id of that second'],
  [1, 44150400, 4095, 15, 4506493068050431n, 'the last region'],
  [1, 711784800, 0, 0, 4550247156023296n, '2022-07-21T06:00Z from the epoch 1999-12-31'],
  [1, 711784800, 2, 0, 4550247156023328n, 'the same in region 2'],
  [1, 711784799, 0, 0, 4550247155957760n, 'the 17th there'],
  [2, 44150400, 1, 0, 2254693254299664n, 'version 2 is stored as 8'],
  [3, 44150400, 1, 0, 6758292881670160n, 'version 3 is stored as 24'],
  [16, 100, 7, 3, 281474983264371n, 'version 16 is stored as 1'],
  [1, 130941296, 10, 7, 4512180996145319n, '2026-10-01T12:34:56Z'],
  [31, 4294967295, 4095, 15, 9007199254740991n, 'all ones, the largest safe integer'],
] as const;

describe('a snowflake id', () => {
  it.each(VECTORS)('version %i, %i s, region %i, number %i is %i: %s', (...vector) => {
    const [version, secondsSinceEpoch, regionId, sequence, id] = vector;
    const parts = { version, secondsSinceEpoch, regionId, sequence };
    expect(packSnowflake(parts)).toBe(id);
    expect(unpackSnowflake(id)).toEqual(parts);
  });

  it.each([
    [0, 0],
    [1, 16],
    [2, 8],
    [3, 24],
    [4, 4],
    [5, 20],
    [6, 12],
    [7, 28],
    [8, 2],
    [9, 18],
    [10, 10],
    [16, 1],
    [31, 31],
  ])('stores version %i as %i', (version, stored) => {
    const id = packSnowflake({ version, secondsSinceEpoch: 0, regionId: 0, sequence: 0 });
    expect(id >> 48n).toBe(BigInt(stored));
  });

  it.each([
    [{ version: 32 }, 'Version ID exceed max bit value of 5'],
    [{ secondsSinceEpoch: 4294967296 }, 'Time difference exceed max bit value of 32'],
    [{ secondsSinceEpoch: -1 }, 'Time difference exceed max bit value of 32'],
    [{ secondsSinceEpoch: 1.5 }, 'Time difference exceed max bit value of 32'],
    [{ regionId: 4096 }, 'Region ID exceed max bit value of 12'],
    [{ sequence: 16 }, 'Region sequence exceed max bit value of 4'],
  ])('refuses %o', (wrong, message) => {
    const parts = { version: 1, secondsSinceEpoch: 5, regionId: 0, sequence: 0, ...wrong };
    expect(() => packSnowflake(parts)).toThrow(new RangeError(message));
  });

  it('has segments of a positive length only', () => {
    expect(() => defineSegment('Nothing', 0)).toThrow('The length should be a positive number');
  });

  it('gives back what was packed, and stays exact as a JavaScript number', () => {
    const parts = fc.record({
      version: fc.integer({ min: 0, max: 31 }),
      secondsSinceEpoch: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      regionId: fc.integer({ min: 0, max: 4095 }),
      sequence: fc.integer({ min: 0, max: 15 }),
    });
    fc.assert(
      fc.property(parts, (given) => {
        const id = packSnowflake(given);
        expect(unpackSnowflake(id)).toEqual(given);
        expect(BigInt(Number(id))).toBe(id);
      }),
    );
  });

  it('sorts by time within one version', () => {
    const second = fc.integer({ min: 0, max: 2 ** 32 - 2 });
    const rest = fc.record({
      regionId: fc.integer({ min: 0, max: 4095 }),
      sequence: fc.integer({ min: 0, max: 15 }),
    });
    fc.assert(
      fc.property(second, rest, rest, (secondsSinceEpoch, early, late) => {
        const earlier = packSnowflake({ version: 1, secondsSinceEpoch, ...early });
        const later = packSnowflake({
          version: 1,
          secondsSinceEpoch: secondsSinceEpoch + 1,
          ...late,
        });
        expect(earlier < later).toBe(true);
      }),
    );
  });
});
