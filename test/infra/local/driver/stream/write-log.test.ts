import { describe, expect, it } from 'vitest';
import type { Seen } from '../../../../../infra/local/driver/services/observation.ts';
import type { StreamRecord } from '../../../../../infra/local/driver/stream/stream.ts';
import { createWriteLog } from '../../../../../infra/local/driver/stream/write-log.ts';

/** A log that has begun to read, whose causes are the callers' tokens, and what it has told. */
function startLog() {
  const told: Seen[] = [];
  const log = createWriteLog({
    keyAttributes: ['pk'],
    causesOf: (token) => (token === undefined ? [] : [token]),
    observe: (seen) => void told.push(seen),
  });
  log.beginRead()(true);
  /** What was told, as writer and keys. */
  const writes = () =>
    told.map((seen) =>
      seen.what === 'write'
        ? [seen.writer ?? null, ...seen.items.map(({ keys }) => keys.pk?.S)]
        : seen.what,
    );
  return { log, writes };
}

const put = (pk: string, caller = 'a') => ({
  ...{ operation: 'PutItem', input: { Item: { pk: { S: pk }, n: { N: '1' } } } },
  ...{ keyId: `fn-${caller}`, callerToken: caller },
});
const record = (pk: string): StreamRecord => ({
  ...{ eventID: pk, eventName: 'INSERT' },
  dynamodb: { SequenceNumber: '1', Keys: { pk: { S: pk } }, ApproximateCreationDateTime: 1 },
});

describe('the keys of a call', () => {
  const [one, two, three] = ['1', '2', '3'].map((pk) => ({ pk: { S: pk } }));
  it.each<[string, Record<string, unknown>, string[]]>([
    ['PutItem', { Item: { ...one, x: { S: 'y' } } }, ['1']],
    ['UpdateItem', { Key: one }, ['1']],
    ['DeleteItem', { Key: one }, ['1']],
    [
      'BatchWriteItem',
      { RequestItems: { T: [{ PutRequest: { Item: one } }, { DeleteRequest: { Key: two } }] } },
      ['1', '2'],
    ],
    [
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { Item: one } },
          { Update: { Key: two } },
          { Delete: { Key: three } },
          { ConditionCheck: { Key: { pk: { S: '4' } } } },
        ],
      },
      ['1', '2', '3'],
    ],
  ])('of %s', (operation, input, keys) => {
    const { log, writes } = startLog();
    const answered = log.watch({ operation, input, keyId: 'fn', callerToken: 'r' });
    answered(true);
    expect(log.take(keys.map(record))).toEqual(keys.map(() => ['r']));
    expect(writes()).toEqual([['fn', ...keys]]);
  });
});

describe('a record belongs to', () => {
  it('the call that wrote its key, also before that has its answer', () => {
    const { log, writes } = startLog();
    log.watch(put('1', 'a'));
    log.watch(put('2', 'b'));
    expect(log.take([record('2'), record('1')])).toEqual([['b'], ['a']]);
    expect(writes()).toEqual([
      ['fn-b', '2'],
      ['fn-a', '1'],
    ]);
  });

  it('the older of two calls that wrote the same key', () => {
    const { log } = startLog();
    log.watch(put('1', 'a'))(true);
    log.watch(put('1', 'b'))(true);
    expect(log.take([record('1'), record('1'), record('1')])).toEqual([['a'], ['b'], []]);
  });

  it('nobody, where the engine refused the call', () => {
    const { log, writes } = startLog();
    log.watch(put('1'))(false);
    expect(log.take([record('1')])).toEqual([[]]);
    expect(writes()).toEqual([[null, '1']]);
  });

  it('nobody, where it was written before the stream was read', () => {
    const log = createWriteLog({ keyAttributes: ['pk'], causesOf: () => ['x'], observe: () => {} });
    log.watch(put('1'))(true);
    expect(log.take([record('1')])).toEqual([[]]);
  });
});

describe('a call whose records do not come, because nothing changed,', () => {
  const two = {
    ...{ operation: 'BatchWriteItem', keyId: 'fn', callerToken: 'a' },
    input: {
      RequestItems: { T: ['1', '2'].map((pk) => ({ DeleteRequest: { Key: { pk: { S: pk } } } })) },
    },
  };

  it('is told of with those that came, when a read that began after it has ended', () => {
    const { log, writes } = startLog();
    const endEarly = log.beginRead();
    log.watch(two)(true);
    log.take([record('1')]);
    endEarly(true);
    expect(writes()).toEqual([]);
    log.beginRead()(false);
    expect(writes()).toEqual([]);
    log.beginRead()(true);
    expect(writes()).toEqual([['fn', '1']]);
    expect(log.take([record('2')])).toEqual([[]]);
  });

  it('is not told of where none came', () => {
    const { log, writes } = startLog();
    log.watch(put('1', 'a'))(true);
    log.beginRead()(true);
    expect(writes()).toEqual([]);
  });

  it('stays while it has no answer', () => {
    const { log } = startLog();
    log.watch(put('1', 'a'));
    log.beginRead()(true);
    expect(log.take([record('1')])).toEqual([['a']]);
  });
});
