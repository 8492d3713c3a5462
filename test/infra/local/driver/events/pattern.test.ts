import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../../../infra/local/driver/events/pattern.ts';

const event = {
  source: 'baton',
  'detail-type': 'issue.assigned',
  detail: {
    id: '101',
    count: 5,
    zero: 0,
    none: null,
    yes: true,
    empty: '',
    list: ['a', 'b'],
    nothing: [],
    actor: { type: 'user', id: '11' },
    rows: [
      { k: 'a', v: 1 },
      { k: 'b', v: 2 },
    ],
  },
};

describe('an event matches', () => {
  it.each<[string, Record<string, unknown>, boolean]>([
    ['an exact text', { source: ['baton'] }, true],
    ['one of several texts', { source: ['other', 'baton'] }, true],
    ['another text', { source: ['Baton'] }, false],
    ['fields that all match', { source: ['baton'], detail: { id: ['101'] } }, true],
    ['fields of which one does not', { source: ['baton'], detail: { id: ['102'] } }, false],
    ['a nested field', { detail: { actor: { type: ['user'] } } }, true],
    ['a nested field that is not there', { detail: { other: { type: ['user'] } } }, false],
    ['a number', { detail: { count: [5] } }, true],
    ['a number as a text', { detail: { count: ['5'] } }, false],
    ['null', { detail: { none: [null] } }, true],
    ['null for what is not there', { detail: { absent: [null] } }, false],
    ['a boolean', { detail: { yes: [true] } }, true],
    ['an empty text', { detail: { empty: [''] } }, true],
    ['a list that holds the value', { detail: { list: ['b'] } }, true],
    ['a list that does not', { detail: { list: ['c'] } }, false],
    ['an object in a list', { detail: { rows: { k: ['b'], v: [2] } } }, true],
    ['two objects in a list, half each', { detail: { rows: { k: ['a'], v: [2] } } }, false],

    ['a prefix', { 'detail-type': [{ prefix: 'issue.' }] }, true],
    ['another prefix', { 'detail-type': [{ prefix: 'project.' }] }, false],
    ['a prefix of a number', { detail: { count: [{ prefix: '5' }] } }, false],
    ['a prefix in any case', { source: [{ prefix: { 'equals-ignore-case': 'BAT' } }] }, true],
    ['a suffix', { 'detail-type': [{ suffix: '.assigned' }] }, true],
    ['another suffix', { 'detail-type': [{ suffix: '.unassigned' }] }, false],
    ['a suffix in any case', { source: [{ suffix: { 'equals-ignore-case': 'TON' } }] }, true],
    ['a text in any case', { source: [{ 'equals-ignore-case': 'BATON' }] }, true],

    ['anything but another text', { source: [{ 'anything-but': 'other' }] }, true],
    ['anything but this text', { source: [{ 'anything-but': 'baton' }] }, false],
    ['anything but one of these', { source: [{ 'anything-but': ['x', 'baton'] }] }, false],
    ['anything but a number', { detail: { count: [{ 'anything-but': [4, 6] }] } }, true],
    ['anything but, of nothing', { detail: { absent: [{ 'anything-but': 'x' }] } }, false],
    ['anything but a prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }, true],
    ['anything but its prefix', { source: [{ 'anything-but': { prefix: 'bat' } }] }, false],
    ['anything but suffixes', { source: [{ 'anything-but': { suffix: ['x', 'ton'] } }] }, false],
    [
      'anything but a text in any case',
      { source: [{ 'anything-but': { 'equals-ignore-case': 'BATON' } }] },
      false,
    ],

    ['a field that exists', { detail: { id: [{ exists: true }] } }, true],
    ['a field that is null', { detail: { none: [{ exists: true }] } }, true],
    ['a field that is not there', { detail: { absent: [{ exists: false }] } }, true],
    ['a field that must not be there', { detail: { id: [{ exists: false }] } }, false],
    ['an object, which is no leaf', { detail: { actor: [{ exists: true }] } }, false],
    ['an empty list, which is nothing', { detail: { nothing: [{ exists: true }] } }, false],
    ['a value or nothing', { detail: { absent: ['x', { exists: false }] } }, true],

    ['a number equal to', { detail: { count: [{ numeric: ['=', 5] }] } }, true],
    ['a number in a range', { detail: { count: [{ numeric: ['>', 0, '<=', 5] }] } }, true],
    ['a number below a range', { detail: { zero: [{ numeric: ['>', 0, '<=', 5] }] } }, false],
    ['a text that looks like a number', { detail: { id: [{ numeric: ['>', 0] }] } }, false],

    ['one of two alternatives', { $or: [{ source: ['x'] }, { detail: { id: ['101'] } }] }, true],
    ['neither alternative', { $or: [{ source: ['x'] }, { detail: { id: ['x'] } }] }, false],
    [
      'an alternative inside',
      { detail: { $or: [{ id: ['101'] }, { count: [6] }], zero: [0] } },
      true,
    ],
    ['a pattern without a field', {}, true],
    ['a field of everything', { detail: { toString: [{ exists: true }] } }, false],
  ])('%s', (_, pattern, expected) => {
    expect(compilePattern(pattern, 'rule')(event)).toBe(expected);
  });
});

describe('a pattern is refused, with its place,', () => {
  it.each<[string, unknown, string]>([
    ['for an unknown operator', { a: [{ wildcard: '*' }] }, 'rule.a[0]: the operator wildcard'],
    ['for another one', { a: [{ cidr: '10.0.0.0/8' }] }, 'rule.a[0]: the operator cidr'],
    ['for two at once', { a: [{ prefix: 'a', suffix: 'b' }] }, 'rule.a[0]: a value'],
    ['for one inside anything-but', { a: [{ 'anything-but': { wildcard: '*' } }] }, 'wildcard'],
    ['for a text in place of a list', { a: { b: 'c' } }, 'rule.a.b: a field'],
    ['for an empty list', { a: [] }, 'rule.a: a list'],
    ['for a list in a list', { a: [['b']] }, 'rule.a[0]: ["b"]'],
    ['for a comparison without a number', { a: [{ numeric: ['>', 'x'] }] }, 'numeric'],
    ['for an unknown comparison', { a: [{ numeric: ['~', 1] }] }, 'numeric'],
    ['for half a comparison', { a: [{ numeric: ['>', 1, '<'] }] }, 'numeric'],
    ['for exists with a text', { a: [{ exists: 'yes' }] }, 'exists takes'],
    ['for a prefix that is a number', { a: [{ prefix: 5 }] }, 'must be a string, not 5'],
    ['for $or with one pattern', { $or: [{ a: ['b'] }] }, 'rule.$or'],
    ['when it is a list', ['a'], 'rule: a pattern is an object'],
  ])('%s', (_, pattern, message) => {
    expect(() => compilePattern(pattern, 'rule')).toThrow(message);
  });
});
