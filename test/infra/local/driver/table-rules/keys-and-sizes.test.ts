import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import {
  KEY,
  many,
  put,
  putIf,
  query,
  S,
  strictTable,
  TABLE,
  transact,
  update,
} from '../../support/strict-table.ts';

const table = strictTable();

const text = (bytes: number) => S('a'.repeat(bytes));
const item = (pk: AttributeValue, sk: AttributeValue) => ({ pk, sk });
const batchPut = (Item: Record<string, AttributeValue>) =>
  new BatchWriteItemCommand({ RequestItems: { [TABLE.TableName]: [{ PutRequest: { Item } }] } });
const batchGet = (...Keys: Record<string, AttributeValue>[]) =>
  new BatchGetItemCommand({ RequestItems: { [TABLE.TableName]: { Keys } } });

const EMPTY =
  'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ';
const EMPTY_INDEX =
  'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: gsi3, IndexKey: gsi1pk';
const INVALID = 'One or more parameter values were invalid: ';
const PARTITION_SIZE = `${INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes`;
const SORT_SIZE = `${INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes`;
const INDEX_SIZE = `${INVALID}The update expression attempted to update the secondary index key beyond allowed size limits.`;
const INDEX_TYPE = `${INVALID}Type mismatch for Index Key gsi1pk Expected: S Actual: N IndexName: gsi3`;
const ITEM_SIZE = 'Item size has exceeded the maximum allowed size';
const DIGITS = 'Attempting to store more than 38 significant digits in a Number';
const NESTING =
  'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit';

const nested = (levels: number): AttributeValue =>
  levels === 0 ? S('x') : { M: { a: nested(levels - 1) } };
const manyDigits = { N: '1'.repeat(39) };

it.each([
  ['an empty partition key', put(item(S(''), S('a'))), `${EMPTY}pk`],
  ['an empty sort key', put(item(S('a'), S(''))), `${EMPTY}sk`],
  [
    'an empty key that is read',
    new GetItemCommand({ ...TABLE, Key: item(S(''), S('a')) }),
    `${EMPTY}pk`,
  ],
  ['an empty key in a batch', batchGet(item(S(''), S('a'))), `${EMPTY}pk`],
  [
    'an empty key in a transaction',
    transact([{ Put: { ...TABLE, Item: item(S(''), S('a')) } }]),
    `${EMPTY}pk`,
  ],
  [
    'an empty key that is asked for',
    query({ ExpressionAttributeValues: { ':p': S('') } }),
    `${EMPTY}pk`,
  ],
  ['an empty key of an index', put({ gsi1pk: S('') }), EMPTY_INDEX],
  ['an empty key of an index in a batch', batchPut({ ...KEY, gsi1pk: S('') }), EMPTY_INDEX],
  ['a partition key of 2,049 bytes', put(item(text(2_049), S('a'))), PARTITION_SIZE],
  [
    'a partition key of 1,025 letters of two bytes',
    put(item(S('ä'.repeat(1_025)), S('a'))),
    PARTITION_SIZE,
  ],
  [
    'a partition key of 2,049 bytes in a batch',
    batchPut(item(text(2_049), S('a'))),
    PARTITION_SIZE,
  ],
  [
    'a partition key of 2,049 bytes that is asked for',
    query({ ExpressionAttributeValues: { ':p': text(2_049) } }),
    PARTITION_SIZE,
  ],
  ['a sort key of 1,025 bytes', put(item(S('a'), text(1_025))), SORT_SIZE],
  [
    'a sort key of 1,025 bytes that is asked for',
    query({
      KeyConditionExpression: 'pk = :p AND sk = :s',
      ExpressionAttributeValues: { ':p': S('a'), ':s': text(1_025) },
    }),
    SORT_SIZE,
  ],
  [
    'an index’s partition key of 2,049 bytes',
    put({ gsi1pk: text(2_049), gsi1sk: S('a') }),
    PARTITION_SIZE,
  ],
  ['an index’s sort key of 1,025 bytes', put({ gsi1pk: S('a'), gsi1sk: text(1_025) }), SORT_SIZE],
  [
    'an index’s sort key of 1,025 bytes in a batch',
    batchPut({ ...KEY, gsi1sk: text(1_025) }),
    SORT_SIZE,
  ],
  [
    'an index’s sort key that an update makes too large',
    update('SET gsi1sk = :v', { ':v': text(1_025) }),
    INDEX_SIZE,
  ],
  [
    'an index’s partition key that an update may make too large',
    update('SET gsi1pk = if_not_exists(foo, :v)', { ':v': text(2_049) }),
    INDEX_SIZE,
  ],
  [
    'a key of another type',
    query({ ExpressionAttributeValues: { ':p': { N: '1' } } }),
    `${INVALID}Condition parameter type does not match schema type`,
  ],
  ['an index key of another type', put({ gsi1pk: { N: '1' } }), INDEX_TYPE],
  [
    'an index key that an update makes another type',
    update('SET gsi1pk = :n', { ':n': { N: '1' } }),
    INDEX_TYPE,
  ],
  [
    'an update of a key',
    update('SET sk = :v', { ':v': S('x') }),
    `${INVALID}Cannot update attribute sk. This attribute is part of the key`,
  ],
  [
    'a key without its sort key',
    new PutItemCommand({ ...TABLE, Item: { pk: S('a') } }),
    `${INVALID}Missing the key sk in the item`,
  ],
  [
    'a key with more than its attributes',
    batchGet({ ...KEY, foo: S('a') }),
    'The provided key element does not match the schema',
  ],
  ['an item above 400 KB', put({ v: text(400 * 1_024) }), ITEM_SIZE],
  ['an item above 400 KB in a batch', batchPut({ ...KEY, v: text(400 * 1_024) }), ITEM_SIZE],
  [
    'an update to more than 400 KB',
    update('SET v = :v', { ':v': text(400 * 1_024) }),
    'Item size to update has exceeded the maximum allowed size',
  ],
  ['a number of 39 digits', put({ n: manyDigits }), DIGITS],
  ['a number of 39 digits that is compared', putIf('n = :n', { ':n': manyDigits }), DIGITS],
  [
    'a number that is too large',
    put({ n: { N: '1e126' } }),
    'Number overflow. Attempting to store a number with magnitude larger than supported range',
  ],
  ['33 levels', put({ d: nested(32) }), NESTING],
  [
    'an empty set',
    put({ s: { SS: [] } }),
    '1 validation error detected: One or more parameter values were invalid: An string set  may not be empty',
  ],
  [
    'an empty string in a set',
    put({ m: { M: { s: { SS: ['a', ''] } } } }),
    `${INVALID}An string set may not have a empty string as a member`,
  ],
  [
    'a set with one value twice',
    put({ s: { SS: ['a', 'a'] } }),
    `1 validation error detected: ${INVALID}Input collection [a, a] contains duplicates.`,
  ],
  [
    'a transaction of more than 4 MB',
    transact(
      many(12, (i) => ({
        Put: { ...TABLE, Item: { ...item(S('a'), S(`${i}`)), v: text(380 * 1_024) } },
      })),
    ),
    'Collection size of items exceeded, which can also be caused by the aggregate size of the items in the transaction exceeding the 4MB limit',
  ],
])('%s is refused', async (_, command, message) => {
  expect(await table.refusal(command)).toMatchObject({ name: 'ValidationException', message });
});

const putOf = (more: Record<string, AttributeValue>) => ({
  Put: { ...TABLE, Item: { ...KEY, ...more } },
});
const updateOf = (UpdateExpression: string, value: AttributeValue) => ({
  Update: { ...TABLE, Key: KEY, UpdateExpression, ExpressionAttributeValues: { ':v': value } },
});

it.each([
  ['an index key of another type', putOf({ gsi1pk: { N: '1' } }), INDEX_TYPE],
  ['an index key that is too large', putOf({ gsi1sk: text(1_025) }), SORT_SIZE],
  ['an index key that becomes too large', updateOf('SET gsi1sk = :v', text(1_025)), INDEX_SIZE],
  [
    'an update of a key',
    updateOf('SET sk = :v', S('x')),
    `${INVALID}Cannot update attribute sk. This attribute is part of the key`,
  ],
  ['33 levels', putOf({ d: nested(32) }), NESTING],
])('%s is a reason to cancel a transaction', async (_, wrong, Message) => {
  const other = { Put: { ...TABLE, Item: item(S('z'), S('z')) } };
  expect(await table.refusal(transact([other, wrong]))).toMatchObject({
    name: 'TransactionCanceledException',
    reasons: [{ Code: 'None' }, { Code: 'ValidationError', Message }],
  });
});

it('what is exactly at a limit is accepted', async () => {
  await table.send(
    put({ ...item(text(2_048), text(1_024)), gsi1pk: text(2_048), gsi1sk: text(1_024) }),
  );
  await table.send(put({ v: text(400 * 1_024 - 'pkaskbv'.length), d: undefined as never }));
  await table.send(put({ d: nested(31), n: { N: '1'.repeat(38) } }));
  await table.send(query({ ExpressionAttributeValues: { ':p': text(2_048) } }));
});
