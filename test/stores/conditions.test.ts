import { beforeAll, describe, expect, it } from 'vitest';
import {
  allOf,
  anyOf,
  attributeIs,
  attributeIsAbsent,
  attributeIsAtMost,
  attributeIsNot,
  attributeIsNotAbove,
  attributeIsNotAtLeast,
  attributesAre,
  type Condition,
  doesNotExist,
  environmentsAre,
  exists,
  isLive,
  newestReleaseIs,
  versionIs,
} from '../../shared/stores/conditions.ts';
import type { Transact } from '../../shared/stores/transaction.ts';
import { type Changes, updateRow } from '../../shared/stores/updates.ts';
import { type TestWorld, worldOnFreshTable } from '../support/world.ts';

let world: TestWorld;
let transact: Transact;
let rows = 0;

beforeAll(async () => {
  world = await worldOnFreshTable();
  transact = world.stores.transact;
});

/** A key that no other case uses, with a row unless that is null. */
async function rowOf(attributes: Record<string, unknown> | null) {
  rows += 1;
  const key = { pk: `CONDITIONS#${rows}`, sk: 'ROW' };
  if (attributes !== null) {
    await transact([{ name: 'row', put: { Item: { ...key, ...attributes } } }]);
  }
  return key;
}

async function holds(attributes: Record<string, unknown> | null, condition: Condition) {
  const Key = await rowOf(attributes);
  return (await transact([{ name: 'row', check: { Key, ...condition } }])).committed;
}

describe('a condition', () => {
  it.each<
    [string, Condition, (Record<string, unknown> | null)[], (Record<string, unknown> | null)[]]
  >([
    ['doesNotExist', doesNotExist, [null], [{}]],
    ['exists', exists, [{}], [null]],
    ['attributeIs', attributeIs('name', 'a'), [{ name: 'a' }], [{ name: 'b' }, {}, null]],
    ['attributeIs of a path', attributeIs('a.size', 1), [{ a: { size: 1 } }], [{ a: {} }, {}]],
    ['attributeIsNot', attributeIsNot('name', 'a'), [{ name: 'b' }, {}], [{ name: 'a' }]],
    ['attributeIsAtMost', attributeIsAtMost('n', 2), [{ n: 1 }, { n: 2 }], [{ n: 3 }, {}]],
    [
      'attributeIsNotAtLeast',
      attributeIsNotAtLeast('n', 2),
      [{ n: 1 }, { n: null }, {}],
      [{ n: 2 }, { n: 3 }],
    ],
    [
      'attributeIsNotAbove',
      attributeIsNotAbove('n', 2),
      [{ n: 1 }, { n: 2 }, { n: null }, {}],
      [{ n: 3 }],
    ],
    ['attributeIsAbsent', attributeIsAbsent('n'), [{}, null], [{ n: 1 }, { n: null }]],
    [
      'attributesAre',
      attributesAre({ a: 1, b: null, c: undefined }),
      [{ a: 1, b: null }],
      [{ a: 1 }, { a: 1, b: null, c: 1 }, { a: 2, b: null }],
    ],
    ['versionIs', versionIs(3), [{ version: 3 }], [{ version: 4 }, null]],
    ['versionIs of no row', versionIs(null), [null], [{ version: 1 }]],
    [
      'isLive',
      isLive,
      [{ status: 'resolved' }],
      [null, { status: 'pending_deletion' }, { status: 'resolved', deletingSince: 'now' }],
    ],
    [
      'environmentsAre none',
      environmentsAre([]),
      [{}, { environments: [] }],
      [{ environments: ['a'] }],
    ],
    ['environmentsAre some', environmentsAre(['a']), [{ environments: ['a'] }], [{}]],
    [
      'newestReleaseIs none',
      newestReleaseIs(null),
      [{}, { newestRelease: null }],
      [{ newestRelease: { version: '1' } }],
    ],
    [
      'newestReleaseIs one',
      newestReleaseIs({ version: '1', firstSeen: 'then' }),
      [{ newestRelease: { version: '1' } }],
      [{ newestRelease: { version: '2' } }, { newestRelease: null }, {}],
    ],
    [
      'allOf and anyOf',
      allOf(anyOf(attributeIs('a', 1), attributeIs('b', 1)), attributeIs('version', 1)),
      [
        { a: 1, version: 1 },
        { b: 1, version: 1 },
      ],
      [{ a: 1, b: 1 }, { version: 1 }],
    ],
  ])('%s', async (_, condition, accepted, refused) => {
    expect(await Promise.all(accepted.map((row) => holds(row, condition)))).toEqual(
      accepted.map(() => true),
    );
    expect(await Promise.all(refused.map((row) => holds(row, condition)))).toEqual(
      refused.map(() => false),
    );
  });

  it('that compares an attribute with two values is refused when it is made', () => {
    expect(() => allOf(attributeIs('a', 1), attributeIs('a', 2))).toThrow(
      'The placeholder :aIs stands for two values',
    );
  });
});

describe('an update', () => {
  it.each<[string, Changes, Record<string, unknown>]>([
    ['sets', { set: { a: 5, name: 'x' } }, { a: 5, name: 'x', b: 2 }],
    ['sets what is absent only', { setIfAbsent: { a: 5, c: 7 } }, { a: 1, b: 2, c: 7 }],
    ['adds', { add: { a: 2, count: 3 } }, { a: 3, b: 2, count: 3 }],
    ['removes', { remove: ['a', 'z'] }, { b: 2 }],
    [
      'does all of them together',
      { set: { status: 's' }, setIfAbsent: { c: 1 }, add: { b: -1 }, remove: ['a'] },
      { b: 1, c: 1, status: 's' },
    ],
  ])('%s', async (_, changes, expected) => {
    const key = await rowOf({ a: 1, b: 2 });
    const update = updateRow(key, changes, attributeIs('a', 1));
    expect(await transact([{ name: 'row', update }])).toEqual({ committed: true });
    expect(await world.stores.table.get(key)).toEqual({ ...key, ...expected });
  });

  it('is refused where its condition does not hold, and changes nothing', async () => {
    const key = await rowOf({ version: 2 });
    const update = updateRow(key, { set: { version: 3 } }, versionIs(1));
    expect(await transact([{ name: 'row', update }])).toEqual({
      committed: false,
      refused: ['row'],
    });
    expect(await world.stores.table.get(key)).toEqual({ ...key, version: 2 });
  });
});
