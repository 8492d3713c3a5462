import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../../shared/domain/errors.ts';
import {
  entityTagOf,
  isHeldAlready,
  parseEntityTags,
  preconditionOf,
} from '../../../shared/http/repetition/entity-tag.ts';

const strong = (tag: string) => ({ tag, isWeak: false });
const weak = (tag: string) => ({ tag, isWeak: true });

describe('a header of entity tags', () => {
  it.each<[string, ReturnType<typeof parseEntityTags>]>([
    ['*', '*'],
    [' * ', '*'],
    ['"a"', [strong('"a"')]],
    ['""', [strong('""')]],
    ['W/"a"', [weak('"a"')]],
    ['"a", "b"', [strong('"a"'), strong('"b"')]],
    ['"a","b"', [strong('"a"'), strong('"b"')]],
    ['"a"\t,\t W/"b" ', [strong('"a"'), weak('"b"')]],
    ['"a,b", "c"', [strong('"a,b"'), strong('"c"')]],
    [',, "a", ,"b",', [strong('"a"'), strong('"b"')]],
    ['"é"', [strong('"é"')]],
    ['"a!#$%&\'()*+/\\"', [strong('"a!#$%&\'()*+/\\"')]],
    ['', undefined],
    [' , ,', undefined],
    ['a', undefined],
    ['"a', undefined],
    ['a"', undefined],
    ['"a" "b"', undefined],
    ['"a";"b"', undefined],
    ['w/"a"', undefined],
    ['W/ "a"', undefined],
    ['W/a', undefined],
    ['*, "a"', undefined],
    ['"a", *', undefined],
    ['"a b"', undefined],
    ['"a\u0100"', undefined],
  ])('%s', (header, expected) => {
    expect(parseEntityTags(header)).toEqual(expected);
  });

  it('reads back every list that it may be sent', () => {
    const tag = fc
      .array(fc.constantFrom(...'!#aZ09-_~{}[]\\,/*'))
      .map((letters) => `"${letters.join('')}"`);
    const one = fc.record({ tag, isWeak: fc.boolean() });
    const between = fc.constantFrom(',', ', ', ' ,\t', ' , , ');
    fc.assert(
      fc.property(fc.array(one, { minLength: 1 }), between, (tags, comma) => {
        const header = tags.map(({ tag, isWeak }) => `${isWeak ? 'W/' : ''}${tag}`).join(comma);
        expect(parseEntityTags(header)).toEqual(tags);
      }),
    );
  });

  it('is refused in as many steps as it has letters', () => {
    const header = `${' \t'.repeat(5_000)}x`;
    expect(parseEntityTags(header.repeat(10))).toBeUndefined();
  });
});

describe('a tag', () => {
  it('is strong, and the same for the same state whatever the order of its names', () => {
    expect(entityTagOf({ a: 1, b: { c: null, d: [1] } })).toMatch(/^"[\w-]{22}"$/);
    expect(entityTagOf({ a: 1, b: 2 })).toBe(entityTagOf({ b: 2, a: 1 }));
    expect(entityTagOf({ a: 1 })).not.toBe(entityTagOf({ a: 2 }));
  });
});

describe('If-Match', () => {
  const state = { status: 'unresolved' };
  const tag = entityTagOf(state);
  const codeOf = (header: string) => {
    try {
      preconditionOf({ headers: { 'if-match': header } })?.(state);
      return 'met';
    } catch (error) {
      return error instanceof DomainError ? error.code : error;
    }
  };

  it.each([
    [tag, 'met'],
    ['*', 'met'],
    [`"other", ${tag}`, 'met'],
    ['"other"', 'precondition.failed'],
    [`W/${tag}`, 'precondition.failed'],
    [tag.slice(1, -1), 'request.invalid'],
    ['', 'request.invalid'],
  ])('%s is %s', (header, expected) => {
    expect(codeOf(header)).toBe(expected);
  });

  it('is not there: nothing is required', () => {
    expect(preconditionOf({ headers: {} })).toBeNull();
  });
});

describe('If-None-Match', () => {
  it.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
    ['', false],
  ])('%s: held %s', (header, expected) => {
    expect(isHeldAlready({ headers: { 'if-none-match': header } }, '"a"')).toBe(expected);
  });

  it('is not there: nothing is held', () => {
    expect(isHeldAlready({ headers: {} }, '"a"')).toBe(false);
  });
});
