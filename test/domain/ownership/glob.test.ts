import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../../shared/domain/ownership/glob.ts';
import type { Meter } from '../../../shared/domain/ownership/pattern.ts';
import { globMatches } from './reference.ts';

function run(pattern: string, value: string, limit = Number.MAX_SAFE_INTEGER) {
  const meter: Meter = { steps: 0, limit };
  return { matches: compileGlob(pattern).matches(value, meter), steps: meter.steps };
}

describe('a glob', () => {
  it.each([
    ['app/*', 'app/cart.py', true],
    ['app/*', 'app/deep/cart.py', true],
    ['app/*', 'app/', true],
    ['app/*', 'lib/app/cart.py', false],
    ['app', 'app/cart.py', false],
    ['*.py', 'app/cart.py', true],
    ['*.py', 'app/cart.pyc', false],
    ['*cart*', 'app/cart.py', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', true],
    ['a?c', 'ac', false],
    ['a?c', 'a😀c', true],
    ['?', '😀', true],
    ['??', '😀', false],
    ['*?', '😀', true],
    ['?*', '', false],
    ['*??b*', 'ab', false],
    ['a*a', 'a', false],
    ['ab*ba', 'aba', false],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a**b', 'ab', true],
    ['*a*b*', 'xbxaxx', false],
    ['[ab]', 'a', false],
    ['[ab]', '[ab]', true],
    ['*.js', 'a\n.js', true],
  ])('%j on %j: %s', (pattern, value, expected) => {
    expect(run(pattern, value).matches).toBe(expected);
  });

  it('matches what its words say, letter by letter', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '😀'), maxLength: 8 });
    const value = fc.string({ unit: fc.constantFrom('a', 'b', '😀'), maxLength: 9 });
    fc.assert(
      fc.property(pattern, value, (glob, text) => {
        expect(run(glob, text).matches).toBe(globMatches(glob, text));
      }),
      { numRuns: 2000 },
    );
  });

  it('finds parts with ? that are longer than a machine word', () => {
    const part = `a${'?b'.repeat(40)}c`;
    const text = `a${'xb'.repeat(40)}c`;
    expect(run(`*${part}*`, `zz${text}zz`).matches).toBe(true);
    expect(run(`*${part}*`, `zz${'ab'.repeat(40)}zz`).matches).toBe(false);
  });
});

describe('the work of a glob', () => {
  const value = 'a'.repeat(20_000);
  it.each([
    ['stars between letters', `${'*a'.repeat(500)}*b`],
    ['stars between letters and behind them', `${'*a'.repeat(500)}*b*`],
    ['a run that fails at its end', `*${'a'.repeat(1000)}b*`],
    ['a run that fails at its start', `*b${'a'.repeat(1000)}*`],
    ['many runs that fail at their end', `${`*${'a'.repeat(50)}`.repeat(20)}b*`],
    ['a thousand stars', `${'*'.repeat(1000)}b`],
  ])('is linear in pattern and value for %s', (_, pattern) => {
    const { matches, steps } = run(pattern, value);
    expect(matches).toBe(false);
    expect(steps).toBeLessThanOrEqual(3 * (pattern.length + value.length));
  });

  it('with ? takes a step for each character and each 32 of the part', () => {
    const pattern = `*${'?a'.repeat(500)}?b*`;
    const { matches, steps } = run(pattern, value);
    expect(matches).toBe(false);
    expect(steps).toBeLessThanOrEqual(value.length * Math.ceil(pattern.length / 32));
  });

  it('is within that bound for any pattern', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'a', '*', '?', 'b'), maxLength: 80 });
    fc.assert(
      fc.property(pattern, fc.integer({ min: 0, max: 400 }), (glob, length) => {
        const { steps } = run(glob, 'a'.repeat(length));
        const words = Math.ceil(glob.length / 32) + 1;
        expect(steps).toBeLessThanOrEqual(3 * words * (glob.length + length));
      }),
      { numRuns: 1000 },
    );
  });
});
