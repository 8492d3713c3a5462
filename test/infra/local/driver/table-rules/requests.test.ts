import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import {
  get,
  KEY,
  many,
  put,
  query,
  remove,
  S,
  strictTable,
  TABLE,
  transact,
  update,
} from '../../support/strict-table.ts';

const table = strictTable();

const key = (index: number) => ({ pk: S('a'), sk: S(`${index}`) });
const batchGet = (...Keys: ReturnType<typeof key>[]) =>
  new BatchGetItemCommand({ RequestItems: { [TABLE.TableName]: { Keys } } });
const deletions = (...keys: ReturnType<typeof key>[]) =>
  new BatchWriteItemCommand({
    RequestItems: { [TABLE.TableName]: keys.map((Key) => ({ DeleteRequest: { Key } })) },
  });
const Delete = { ...TABLE, Key: KEY };
const LEGACY_COMPARISON = { foo: { ComparisonOperator: 'NULL' as const } };

const TWICE = 'Transaction request cannot include multiple operations on one item';
const DUPLICATES = 'Provided list of item keys contains duplicates';
const AT_MOST_100 =
  'failed to satisfy constraint: Member must have length less than or equal to 100';
const CONSISTENT = 'Consistent reads are not supported on global secondary indexes';
const OUTSIDE =
  'The provided starting key is outside query boundaries based on provided conditions';
const PREDICATE = 'The provided starting key does not match the range key predicate';
const GSI = { IndexName: 'gsi3', KeyConditionExpression: 'gsi1pk = :p' };
const BEGINNING = {
  KeyConditionExpression: 'pk = :p AND begins_with(sk, :s)',
  ExpressionAttributeValues: { ':p': S('a'), ':s': S('m') },
};
const AFTER = {
  KeyConditionExpression: 'pk = :p AND sk > :s',
  ExpressionAttributeValues: { ':p': S('a'), ':s': S('m') },
};
const legacy = (name: string) =>
  `The legacy parameter ${name}, which DynamoDB still accepts, is not supported`;

it.each([
  [
    '101 writes in a transaction',
    transact(many(101, (i) => ({ Delete: { ...TABLE, Key: key(i) } }))),
    AT_MOST_100,
  ],
  [
    '101 reads in a transaction',
    new TransactGetItemsCommand({
      TransactItems: many(101, (i) => ({ Get: { ...TABLE, Key: key(i) } })),
    }),
    AT_MOST_100,
  ],
  ['no write in a transaction', transact([]), 'Member must have length greater than or equal to 1'],
  [
    'an item twice in a transaction',
    transact([{ Put: { ...TABLE, Item: KEY } }, { Delete }]),
    TWICE,
  ],
  [
    'an item that is checked and written',
    transact([
      { Delete },
      {
        ConditionCheck: {
          ...TABLE,
          Key: { sk: S('b'), pk: S('a') },
          ConditionExpression: 'attribute_exists(pk)',
        },
      },
    ]),
    TWICE,
  ],
  [
    'an item that is read twice',
    new TransactGetItemsCommand({ TransactItems: [{ Get: Delete }, { Get: Delete }] }),
    TWICE,
  ],
  [
    'two writes in one element',
    transact([{ Put: { ...TABLE, Item: KEY }, Delete }]),
    'TransactItems can only contain one of Check, Put, Update or Delete',
  ],
  ['101 keys in a batch', batchGet(...many(101, key)), AT_MOST_100],
  ['no key in a batch', batchGet(), 'Member must have length greater than or equal to 1'],
  ['a key twice in a batch', batchGet(KEY, KEY), DUPLICATES],
  [
    '26 writes in a batch',
    deletions(...many(26, key)),
    'Member must have length less than or equal to 25',
  ],
  ['an item twice in a batch of writes', deletions(KEY, KEY), DUPLICATES],
  ['a consistent Query of an index', query({ ...GSI, ConsistentRead: true }), CONSISTENT],
  [
    'a consistent Scan of an index',
    new ScanCommand({ ...TABLE, IndexName: 'gsi3', ConsistentRead: true }),
    CONSISTENT,
  ],
  [
    'a Query without its partition',
    query({ KeyConditionExpression: 'sk = :p' }),
    'Query condition missed key schema element: pk',
  ],
  [
    'a Query of an index by the table’s key',
    query({ IndexName: 'gsi3' }),
    'Query condition missed key schema element: gsi1pk',
  ],
  [
    'a Query without conditions',
    query({ KeyConditionExpression: undefined, ExpressionAttributeValues: undefined }),
    'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
  ],
  [
    'a Query of an index that is not there',
    query({ ...GSI, IndexName: 'gsi9' }),
    'The table does not have the specified index: gsi9',
  ],
  [
    'a filter of a key',
    query({ FilterExpression: 'sk = :p' }),
    'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
  ],
  ['a limit of 0', query({ Limit: 0 }), 'Member must have value greater than or equal to 1'],
  [
    'a start in another partition',
    query({ ExclusiveStartKey: { pk: S('z'), sk: S('a') } }),
    OUTSIDE,
  ],
  [
    'a start outside a prefix',
    query({ ...BEGINNING, ExclusiveStartKey: { pk: S('a'), sk: S('n') } }),
    PREDICATE,
  ],
  [
    'a start before a bound',
    query({ ...AFTER, ExclusiveStartKey: { pk: S('a'), sk: S('m') } }),
    PREDICATE,
  ],
  [
    'half a start',
    query({ ExclusiveStartKey: { pk: S('a') } }),
    'The provided starting key is invalid',
  ],
  [
    'a start of an index without its keys',
    query({ ...GSI, ExclusiveStartKey: KEY }),
    'The provided starting key is invalid',
  ],
  [
    'new values of a Put',
    put({}, { ReturnValues: 'ALL_NEW' }),
    'ReturnValues can only be ALL_OLD or NONE',
  ],
  [
    'new values of a Delete',
    remove({ ReturnValues: 'ALL_NEW' }),
    'Member must satisfy enum value set: [ALL_OLD, NONE]',
  ],
  [
    'new values of a failed condition',
    put({}, { ReturnValuesOnConditionCheckFailure: 'ALL_NEW' as never }),
    'Member must satisfy enum value set: [ALL_OLD, NONE]',
  ],
  [
    'a token of 37 characters',
    transact([{ Delete }], 't'.repeat(37)),
    'Member must have length less than or equal to 36',
  ],
  ['Expected', put({}, { Expected: { foo: { Exists: false } } }), legacy('Expected')],
  [
    'AttributeUpdates',
    new UpdateItemCommand({ ...TABLE, Key: KEY, AttributeUpdates: { foo: { Action: 'DELETE' } } }),
    legacy('AttributeUpdates'),
  ],
  [
    'KeyConditions',
    query({
      KeyConditionExpression: undefined,
      ExpressionAttributeValues: undefined,
      KeyConditions: { pk: { ComparisonOperator: 'EQ', AttributeValueList: [S('a')] } },
    }),
    legacy('KeyConditions'),
  ],
  ['AttributesToGet', get({ AttributesToGet: ['pk'] }), legacy('AttributesToGet')],
  ['QueryFilter', query({ QueryFilter: LEGACY_COMPARISON }), legacy('QueryFilter')],
  [
    'ScanFilter',
    new ScanCommand({ ...TABLE, ScanFilter: LEGACY_COMPARISON }),
    legacy('ScanFilter'),
  ],
])('%s is refused', async (_, command, message) => {
  const refusal = await table.refusal(command);
  expect(refusal).toMatchObject({ name: 'ValidationException' });
  expect(refusal.message).toContain(message);
});

it('a token that comes again with another transaction is refused', async () => {
  const once = () => transact([{ Delete: { ...TABLE, Key: key(1) } }], 'token');
  await table.send(once());
  await table.send(once());
  const other = transact([{ Delete: { ...TABLE, Key: key(2) } }], 'token');
  expect(await table.refusal(other)).toMatchObject({
    name: 'IdempotentParameterMismatchException',
  });
});

it('a request of more than 16 MB is refused', async () => {
  const items = many(25, (i) => ({
    PutRequest: { Item: { ...key(i), v: S('a'.repeat(680_000)) } },
  }));
  const command = new BatchWriteItemCommand({ RequestItems: { [TABLE.TableName]: items } });
  await expect(table.send(command)).rejects.toMatchObject({ $metadata: { httpStatusCode: 413 } });
});

it('a page starts where the one before it ended', async () => {
  for (const index of many(3, (i) => i)) {
    await table.send(put({ sk: S(`m${index}`), gsi1pk: S('a'), gsi1sk: S(`${index}`) }));
  }
  await table.send(query({ ...BEGINNING, ExclusiveStartKey: { pk: S('a'), sk: S('m1') } }));
  await table.send(query({ ...AFTER, ExclusiveStartKey: { pk: S('a'), sk: S('m1') } }));
  const ofIndex = { pk: S('a'), sk: S('m1'), gsi1pk: S('a'), gsi1sk: S('1') };
  await table.send(query({ ...GSI, ExclusiveStartKey: ofIndex }));
  await table.send(update('SET gsi1sk = :v', { ':v': S('later') }));
});
