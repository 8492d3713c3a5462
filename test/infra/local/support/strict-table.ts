import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { createTable } from '../../../../infra/local/driver/engines/create-table.ts';
import { startTable } from '../../../../infra/local/driver/engines/table.ts';
import { startTableFront } from '../../../../infra/local/driver/engines/table-front.ts';
import { createTableRules } from '../../../../infra/local/driver/table-rules/table-rules.ts';
import { TABLE_PROPERTIES } from '../../../support/table.ts';

export const TABLE = { TableName: 'baton-test' };
export const S = (text: string) => ({ S: text });
export const KEY = { pk: S('a'), sk: S('b') };
/** The values of an expression that names `:v`. */
export const V = { ':v': S('x') };

/** As many as `count` of what `one` makes. */
export const many = <T>(count: number, one: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => one(index));

export const put = (
  item: PutItemCommandInput['Item'],
  more: Partial<PutItemCommandInput> = {},
): PutItemCommand => new PutItemCommand({ ...TABLE, Item: { ...KEY, ...item }, ...more });

/** A write of the key alone, under a condition. */
export const putIf = (
  ConditionExpression: string,
  ExpressionAttributeValues?: PutItemCommandInput['ExpressionAttributeValues'],
  ExpressionAttributeNames?: Record<string, string>,
): PutItemCommand =>
  put(
    {},
    { ConditionExpression, ...defined({ ExpressionAttributeValues, ExpressionAttributeNames }) },
  );

export const update = (
  UpdateExpression: string,
  ExpressionAttributeValues?: UpdateItemCommandInput['ExpressionAttributeValues'],
  ExpressionAttributeNames?: Record<string, string>,
): UpdateItemCommand =>
  new UpdateItemCommand({
    ...TABLE,
    Key: KEY,
    UpdateExpression,
    ...defined({ ExpressionAttributeValues, ExpressionAttributeNames }),
  });

export const get = (more: object = {}): GetItemCommand =>
  new GetItemCommand({ ...TABLE, Key: KEY, ...more });

export const remove = (more: object = {}): DeleteItemCommand =>
  new DeleteItemCommand({ ...TABLE, Key: KEY, ...more });

/** A Query of the partition `a`. */
export const query = (more: Partial<QueryCommandInput>): QueryCommand =>
  new QueryCommand({
    ...TABLE,
    KeyConditionExpression: 'pk = :p',
    ExpressionAttributeValues: { ':p': S('a') },
    ...more,
  });

type TransactItem = NonNullable<TransactWriteItemsCommandInput['TransactItems']>[number];

export const transact = (
  items: TransactItem[],
  ClientRequestToken?: string,
): TransactWriteItemsCommand =>
  new TransactWriteItemsCommand({ TransactItems: items, ...defined({ ClientRequestToken }) });

function defined<T extends object>(given: T) {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]: Exclude<T[Name], undefined>;
  };
}

/** A command of the client: which one, its type says to the compiler alone. */
type Command = { readonly input: object };

/** A table of Baton's shape for the tests of one file, with the rules in front of its engine. */
export function strictTable() {
  const cleanup = new AsyncDisposableStack();
  let client: DynamoDBClient;
  beforeAll(async () => {
    const engine = await startTable();
    cleanup.defer(() => engine.stop());
    const front = await startTableFront(engine.endpoint, [createTableRules()]);
    cleanup.defer(() => front.stop());
    const { endpoint } = front;
    await createTable({ endpoint, name: TABLE.TableName, properties: TABLE_PROPERTIES });
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    client = new DynamoDBClient({ endpoint, region: 'local', credentials, maxAttempts: 1 });
    cleanup.defer(() => client.destroy());
  });
  afterAll(() => cleanup.disposeAsync());

  return {
    send: (command: Command) => client.send(command as PutItemCommand),
    /** The name and the message of what the table answers; an acceptance is told as one. */
    async refusal(command: Command) {
      try {
        await client.send(command as PutItemCommand);
        return { name: 'accepted', message: '' };
      } catch (error) {
        const { name, message } = error as Error;
        return {
          name,
          message,
          reasons: (error as { CancellationReasons?: object[] }).CancellationReasons,
        };
      }
    },
  };
}
