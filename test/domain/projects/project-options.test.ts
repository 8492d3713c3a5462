import { describe, expect, it } from 'vitest';
import {
  optionsOf,
  optionsProblem,
  settingsOf,
  withOptions,
} from '../../../shared/domain/projects/project-options.ts';

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

describe('options', () => {
  it.each<[string, Record<string, unknown>]>([
    ['none', {}],
    ['words, numbers, yes and no', { a: 'x', 'sentry:b': 0, 'c-d_e.f': -1.5, g: true, h: null }],
    ['lists and objects', { a: [1, ['x']], b: { c: { d: [] } } }],
    ['the largest number that every client reads', { a: Number.MAX_SAFE_INTEGER }],
  ])('can be %s', (_, options) => {
    expect(optionsProblem(options)).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an empty name', { '': 1 }, '"" is not a valid option name.'],
    ['a name of other letters', { 'ä b': 1 }, '"ä b" is not a valid option name.'],
    [
      'a name that objects have by nature',
      JSON.parse('{"__proto__":1}'),
      '"__proto__" is not a valid option name.',
    ],
    ['an empty name inside', { a: { '': 1 } }, 'The value of "a" cannot be stored.'],
    ['a number beyond what the table holds', { a: 1e200 }, 'The value of "a" cannot be stored.'],
    ['a number too small for it', { a: 1e-200 }, 'The value of "a" cannot be stored.'],
    ['more nesting than anyone needs', { a: nested(5) }, 'The value of "a" cannot be stored.'],
    [
      'more text than an event carries',
      { a: 'x'.repeat(32_768) },
      'Ensure the options have no more than 32768 characters.',
    ],
  ])('cannot have %s', (_, options, sentence) => {
    expect(optionsProblem(options)).toBe(sentence);
  });

  it('are set over others, and null removes one', () => {
    expect(withOptions({ a: 1, b: 2 }, { b: null, c: 3 })).toEqual({ a: 1, c: 3 });
  });

  it('hold the settings that have fields of their own', () => {
    const options = optionsOf({ resolveAge: 24, defaultEnvironment: null });
    expect(options).toEqual({ 'sentry:resolve_age': 24, 'sentry:default_environment': null });
    expect(settingsOf(withOptions({}, options))).toMatchObject({
      resolveAge: 24,
      defaultEnvironment: null,
      digestsMinDelay: 300,
    });
  });
});
