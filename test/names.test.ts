import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from './support/product-source.ts';

/** The words of names: what a colleague who has never been here can guess. */

const files = globSync('{shared,functions,infra,test}/**/*.{ts,tsx,mjs}', { cwd: repository })
  .filter((path) => path !== 'test/names.test.ts')
  .toSorted()
  .map((path) => ({ path, text: readFileSync(`${repository}/${path}`, 'utf8') }));

/** Names that a file declares, and its own. */
function namesOf({ path, text }: { readonly path: string; readonly text: string }): string[] {
  const declared = /\b(?:function\*?|const|let|type|class) (\w+)|^ +(?:readonly )?(\w+)\??: /gm;
  const file = basename(path).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [...text.matchAll(declared)].map(([, a, b]) => a ?? b ?? '').concat(file);
}

/** Names with a word, at their beginning or further on: `place`, `placeOf`, `LAST_PLACE`. */
function namesWith(words: readonly string[], among: readonly string[]): string[] {
  const patterns = words.flatMap((word) => [
    new RegExp(`^${word}s?(?![a-z])`),
    new RegExp(`${word[0]?.toUpperCase()}${word.slice(1)}s?(?![a-z])`),
    new RegExp(`(?:^|_)${word.toUpperCase()}S?(?:_|$)`),
  ]);
  return among.filter((name) => patterns.some((pattern) => pattern.test(name)));
}

/** What a check does is in its first word: `require` throws, `is` and `may` answer. */
const otherChecks = /\bfunction ((?:check|judge|refuse|ensure|assert|validate)[A-Z]\w*)/g;

describe('names', () => {
  it('are made of words that others use for the same thing', () => {
    const own = ['draft', 'lane', 'doom', 'doomed', 'settle', 'standing', 'whom', 'atOnce'];
    own.push('chance', 'stepAside', 'handOver', 'carryOut', 'place', 'remains');
    expect(files.length).toBeGreaterThan(1000);
    const found = files.flatMap((file) =>
      namesWith(own, namesOf(file)).map((name) => `${file.path}: ${name}`),
    );
    expect(found).toEqual([]);
  });

  it('of checks say what the check does', () => {
    const checks = files
      .filter(({ path }) => /^(?:shared|functions|infra)\//.test(path))
      // ConditionCheck is a write of DynamoDB's, and the stores' word for it.
      .filter(({ path }) => !path.startsWith('shared/stores/'))
      .flatMap(({ text }) => [...text.matchAll(otherChecks)].map(([, name]) => name));
    expect(checks).toEqual(['assertNever']);
  });

  it.each<[string, string[]]>([
    ['function placeOf() {}', ['placeOf']],
    ['const LAST_PLACE = 1;', ['LAST_PLACE']],
    ['type CodeownersPlace = {\n  readonly places: string;\n};', ['CodeownersPlace', 'places']],
    ['const replaced = placeholder;', []],
  ])('are found in %s', (text, expected) => {
    expect(namesWith(['place'], namesOf({ path: 'shared/a.ts', text }))).toEqual(expected);
  });
});
