import { describe, expect, it } from 'vitest';
import { actor, release } from '../../shared/stores/row-fields.ts';
import {
  type Field,
  flag,
  list,
  map,
  mapOf,
  nullable,
  number,
  object,
  oneOf,
  optional,
  orElse,
  read,
  rowReader,
  text,
} from '../../shared/stores/rows.ts';

const key = { pk: 'P#31', sk: 'A#PROJECT' };
const readValue = (field: Field<unknown>, value: unknown) => read({ ...key, x: value }, 'x', field);

describe('a field', () => {
  it.each<[string, Field<unknown>, unknown, unknown]>([
    ['text', text, 'a', 'a'],
    ['number', number, 0, 0],
    ['flag', flag, false, false],
    ['map', map, { a: [1] }, { a: [1] }],
    ['oneOf', oneOf(['a', 'b']), 'b', 'b'],
    ['nullable of null', nullable(text), null, null],
    ['nullable of nothing', nullable(text), undefined, null],
    ['optional of nothing', optional(text), undefined, undefined],
    ['orElse of nothing', orElse(number, 7), undefined, 7],
    ['list', list(number), [1, 2], [1, 2]],
    ['mapOf', mapOf(number), { a: 1 }, { a: 1 }],
    [
      'object, other entries left out',
      release,
      { version: '1', firstSeen: 't', z: 1 },
      { version: '1', firstSeen: 't' },
    ],
    ['actor', actor, 'team:21', { type: 'team', id: '21' }],
  ])('%s is read', (_, field, value, expected) => {
    expect(readValue(field, value)).toEqual(expected);
  });

  it.each<[string, Field<unknown>, unknown, string]>([
    ['text', text, 5, '"x" should be text and is a number'],
    ['text', text, undefined, '"x" should be text and is missing'],
    ['number', number, '5', '"x" should be a number and is a string'],
    ['flag', flag, null, '"x" should be true or false and is null'],
    ['map', map, [], '"x" should be a map and is a list'],
    ['oneOf', oneOf(['a', 'b']), 'c', '"x" should be one of a, b and is a string'],
    ['nullable', nullable(text), 5, '"x" should be text and is a number'],
    ['optional', optional(text), null, '"x" should be text and is null'],
    ['orElse', orElse(flag, false), 'no', '"x" should be true or false and is a string'],
    ['list', list(text), ['a', 1], '"x.1" should be text and is a number'],
    ['mapOf', mapOf(number), { a: '1' }, '"x.a" should be a number and is a string'],
    [
      'object',
      object({ a: object({ b: text }) }),
      { a: {} },
      '"x.a.b" should be text and is missing',
    ],
    ['actor', actor, 'nobody', '"x" should be an actor like user:11 and is a string'],
  ])('%s that is damaged is refused: %j', (_, field, value, message) => {
    expect(() => readValue(field, value)).toThrow(
      `The row P#31 A#PROJECT is damaged: its attribute ${message}.`,
    );
  });
});

describe('a row', () => {
  const reader = rowReader<{ readonly id: string; readonly platform?: string }>({
    id: text,
    platform: optional(text),
  });

  it('is read without its keys and what it has beside its attributes', () => {
    expect(reader({ ...key, gsi1pk: 'x', id: '31' })).toEqual({ id: '31' });
    expect(Object.keys(reader({ ...key, id: '31' }))).toEqual(['id']);
  });

  it.each([
    [{ pk: 'LOGIN#alice@acme.io', sk: '1#11' }, 'LOGIN#... 1#11'],
    [{ pk: 'O#1', sk: 'PENDINGEMAIL#alice@acme.io' }, 'O#1 PENDINGEMAIL#...'],
    [{ pk: 'I#501', sk: 'ACCOUNT#name#alice doe#7' }, 'I#501 ACCOUNT#...'],
  ])('that is damaged is named without the people in its key: %j', (row, name) => {
    expect(() => reader(row)).toThrow(`The row ${name} is damaged`);
  });
});
