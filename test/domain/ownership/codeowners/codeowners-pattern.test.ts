import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  codeownersValue,
  compileCodeowners,
} from '../../../../shared/domain/ownership/codeowners/codeowners-pattern.ts';
import type { Meter } from '../../../../shared/domain/ownership/pattern.ts';
import { codeownersMatches } from '../reference.ts';

function run(pattern: string, value: string, limit = Number.MAX_SAFE_INTEGER) {
  const meter: Meter = { steps: 0, limit };
  const matches = compileCodeowners(pattern).matches(codeownersValue(value).value, meter);
  return { matches, steps: meter.steps };
}

describe('a CODEOWNERS pattern', () => {
  it.each<[string, string, string[], string[]]>([
    [
      'without a slash matches a component anywhere',
      'docs',
      ['docs', 'docs/a.md', 'lib/docs', 'lib/docs/a.md', '/docs'],
      ['docs.md', 'mydocs', 'Docs'],
    ],
    ['may be a file name', '*.css', ['a.css', 'lib/a.css', '/a.css', 'a.css/b'], ['a.css.map']],
    [
      'that begins with a slash is anchored, and the slash is optional in the value',
      '/src/a.js',
      ['src/a.js', '/src/a.js', 'src/a.js/b'],
      ['lib/src/a.js', '//src/a.js'],
    ],
    [
      'with a slash in it is anchored without one in the value',
      'src/a.js',
      ['src/a.js'],
      ['/src/a.js', 'lib/src/a.js'],
    ],
    [
      'that ends with a slash matches what is below the directory',
      'docs/',
      ['docs/a', 'lib/docs/a', 'docs/'],
      ['docs', 'lib/docs'],
    ],
    ['may be an anchored directory', '/src/', ['src/a', '/src/a/b'], ['src', 'lib/src/a']],
    [
      'that ends with /* matches direct children only',
      'docs/*',
      ['docs/a', 'docs/'],
      ['docs', 'docs/a/b', 'lib/docs/a'],
    ],
    ['may be /*, the files at the root', '/*', ['a', '/a'], ['a/b', '/a/b']],
    ['may be *', '*', ['a', 'a/b', '/a', ''], []],
    ['keeps * within a component', 'src/*/a', ['src/x/a'], ['src/a', 'src/x/y/a']],
    ['keeps ? within a component', 'src?a', ['srcxa'], ['src/a', 'srca']],
    [
      'that begins with **/ matches at any depth',
      '**/a/b',
      ['a/b', '/a/b', 'x/a/b', 'x/y/a/b/c'],
      ['a', 'xa/b'],
    ],
    [
      'with /**/ in it matches any number of components',
      'a/**/b',
      ['a/b', 'a/x/b', 'a/x/y/b', 'a//b'],
      ['ab', 'x/a/b', 'a/xb'],
    ],
    [
      'that ends with /** matches everything below',
      'a/**',
      ['a/', 'a/b', 'a/b/c'],
      ['a', 'x/a/b', '/a/b'],
    ],
    ['may be **', '**', ['', 'a', 'a/b'], []],
    ['may be **/', '**/', ['a/', 'a/b', '/a'], ['a', '']],
    ['with ** within a component takes it as *', 'a**b', ['ab', 'axxb', 'x/axb'], ['a/b']],
    [
      'with ** and a last /* ends there',
      '**/docs/*',
      ['docs/a', 'x/docs/a', 'docs/docs/a'],
      ['docs/a/b', 'docs'],
    ],
    [
      'that begins with a backslash matches components that end in one',
      '\\#a',
      ['\\', 'a\\', 'a\\/b', '/\\'],
      ['#a', 'a\\b', '\\#a'],
    ],
    ['takes a backslash within it as itself', 'a\\b', ['a\\b'], ['ab', 'a/b']],
    ['knows no ranges', '[ab].js', ['[ab].js'], ['a.js']],
    ['may be a lone slash', '/', ['/a', 'a//b'], ['a', 'a/b', 'a/']],
    ['that is empty matches nothing', '', [], ['', 'a', '/']],
  ])('%s: %s', (_, pattern, matching, others) => {
    expect(matching.filter((value) => !run(pattern, value).matches)).toEqual([]);
    expect(others.filter((value) => run(pattern, value).matches)).toEqual([]);
  });

  it('matches what its words say, letter by letter', () => {
    const piece = fc.constantFrom('a', 'b', '/', '/', '*', '**', '**/', '/**/', '?', '\\', '/*');
    const pattern = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const value = fc.string({ unit: fc.constantFrom('a', 'b', '/', '\\'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, value, (codeowners, file) => {
        expect(run(codeowners, file).matches).toBe(codeownersMatches(codeowners, file));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('the work of a CODEOWNERS pattern', () => {
  it.each([
    ['** before every component', `${'**/a/'.repeat(200)}b`, `${'a/'.repeat(5000)}a`],
    ['** between stars', `${'**/*a*a*/'.repeat(100)}b`, `${'aaaa/'.repeat(3000)}a`],
    ['stars within one component', `${'*a'.repeat(500)}*b`, 'a'.repeat(10_000)],
    ['a directory of stars', `/${'*/'.repeat(500)}`, `${'a/'.repeat(400)}a`],
  ])('is linear in pattern and value for %s', (_, pattern, value) => {
    const { matches, steps } = run(pattern, value);
    expect(matches).toBe(false);
    expect(steps).toBeLessThanOrEqual(4 * (pattern.length + value.length));
  });

  it('is at most the product of both for a run that almost occurs everywhere', () => {
    const pattern = `**/${'a/'.repeat(100)}b`;
    const value = `${'a/'.repeat(1000)}a`;
    const { matches, steps } = run(pattern, value);
    expect(matches).toBe(false);
    expect(steps).toBeLessThanOrEqual(pattern.length * value.length);
  });

  it('stops at the limit, and matches nothing then', () => {
    const pattern = `**/${'a/'.repeat(100)}b`;
    const { matches, steps } = run(pattern, `${'a/'.repeat(1000)}a/b`, 1000);
    expect(matches).toBe(false);
    expect(steps).toBeLessThan(1000 + 3 * pattern.length);
  });
});
