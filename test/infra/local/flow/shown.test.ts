import { describe, expect, it } from 'vitest';
import { shownRow } from '../../../../infra/local/flow/rows.ts';
import {
  cutDetail,
  HIDDEN,
  shownBody,
  shownText,
  shownValue,
} from '../../../../infra/local/flow/shown.ts';

describe('a text', () => {
  it.each([
    ['words stay', 'Assigned to core', 'Assigned to core'],
    ['an id stays', 'de0f8795-8908-4441-8d57-d16813b78a91', 'de0f8795-8908-4441-8d57-d16813b78a91'],
    ['an address goes', 'to bob@acme.io, please', `to ${HIDDEN}@${HIDDEN}, please`],
    ['a hash goes', `TOKEN#${'0a'.repeat(32)} TOKEN`, `TOKEN#${HIDDEN} TOKEN`],
    ['what is long is cut', 'ab '.repeat(100), `${'ab '.repeat(100).slice(0, 200)}${HIDDEN}`],
  ])('%s', (_, text, shown) => {
    expect(shownText(text)).toBe(shown);
  });
});

describe('a value', () => {
  it.each<[string, string, unknown, unknown]>([
    ['of a listed field stays', 'assignedTo', 'team:21', 'team:21'],
    ['of an id stays', 'groupId', '101', '101'],
    ['of another field goes', 'text', 'dear diary', HIDDEN],
    ['of a field that ends like an id but is a secret goes', 'secretId', 'x', HIDDEN],
    ['that is a number stays', 'anything', 7, 7],
    ['that is a number of a secret goes', 'tokenNumber', 7, HIDDEN],
    ['that is a list is shown member by member', 'assignees', ['hubot'], ['hubot']],
    [
      'that is an object is shown field by field',
      'x',
      { id: '1', raw: 'y' },
      { id: '1', raw: HIDDEN },
    ],
    [
      'of a long list says how many more there are',
      'ids',
      Array(22).fill('1'),
      [...Array(20).fill('1'), '2 more'],
    ],
  ])('%s', (_, field, value, shown) => {
    expect(shownValue(field, value)).toEqual(shown);
  });

  it.each<[string, string, unknown]>([
    ['nothing', '', null],
    ['JSON', '{"assignedTo":"user:12","comment":"x"}', { assignedTo: 'user:12', comment: HIDDEN }],
    ['a form', 'refresh_token=abc', HIDDEN],
    ['a text as JSON', '"abc"', HIDDEN],
  ])('in a body of %s', (_, body, shown) => {
    expect(shownBody(body)).toEqual(shown);
  });
});

it('a detail of more than 4,000 characters is cut where it is large', () => {
  const rows = Array.from({ length: 200 }, (_, id) => ({ id, key: 'k'.repeat(50) }));
  const cut = cutDetail({ writer: 'group-update', rows });
  expect(cut).toMatchObject({ writer: 'group-update', isCut: true });
  expect(JSON.stringify(cut).length).toBeLessThan(4_000);
  expect(cutDetail({ rows: rows.slice(0, 2) })).toEqual({ rows: rows.slice(0, 2) });
});

describe('a row', () => {
  const keys = { pk: { S: 'G#101' }, sk: { S: 'A#ASSIGNMENT' } };
  const row = { ...keys, entity: { S: 'assignment' }, gsi3pk: { S: 'A#1#user:12' } };
  const before = { ...row, assignee: { S: 'user:12' }, version: { N: '1' } };
  const after = { ...row, assignee: { NULL: true }, version: { N: '2' } };
  const named = { type: 'assignment', key: 'G#101 A#ASSIGNMENT' };

  it.each<[string, Parameters<typeof shownRow>[0], object]>([
    [
      'that is new',
      { keys, before: undefined, after: before },
      { ...named, change: 'new', fields: { assignee: 'user:12', version: 1 } },
    ],
    [
      'that has changed',
      { keys, before, after },
      { ...named, change: 'changed', fields: { assignee: ['user:12', null], version: [1, 2] } },
    ],
    [
      'that is gone',
      { keys, before, after: undefined },
      { ...named, change: 'removed', fields: { assignee: 'user:12', version: 1 } },
    ],
    [
      'of a login, without it',
      { keys: { pk: { S: 'LOGIN#bob' }, sk: { S: '0#12' } }, before: undefined, after: {} },
      { type: 'row', key: 'LOGIN#... 0#12', change: 'new', fields: {} },
    ],
    [
      'of a token, without its hash',
      { keys: { pk: { S: 'TOKEN#abc' }, sk: { S: 'TOKEN' } }, before: undefined, after: {} },
      { type: 'row', key: 'TOKEN#... TOKEN', change: 'new', fields: {} },
    ],
  ])('%s', (_, item, shown) => {
    expect(shownRow(item)).toEqual(shown);
  });
});
