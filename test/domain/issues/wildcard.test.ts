import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLike } from '../../../shared/domain/issues/wildcard.ts';

describe('a value with asterisks', () => {
  it.each([
    ['error', 'error', true],
    ['error', 'err', false],
    ['error', 'err*', true],
    ['error', '*or', true],
    ['error', 'e*r*r', true],
    ['error', '*', true],
    ['', '*', true],
    ['', '', true],
    ['aba', 'ab*ba', false],
    ['abba', 'ab*ba', true],
    ['a.c', 'a.*', true],
    ['abc', 'a.*', false],
    ['two\nlines', 'two*lines', true],
    ['abcabc', 'a*c*b*c', true],
    ['abc', 'a*b*b*c', false],
  ])('%j is %j: %s', (text, value, expected) => {
    expect(isLike(text, value)).toBe(expected);
  });

  it('means what the same regular expression means', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(letters, letters, (written, value) => {
        const text = written.replaceAll('*', '');
        const pattern = new RegExp(`^${value.split('*').join('.*')}$`);
        expect(isLike(text, value)).toBe(pattern.test(text));
      }),
      { numRuns: 2_000 },
    );
  });
});
