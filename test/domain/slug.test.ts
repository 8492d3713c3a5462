import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isReservedProjectSlug,
  isWellFormedSlug,
  MAX_GENERATED_SLUG_LENGTH,
  slugCandidates,
  slugify,
} from '../../shared/domain/slug.ts';

/** Always the first letter of an alphabet: suffixes of `a`, hexadecimal digits of 0. */
const first = () => 0;
/** The last letter of every alphabet. */
const last = (exclusiveMax: number) => exclusiveMax - 1;

describe('slugify', () => {
  it.each([
    ['Shop Backend', 'shop-backend', 'spaces become hyphens'],
    ['  The   Shop -- 2 ', 'the-shop-2', 'runs of spaces and hyphens become one hyphen'],
    ['Crème Brûlée', 'creme-brulee', 'accents are dropped'],
    ['ﬁle Ⅳ', 'file-iv', 'compatible letters are spelled out'],
    ['Straße', 'strae', 'what has no ASCII form is dropped'],
    ['a.b/c:d', 'abcd', 'punctuation is dropped'],
    ['snake_case', 'snake_case', 'underscores stay inside'],
    ['_-private-_', 'private', 'hyphens and underscores are trimmed'],
    ['tab\tand\nline', 'tab-and-line', 'every white space counts'],
    ['日本', '', 'nothing may be left'],
    ['!!!', '', 'nothing may be left'],
    ['x'.repeat(60), 'x'.repeat(50), '50 characters at most'],
  ])('makes %j into %j: %s', (name, slug) => {
    expect(slugify(name)).toBe(slug);
  });

  it('makes every name into nothing, digits, or a well-formed slug of at most 50 characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (name) => {
        const slug = slugify(name);
        expect(slug.length).toBeLessThanOrEqual(MAX_GENERATED_SLUG_LENGTH);
        expect(slug === '' || /^[0-9]+$/.test(slug) || isWellFormedSlug(slug)).toBe(true);
      }),
    );
  });
});

describe('a slug', () => {
  it.each([
    ['shop', true],
    ['shop-2_x', true],
    ['2nd', true],
    ['-', true],
    ['123', false],
    ['', false],
    ['Shop', false],
    ['sh op', false],
    ['shöp', false],
    ['shop\n', false],
    ['$all', false],
  ])('%j is well-formed: %s', (slug, wellFormed) => {
    expect(isWellFormedSlug(slug)).toBe(wellFormed);
  });

  it.each([
    ['settings', true],
    ['$all', true],
    ['usage', true],
    ['developer-settings', true],
    ['Settings', false],
    ['shop', false],
  ])('%j is reserved: %s', (slug, reserved) => {
    expect(isReservedProjectSlug(slug)).toBe(reserved);
  });
});

describe('the candidates for a slug', () => {
  it('begin with the name itself and go on with 27 suffixes, from short to long', () => {
    const candidates = [...slugCandidates('Shop', first)];
    const suffixes = candidates.slice(1).map((slug) => slug.slice('shop-'.length));
    expect(candidates[0]).toBe('shop');
    expect(suffixes).toEqual([
      'aa',
      ...Array(5).fill('aaa'),
      ...Array(20).fill('aaaaa'),
      'aaaaaaaaaaaa',
    ]);
  });

  it.each([
    ['settings', 'a reserved word'],
    ['日本', 'a name without letters'],
    ['', 'no name'],
  ])('for %j begin with 12 random hexadecimal digits: %s', (name) => {
    expect(slugCandidates(name, last).next().value).toBe('ffffffffffff');
  });

  it('for digits only take a suffix at once', () => {
    expect(slugCandidates('2024', first).next().value).toBe('2024-aa');
  });

  it('for hexadecimal digits that happen to be digits only take a suffix too', () => {
    expect(slugCandidates('', first).next().value).toBe('000000000000-aa');
  });

  it('keep to 50 characters, the suffix included', () => {
    const candidates = [...slugCandidates('y'.repeat(80), last)];
    expect(candidates.every((slug) => slug.length === MAX_GENERATED_SLUG_LENGTH)).toBe(true);
    expect(candidates[1]).toBe(`${'y'.repeat(47)}-00`);
    expect(candidates.at(-1)).toBe(`${'y'.repeat(37)}-${'0'.repeat(12)}`);
  });

  it('are well-formed and never all digits, whatever the name and the dice', () => {
    const dice = fc.infiniteStream(fc.nat());
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), dice, (name, rolls) => {
        const randomInt = (exclusiveMax: number) => rolls.next().value % exclusiveMax;
        for (const slug of slugCandidates(name, randomInt)) {
          expect(isWellFormedSlug(slug)).toBe(true);
        }
      }),
    );
  });
});
