import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceBetween, nearestName } from '../../shared/domain/nearest-name.ts';

describe('the nearest name', () => {
  it.each<[string, readonly string[], string | null]>([
    ['cor', ['web', 'core'], 'core'],
    ['Coer', ['core', 'ops'], 'core'],
    ['coree', ['cores', 'core'], 'cores'],
    ['BOB@acme.io', ['bob@acme.com', 'bob@acme.io'], 'bob@acme.io'],
    ['bob@acme.co', ['alice@acme.io', 'bob@acme.io'], 'bob@acme.io'],
    ['mobile', ['web', 'core'], null],
    ['x', [], null],
    ['a'.repeat(101), ['a'.repeat(101)], null],
  ])('of %s among %j is %s', (typed, names, nearest) => {
    expect(nearestName(typed, names)).toBe(nearest);
  });

  it('is the one with the least distance, whatever the names', () => {
    const name = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(name, fc.array(name, { maxLength: 6 }), (typed, names) => {
        const most = Math.ceil(typed.length / 3);
        const near = names.map((one) => distanceBetween(typed, one)).filter((far) => far <= most);
        const found = nearestName(typed, names);
        expect(found === null ? undefined : distanceBetween(typed, found)).toBe(
          near.length === 0 ? undefined : Math.min(...near),
        );
      }),
    );
  });
});
