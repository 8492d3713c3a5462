import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSemanticVersions } from '../../shared/domain/semantic-version.ts';

/** The order of SemVer 2.0.0, section 11, and what its grammar adds. */
const inOrder = [
  '1.0.0-0',
  '1.0.0-9',
  '1.0.0-10',
  '1.0.0-10.1',
  '1.0.0--',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.9.0',
  '1.10.0',
  '2.0.0',
  '2.1.0',
  '2.1.1',
  '99999999999999999999.0.0',
  '100000000000000000000.0.0',
];

describe('semantic versions', () => {
  it('stand in the order of the specification', () => {
    for (const [i, a] of inOrder.entries()) {
      for (const [j, b] of inOrder.entries()) {
        expect(Math.sign(compareSemanticVersions(a, b) ?? Number.NaN), `${a} ${b}`).toBe(
          Math.sign(i - j),
        );
      }
    }
  });

  it.each([
    ['1.0.0+a', '1.0.0+b'],
    ['1.0.0+a.1', '1.0.0'],
    ['v1.0.0', '1.0.0'],
    ['1.0.0-rc.1+2026', '1.0.0-rc.1'],
  ])('%s and %s are the same', (a, b) => {
    expect(compareSemanticVersions(a, b)).toBe(0);
  });

  it.each([
    '',
    '1',
    '1.2',
    '1.2.3.4',
    '01.2.3',
    '1.2.3-',
    '1.2.3-01',
    '1.2.3+',
    '1.2.3-a..b',
    ' 1.2.3',
    '1.2.3\n',
    'V1.2.3',
    'abc',
    '9f2c1e0',
    '１.2.3',
  ])('%j is none', (text) => {
    expect(compareSemanticVersions(text, '1.0.0')).toBeUndefined();
    expect(compareSemanticVersions('1.0.0', text)).toBeUndefined();
  });

  it('are in one order, whatever they are', () => {
    const identifier = fc.oneof(
      fc.nat(20).map(String),
      fc.stringMatching(/^[a-c-][0-9a-c-]{0,2}$/),
    );
    const version = fc
      .tuple(
        fc.array(fc.nat(11), { minLength: 3, maxLength: 3 }),
        fc.array(identifier, { maxLength: 3 }),
      )
      .map(([numbers, before]) => [numbers.join('.'), ...(before.length ? [before.join('.')] : [])])
      .map((parts) => parts.join('-'));
    const order = (a: string, b: string) => Math.sign(compareSemanticVersions(a, b) ?? Number.NaN);
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(order(a, b) + order(b, a)).toBe(0);
        expect(order(a, b) === 0).toBe(a === b);
        if (order(a, b) <= 0 && order(b, c) <= 0) {
          expect(order(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it('take time in proportion to their length', () => {
    const long = `1.0.0-${'a-'.repeat(50_000)}`;
    expect(compareSemanticVersions(`${long}!`, long)).toBeUndefined();
    expect(compareSemanticVersions(long, long)).toBe(0);
  });
});
