import { beforeAll, describe, expect, it } from 'vitest';
import type { TableFault } from '../../infra/local/driver/table-rules/faults.ts';
import { createBatchDelete } from '../../shared/stores/batch-delete.ts';
import { untilProcessed } from '../../shared/stores/throttling.ts';
import { createTransact } from '../../shared/stores/transaction.ts';
import { faulty } from '../support/faulty-table.ts';
import { type TestWorld, worldOnFreshTable } from '../support/world.ts';

const MANY = 1_000;
const THROTTLED = expect.objectContaining({ code: 'table.throttled' });
const CONFLICT = expect.objectContaining({ code: 'conflict' });
const keysOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ pk: `throttling#${name}`, sk: String(index) }));

let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable({ integrations: [] });
});

/** Rows of a partition of their own, and a table over them that has these faults. */
async function rows(name: string, count: number, faults: readonly TableFault[]) {
  const keys = keysOf(name, count);
  const written = await createTransact(world.stores.table)(
    keys.map((Item) => ({ name: `row ${Item.sk}`, put: { Item } })),
  );
  expect(written.committed).toBe(true);
  const subject = await faulty(world);
  subject.faults.set(faults);
  return { keys, ...subject };
}

describe('keys that are left unprocessed', () => {
  it('are read again, after a wait', async () => {
    const { table, keys, waits } = await rows('read', 10, [{ kind: 'unprocessed', calls: 2 }]);
    const found = await table.batchGet(keys);
    expect(found.map(({ sk }) => sk).sort()).toEqual(keys.map(({ sk }) => sk));
    expect(waits).toEqual([1, 2]);
  });

  it('are deleted again, after a wait', async () => {
    const subject = await rows('delete', 60, [{ kind: 'unprocessed', calls: 4, every: 2 }]);
    await createBatchDelete(subject.table)(subject.keys);
    expect(await world.stores.table.batchGet(subject.keys)).toEqual([]);
    expect(subject.waits).not.toEqual([]);
  });

  it('end in a refusal after eight calls', async () => {
    const waits: number[] = [];
    let calls = 0;
    const nothing = async (keys: string[]) => {
      calls += 1;
      return keys;
    };
    const wait = async (attempt: number) => void waits.push(attempt);
    await expect(untilProcessed(['key'], nothing, wait)).rejects.toEqual(THROTTLED);
    expect(calls).toBe(8);
    expect(waits).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('a table that is throttled', () => {
  it.each<[string, (subject: Awaited<ReturnType<typeof rows>>) => Promise<unknown>]>([
    ['a read', ({ table }) => table.get({ pk: 'a', sk: 'b' })],
    ['a batch of reads', ({ table, keys }) => table.batchGet(keys)],
    ['a batch of deletions', ({ table, keys }) => createBatchDelete(table)(keys)],
    [
      'a Query',
      ({ table }) =>
        table.queryAll({
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': 'a' },
        }),
    ],
    [
      'a transaction',
      ({ stores, keys: [Key] }) =>
        stores.transact([{ name: 'row', delete: { Key: Key ?? { pk: '', sk: '' } } }]),
    ],
  ])('refuses %s as throttled', async (name, call) => {
    const subject = await rows(name, 2, [{ kind: 'throttle', calls: MANY }]);
    await expect(call(subject)).rejects.toEqual(THROTTLED);
    expect(await world.stores.table.batchGet(subject.keys)).toHaveLength(2);
  });

  it('gets a cancelled transaction again, which then is through', async () => {
    const { stores, keys, waits } = await rows('again', 2, [{ kind: 'cancel', calls: 4 }]);
    const deletions = keys.map((Key) => ({ name: `row ${Key.sk}`, delete: { Key } }));
    expect(await stores.transact(deletions)).toEqual({ committed: true });
    expect(waits).toEqual([1, 2, 3, 4]);
    expect(await world.stores.table.batchGet(keys)).toEqual([]);
  });

  it('gets it five times, and nothing of it happens', async () => {
    const { stores, keys, waits } = await rows('never', 2, [{ kind: 'cancel', calls: MANY }]);
    const deletions = keys.map((Key) => ({ name: `row ${Key.sk}`, delete: { Key } }));
    await expect(stores.transact(deletions)).rejects.toEqual(THROTTLED);
    expect(waits).toEqual([1, 2, 3, 4]);
    expect(await world.stores.table.batchGet(keys)).toHaveLength(2);
  });
});

describe('a transaction beside another one', () => {
  it('did not happen, and no write of it was refused', async () => {
    const { stores, keys } = await rows('conflict', 2, [{ kind: 'conflict', calls: 1 }]);
    const deletions = keys.map((Key) => ({ name: `row ${Key.sk}`, delete: { Key } }));
    expect(await stores.transact(deletions)).toEqual({ committed: false, refused: [] });
    expect(await stores.transact(deletions)).toEqual({ committed: true });
  });

  it('and so is a plain write, which is then tried again', async () => {
    const { stores } = await rows('crossing', 1, [{ kind: 'conflict', calls: 1 }]);
    await expect(stores.deliveries.finish('31', 'event')).resolves.toBeUndefined();
  });

  it('is a conflict where the other ones do not end', async () => {
    const { stores } = await rows('crowd', 1, [{ kind: 'conflict', calls: MANY }]);
    await expect(stores.deliveries.finish('31', 'event')).rejects.toEqual(CONFLICT);
  });
});
