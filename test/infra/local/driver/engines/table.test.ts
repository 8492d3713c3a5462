import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTable } from '../../../../../infra/local/driver/engines/create-table.ts';
import { startTable, type TableEngine } from '../../../../../infra/local/driver/engines/table.ts';
import { tableIndexes } from '../../../../../infra/table-indexes.ts';
import { freshTable, TABLE_PROPERTIES } from '../../../../support/table.ts';

const ACCESS = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
};

function documentClient(endpoint: string): DynamoDBDocumentClient {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, ...ACCESS }));
  onTestFinished(() => client.destroy());
  return client;
}

describe('the table engine', () => {
  let engine: TableEngine;
  beforeAll(async () => {
    engine = await startTable();
  });
  afterAll(() => engine.stop());

  it('commits a transaction whole, or says which item refused and what it holds', async () => {
    const table = await freshTable(engine.endpoint);
    const client = documentClient(engine.endpoint);
    const put = (pk: string, version: number) => ({
      Put: {
        TableName: table.name,
        Item: { pk, sk: 'ASSIGNMENT', version },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    });
    await client.send(new TransactWriteCommand({ TransactItems: [put('a', 1), put('b', 1)] }));
    const refused = await client
      .send(new TransactWriteCommand({ TransactItems: [put('c', 2), put('b', 2)] }))
      .catch((error) => error);
    expect(refused).toBeInstanceOf(TransactionCanceledException);
    expect(refused.CancellationReasons).toMatchObject([
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Item: { pk: { S: 'b' }, version: { N: '1' } } },
    ]);
    const { Item } = await client.send(
      new GetCommand({ TableName: table.name, Key: { pk: 'c', sk: 'ASSIGNMENT' } }),
    );
    expect(Item).toBeUndefined();
  });

  it.each(tableIndexes())(
    'pages through the items of $name in the order of its sort key',
    async ({ name, partitionKey, sortKey }) => {
      const table = await freshTable(engine.endpoint);
      const client = documentClient(engine.endpoint);
      for (const n of [3, 1, 2]) {
        const Item = {
          pk: `g${n}`,
          sk: 'GROUP',
          [partitionKey]: 'project',
          [sortKey]: `${n}`,
        };
        await client.send(new PutCommand({ TableName: table.name, Item }));
      }
      const page = (ExclusiveStartKey?: Record<string, unknown>) =>
        client.send(
          new QueryCommand({
            TableName: table.name,
            IndexName: name,
            KeyConditionExpression: '#pk = :pk',
            ExpressionAttributeNames: { '#pk': partitionKey },
            ExpressionAttributeValues: { ':pk': 'project' },
            ScanIndexForward: false,
            Limit: 2,
            ExclusiveStartKey,
          }),
        );
      const first = await page();
      expect(first.Items?.map(({ pk }) => pk)).toEqual(['g3', 'g2']);
      const second = await page(first.LastEvaluatedKey);
      expect(second.Items?.map(({ pk }) => pk)).toEqual(['g1']);
    },
  );

  it('shows every write in the stream, in order, with both images', async () => {
    const table = await freshTable(engine.endpoint);
    const client = documentClient(engine.endpoint);
    for (const version of [1, 2]) {
      const Item = { pk: 'group', sk: 'ASSIGNMENT', version };
      await client.send(new PutCommand({ TableName: table.name, Item }));
    }
    const records = await streamRecords(engine.endpoint, table.streamArn);
    expect(records).toMatchObject([
      { eventName: 'INSERT', dynamodb: { NewImage: { version: { N: '1' } } } },
      {
        eventName: 'MODIFY',
        dynamodb: { OldImage: { version: { N: '1' } }, NewImage: { version: { N: '2' } } },
      },
    ]);
  });

  it('keeps a table that is there with its items, and refuses one of another shape', async () => {
    const table = await freshTable(engine.endpoint);
    const client = documentClient(engine.endpoint);
    await client.send(new PutCommand({ TableName: table.name, Item: { pk: 'a', sk: 'b' } }));
    const again = await createTable({ ...table, properties: TABLE_PROPERTIES });
    expect(again.streamArn).toBe(table.streamArn);
    const key = { TableName: table.name, Key: { pk: 'a', sk: 'b' } };
    expect((await client.send(new GetCommand(key))).Item).toEqual({ pk: 'a', sk: 'b' });
    const indexes = TABLE_PROPERTIES.GlobalSecondaryIndexes ?? [];
    const renamed = indexes.map((index) => ({ ...index, IndexName: `${index.IndexName}-renamed` }));
    const properties = { ...TABLE_PROPERTIES, GlobalSecondaryIndexes: renamed };
    await expect(createTable({ ...table, properties })).rejects.toThrow(
      'with other keys or indexes than the template',
    );
  });

  it('refuses a property of the template that it does not know, by name', async () => {
    const properties = { ...TABLE_PROPERTIES, BillingMode: 'PAY_PER_REQUEST', Colour: 'blue' };
    await expect(
      createTable({ endpoint: engine.endpoint, name: 'coloured', properties }),
    ).rejects.toThrow('does not support these properties of the table coloured: Colour');
  });

  it('is taken as it is when DYNAMODB_ENDPOINT names it, and is left running', async () => {
    vi.stubEnv('DYNAMODB_ENDPOINT', engine.endpoint);
    onTestFinished(() => void vi.unstubAllEnvs());
    const named = await startTable();
    expect(named.endpoint).toBe(engine.endpoint);
    await named.stop();
    await expect(freshTable(engine.endpoint)).resolves.toMatchObject({ endpoint: engine.endpoint });
  });
});

it('finds the items and the unread stream of an earlier run in the file it is given', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'baton-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const dbPath = join(folder, 'kept.db');

  const before = await startTable({ dbPath });
  const table = await freshTable(before.endpoint);
  await documentClient(before.endpoint).send(
    new PutCommand({ TableName: table.name, Item: { pk: 'kept', sk: 'item' } }),
  );
  await before.stop();

  const after = await startTable({ dbPath });
  onTestFinished(() => after.stop());
  const { Item } = await documentClient(after.endpoint).send(
    new GetCommand({ TableName: table.name, Key: { pk: 'kept', sk: 'item' } }),
  );
  expect(Item).toEqual({ pk: 'kept', sk: 'item' });
  expect(await streamRecords(after.endpoint, table.streamArn)).toMatchObject([
    { eventName: 'INSERT', dynamodb: { Keys: { pk: { S: 'kept' } } } },
  ]);
});

it('says why when it cannot start, here because its port is taken', async () => {
  const stranger = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
  onTestFinished(() => void stranger.close());
  await once(stranger, 'listening');
  const { port } = stranger.address() as AddressInfo;
  await expect(startTable({ port })).rejects.toThrow(
    /dynoxide ended before it was ready: .*in use/s,
  );
});

it('says what to do on a machine for which there is no engine', () => {
  const program = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve(specifier, context, next) {
      if (specifier.startsWith('@dynoxide/')) throw new Error('Cannot find package ' + specifier);
      return next(specifier, context);
    } });
    const { startTable } = await import('./infra/local/driver/engines/table.ts');
    await startTable();
  `;
  const { DYNAMODB_ENDPOINT: _, ...env } = process.env;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', program], { env });
  expect(run.stderr.toString()).toContain(
    'set its address: DYNAMODB_ENDPOINT=http://127.0.0.1:8000',
  );
});

async function streamRecords(endpoint: string, streamArn: string) {
  const client = new DynamoDBStreamsClient({ endpoint, ...ACCESS });
  onTestFinished(() => client.destroy());
  const { StreamDescription } = await client.send(
    new DescribeStreamCommand({ StreamArn: streamArn }),
  );
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: StreamDescription?.Shards?.[0]?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  return (await client.send(new GetRecordsCommand({ ShardIterator }))).Records ?? [];
}
