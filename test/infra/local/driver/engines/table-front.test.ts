import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, it, onTestFinished } from 'vitest';
import {
  startTableFront,
  type TableCall,
  type TableCheck,
} from '../../../../../infra/local/driver/engines/table-front.ts';

type Seen = { url: string | undefined; headers: IncomingHttpHeaders; body: string };

/** An engine that answers everything with an item, and tells what reached it. */
async function startEngine() {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks = (await request.toArray()) as Buffer[];
    const { url, headers } = request;
    seen.push({ url, headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(200, { 'x-engine': 'yes' });
    response.end('{"Item":{"pk":{"S":"a"}}}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(stop);
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, stop };
}

async function startFront(checks: readonly TableCheck[]) {
  const engine = await startEngine();
  const writes: string[] = [];
  const onWrite = () => void writes.push('write');
  const front = await startTableFront(engine.endpoint, checks, { onWrite });
  const client = new DynamoDBClient({
    endpoint: front.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'group-read', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await front.stop();
  });
  return { engine, front, client, writes };
}

const KEY = { TableName: 'T', Key: { pk: { S: 'a' } } };

it('a call that no check answers reaches the engine as it came, but for the access key', async () => {
  const { engine, client } = await startFront([() => undefined]);
  expect(await client.send(new GetItemCommand(KEY))).toMatchObject({ Item: { pk: { S: 'a' } } });
  const [call] = engine.seen;
  expect(JSON.parse(call?.body ?? '')).toEqual(KEY);
  expect(call?.headers['x-amz-target']).toBe('DynamoDB_20120810.GetItem');
  expect(call?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=local\/\d+\/local\//);
});

it('the first check that answers is heard, and neither the next nor the engine is asked', async () => {
  const calls: TableCall[] = [];
  const refuse: TableCheck = (call) => {
    calls.push(call);
    return call.operation === 'PutItem'
      ? { status: 400, body: { __type: 'x#ValidationException', message: 'Not so.' } }
      : undefined;
  };
  const after: string[] = [];
  const { engine, client } = await startFront([
    refuse,
    ({ operation }) => void after.push(operation),
  ]);
  await expect(
    client.send(new PutItemCommand({ TableName: 'T', Item: KEY.Key })),
  ).rejects.toMatchObject({ name: 'ValidationException', message: 'Not so.' });
  await client.send(new GetItemCommand(KEY));
  expect(calls).toMatchObject([
    { operation: 'PutItem', keyId: 'group-read', input: { TableName: 'T' } },
    { operation: 'GetItem', keyId: 'group-read', input: KEY },
  ]);
  expect(after).toEqual(['GetItem']);
  expect(engine.seen).toHaveLength(1);
});

it.each([
  ['of another protocol', 'DynamoDBStreams_20120810.ListStreams', '{}'],
  ['that is not JSON', 'DynamoDB_20120810.GetItem', '{'],
  ['that is no object', 'DynamoDB_20120810.GetItem', '[]'],
])('a call %s is the engine’s to answer', async (_, target, body) => {
  const { engine, front } = await startFront([() => ({ status: 500, body: {} })]);
  const answer = await fetch(front.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': target },
    body,
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-engine')).toBe('yes');
  expect(engine.seen).toMatchObject([{ body, headers: { 'x-amz-target': target } }]);
});

it('a call whose engine is gone sees its connection end', async () => {
  const { engine, client } = await startFront([]);
  engine.stop();
  await expect(client.send(new GetItemCommand(KEY))).rejects.toMatchObject({ code: 'ECONNRESET' });
});

const PUT = { TableName: 'T', Item: KEY.Key };
const PUTS = { RequestItems: { T: [{ PutRequest: { Item: KEY.Key } }] } };

it.each([
  ['PutItem', new PutItemCommand(PUT), 1],
  ['UpdateItem', new UpdateItemCommand(KEY), 1],
  ['BatchWriteItem', new BatchWriteItemCommand(PUTS), 1],
  ['TransactWriteItems', new TransactWriteItemsCommand({ TransactItems: [{ Put: PUT }] }), 1],
  ['GetItem', new GetItemCommand(KEY), 0],
  ['Query', new QueryCommand({ TableName: 'T', KeyConditionExpression: 'pk = :a' }), 0],
] as const)('whether %s may have written is said before its answer', async (_, command, count) => {
  const { client, writes } = await startFront([]);
  await client.send<never, never>(command as never);
  expect(writes).toHaveLength(count);
});

it('a write that a check answers, or whose engine is gone, may have been done too', async () => {
  const answered = await startFront([() => ({ status: 200, body: {} })]);
  await answered.client.send(new PutItemCommand(PUT));
  expect(answered.writes).toHaveLength(1);
  const { engine, client, writes } = await startFront([]);
  engine.stop();
  await expect(client.send(new PutItemCommand(PUT))).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(writes).toHaveLength(1);
});
