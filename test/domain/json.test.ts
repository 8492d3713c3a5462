import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonDepth, MAX_JSON_DEPTH, parseForeignJson } from '../../shared/domain/json.ts';

const nested = (levels: number, [open, close]: readonly [string, string]) =>
  `${open.repeat(levels)}1${close.repeat(levels)}`;
const lists = ['[', ']'] as const;
const objects = ['{"a":', '}'] as const;

/** The same by recursion, for values that are shallow enough for it. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('the depth of a text of JSON', () => {
  it('is that of the value it stands for', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(jsonDepth(JSON.stringify(value))).toBe(depthOf(value));
        expect(jsonDepth(JSON.stringify(value, null, 2))).toBe(depthOf(value));
      }),
    );
  });

  it.each([
    ['brackets within a text', '["[[[{{{"]', 1],
    ['an escaped quotation mark', '["\\"[["]', 1],
    ['a backslash before the end of a text', '["\\\\",[1]]', 2],
    ['a text that does not end', '["[[', 1],
    ['nothing', '', 0],
  ])('is counted rightly with %s', (_, text, expected) => {
    expect(jsonDepth(text)).toBe(expected);
  });
});

describe('JSON of strangers', () => {
  it.each([lists, objects])('is taken to its limit, and no level further: %s', (...brackets) => {
    expect(() => parseForeignJson(nested(MAX_JSON_DEPTH, brackets))).not.toThrow();
    for (const levels of [MAX_JSON_DEPTH + 1, 100_000]) {
      expect(() => parseForeignJson(nested(levels, brackets))).toThrow(SyntaxError);
    }
  });

  it('within the limit can be walked over', () => {
    const value = parseForeignJson(nested(MAX_JSON_DEPTH, objects));
    expect(JSON.stringify(value)).toBe(nested(MAX_JSON_DEPTH, objects));
    expect(depthOf(value)).toBe(MAX_JSON_DEPTH);
  });
});
