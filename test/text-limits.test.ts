import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dictionary, parseBody, text } from '../shared/http/fields.ts';

/**
 * Limits of text are counted in code points, by `domain/code-points.ts`. What a limit of UTF-16
 * units looks like is found here, wherever it is; these few bound bytes or what the table and the
 * gateway take, and tell nobody of characters.
 */
const technical = new Map([
  ['shared/stores/keys.ts', 'a key of the table'],
  ['shared/http/read-request.ts', 'a parameter of a path, which is looked up as a key'],
  ['shared/operations/lookup/find-project.ts', 'a name that is looked up as a key'],
  ['shared/operations/sync/receive-webhook.ts', 'the size of an event'],
]);

const limit = String.raw`(?:longest\w*|LONGEST_\w*|max\w*Characters|MAX_\w*(?:LENGTH|CHARACTERS)|[1-9][0-9_]{2,})`;
const suspects = [
  new RegExp(String.raw`\.length\s*[<>]=?\s*${limit}\b`),
  new RegExp(String.raw`\.(?:slice|substring)\(0,\s*${limit}\)`),
  /v\.(?:max|min)Length\((?!.*elements)/,
];

const sources = globSync('{shared,functions}/**/*.ts').toSorted();

function limitsOfUnits(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => suspects.some((suspect) => suspect.test(line)))
    .map((line) => `${path}: ${line.trim()}`);
}

describe('limits of text count code points', () => {
  it('in every source', () => {
    expect(sources.length).toBeGreaterThan(200);
    const found = sources.filter((path) => !technical.has(path)).flatMap(limitsOfUnits);
    expect(found).toEqual([
      // Letters of ASCII only, by then.
      'shared/domain/slug.ts: .slice(0, MAX_GENERATED_SLUG_LENGTH);',
    ]);
    for (const path of technical.keys()) {
      expect(limitsOfUnits(path), path).not.toEqual([]);
    }
  });

  it.each([1, 26, 250])('in a field of %s characters', (maxLength) => {
    const schema = dictionary({ field: text({ maxLength }) });
    for (const character of ['x', 'ж', '字', '🦀', '\u{10ffff}']) {
      const field = character.repeat(maxLength);
      expect(parseBody(schema, { field })).toEqual({ field });
      expect(() => parseBody(schema, { field: `${field}${character}` })).toThrow();
    }
  });
});
