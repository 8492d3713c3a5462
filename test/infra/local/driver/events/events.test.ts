import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningStack } from '../../../../../infra/local/stack.ts';
import { AWS_CALL, invoke, queueMapping, streamMapping } from '../../support/assembly.ts';
import { callService, events, idle, startApp } from '../../support/local-stack.ts';

let stack: RunningStack & { lines: string[] };

beforeAll(async () => {
  stack = await startApp({
    functions: { Write: WRITE, Relay: RELAY, Read: READ, Direct: READ, Ordered: READ },
    properties: {
      Write: { Environment: { Variables: { TABLE: { Ref: 'Table' } } } },
      Relay: { Environment: { Variables: { BUS: { Ref: 'Bus' } } } },
    },
    paths: { '/0/write': { post: invoke('Write') } },
    resources: {
      Stream: streamMapping('Relay', {
        FilterCriteria: {
          Filters: [
            {
              Pattern: JSON.stringify({
                eventName: ['INSERT'],
                dynamodb: { NewImage: { entity: { S: ['outbox'] } } },
              }),
            },
          ],
        },
        MaximumRetryAttempts: 2,
        BisectBatchOnFunctionError: true,
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Dead', 'Arn'] } } },
      }),
      Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
      Work: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: 'work',
          VisibilityTimeout: 60,
          RedrivePolicy: {
            deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] },
            maxReceiveCount: 2,
          },
        },
      },
      WorkMapping: queueMapping('Work', 'Read'),
      Later: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'later', DelaySeconds: 1 } },
      LaterMapping: queueMapping('Later', 'Read', {
        MaximumBatchingWindowInSeconds: 5,
        FilterCriteria: { Filters: [{ Pattern: '{"body":{"detail":{"wanted":[true]}}}' }] },
      }),
      Line: {
        Type: 'AWS::SQS::Queue',
        Properties: { QueueName: 'line.fifo', FifoQueue: true, ContentBasedDeduplication: true },
      },
      LineMapping: queueMapping('Line', 'Ordered', { BatchSize: 2 }),
      WorkRule: rule({ 'detail-type': ['work'] }, [queueTarget('Work')]),
      LaterRule: rule({ 'detail-type': ['later'] }, [queueTarget('Later')]),
      LineRule: rule({ 'detail-type': ['line'] }, [
        { ...queueTarget('Line'), SqsParameters: { MessageGroupId: 'all' } },
      ]),
      DirectRule: rule({ 'detail-type': [{ prefix: 'direct' }] }, [
        { Id: 'a', Arn: { 'Fn::GetAtt': ['Direct', 'Arn'] } },
      ]),
    },
  });
});

afterAll(() => stack?.stop());

afterEach(async () => {
  await fetch(`${stack.url}/_local/events`, { method: 'DELETE' });
  await fetch(`${stack.url}/_local/metrics`, { method: 'DELETE' });
  stack.lines.length = 0;
});

describe('a request to put events', () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const put = (...entries: unknown[]) =>
    callService(stack.eventbridge, 'AWSEvents.PutEvents', { Entries: entries });
  const entry = (Detail: string) => ({ Source: 'test', DetailType: 'deep', Detail });

  it('survives details that are nested too deep, and says so entry by entry', async () => {
    const answer = await put(entry('{"n":1}'), entry(deep(100_000)), entry(deep(3_000)), {
      ...entry(deep(500)),
      DetailType: 'work',
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      FailedEntryCount: 2,
      Entries: [
        { EventId: expect.any(String) },
        { ErrorCode: 'MalformedDetail' },
        { ErrorCode: 'MalformedDetail' },
        { EventId: expect.any(String) },
      ],
    });
    await idle(stack);
    expect(await events(stack)).toHaveLength(2);
  });

  const nestedList = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
  it.each([
    ['null', null],
    ['a number', 1],
    ['a list', []],
    ['a source that is a list', { ...entry('{}'), Source: nestedList(2_000) }],
    ['resources that are lists of lists', { ...entry('{}'), Resources: [nestedList(2_000)] }],
    ['a time that is an object', { ...entry('{}'), Time: {} }],
  ])('is refused as a whole with an entry that is %s', async (_, bad) => {
    const answer = await put(entry('{}'), bad);
    expect(answer).toMatchObject({ status: 400, body: { __type: 'SerializationException' } });
    expect(await events(stack)).toEqual([]);
  });
});

describe('an outbox record', () => {
  it('becomes an event, and reaches the function behind a rule and a queue', async () => {
    await write([{ entity: 'outbox', type: 'work', detail: { n: 1 } }]);
    await idle(stack);

    const [event, ...others] = await events(stack);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      version: '0',
      'detail-type': 'work',
      source: 'test',
      region: 'local',
      detail: { n: 1 },
    });
    expect(event?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(await handled()).toEqual({ 'work 1': 1 });
  });

  it('is told from other items by the filter of the mapping', async () => {
    await write([{ entity: 'other', type: 'work', detail: { n: 2 } }]);
    await idle(stack);
    expect(await events(stack)).toEqual([]);
  });

  it('is followed by all others in the order of the stream', async () => {
    await write(
      Array.from({ length: 25 }, (_, n) => ({ entity: 'outbox', type: 'line', detail: { n } })),
    );
    await idle(stack);
    const details = (await events(stack)).map((event) => (event.detail as { n: number }).n);
    expect(details).toEqual(Array.from({ length: 25 }, (_, n) => n));
    expect(await order()).toEqual(details);
  });

  it('that fails does not take the others of its batch with it, and is given up at last', async () => {
    await write([
      { entity: 'outbox', type: 'work', detail: { n: 3 } },
      { entity: 'outbox', type: 'poison', detail: { n: 4 } },
      { entity: 'outbox', type: 'work', detail: { n: 5 } },
    ]);
    await idle(stack);
    expect(await handled()).toEqual({ 'work 3': 1, 'work 5': 1 });
    const [letter] = await deadLetters();
    expect(letter).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
      DDBStreamBatchInfo: { batchSize: 1 },
    });
  });

  it('that makes its function throw is found by halving the batch, and is given up alone', async () => {
    await write([
      { entity: 'outbox', type: 'work', detail: { n: 20 } },
      { entity: 'outbox', type: 'throw', detail: { n: 21 } },
      { entity: 'outbox', type: 'work', detail: { n: 22 } },
    ]);
    await idle(stack);
    expect(Object.keys(await handled()).sort()).toEqual(['work 20', 'work 22']);
    expect(await deadLetters()).toMatchObject([{ DDBStreamBatchInfo: { batchSize: 1 } }]);
  });
});

describe('a message', () => {
  it('that fails comes back alone, and not the others of its batch', async () => {
    await put(
      { DetailType: 'work', Detail: '{"n":6}' },
      { DetailType: 'work', Detail: '{"n":7,"failures":1}' },
    );
    await idle(stack);
    expect(await handled()).toEqual({ 'work 6': 1, 'work 7': 2 });
  });

  it('that keeps failing ends in the queue behind', async () => {
    await put({ DetailType: 'work', Detail: '{"n":8,"failures":99}' });
    await idle(stack);
    expect(await handled()).toEqual({ 'work 8': 2 });
    const [letter] = await deadLetters();
    expect(letter).toMatchObject({ detail: { n: 8 } });
  });

  it('whose reader dies comes back too', async () => {
    await put({ DetailType: 'work', Detail: '{"n":9,"crashes":true}' });
    await idle(stack);
    expect(await handled()).toEqual({ 'work 9': 2 });
    expect((await deadLetters()).length).toBe(1);
  });

  it('that is delayed is waited for, and one that the filter refuses is not delivered', async () => {
    await put(
      { DetailType: 'later', Detail: '{"n":10,"wanted":true}' },
      { DetailType: 'later', Detail: '{"n":11,"wanted":false}' },
    );
    const before = performance.now();
    await idle(stack);
    expect(performance.now() - before).toBeGreaterThan(900);
    expect(await handled()).toEqual({ 'later 10': 1 });
  });
});

describe('a function behind a rule', () => {
  it('is invoked with the event, and again when it fails', async () => {
    await put({ DetailType: 'direct.one', Detail: '{"n":12,"failures":1}' });
    await idle(stack);
    expect(await handled()).toEqual({ 'direct.one 12': 2 });
  });
});

describe('PutEvents', () => {
  it('speaks with the SDK', async () => {
    const client = new EventBridgeClient({
      endpoint: stack.eventbridge,
      region: 'anywhere',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
    const Time = new Date('2030-01-02T03:04:05Z');
    const entry = { Source: 'mine', DetailType: 'mine', Detail: '{"a":1}', Time };
    const answer = await client.send(
      new PutEventsCommand({
        Entries: [
          entry,
          { ...entry, EventBusName: stack.bus, Resources: ['arn:a'] },
          {
            ...entry,
            EventBusName: `arn:aws:events:local:000000000000:event-bus/${stack.bus}`,
          },
          { ...entry, EventBusName: 'default' },
        ],
      }),
    );
    client.destroy();

    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      undefined,
      undefined,
      'ResourceNotFoundException',
    ]);
    const found = await events(stack);
    expect(found.map(({ id }) => id)).toEqual(
      answer.Entries?.slice(0, 3).map(({ EventId }) => EventId),
    );
    expect(found[1]).toMatchObject({ time: '2030-01-02T03:04:05Z', resources: ['arn:a'] });
  });

  it.each([
    ['no source', { DetailType: 'a', Detail: '{}' }, 'InvalidArgument'],
    ['no type', { Source: 'a', Detail: '{}' }, 'InvalidArgument'],
    ['a long type', { Source: 'a', DetailType: 'a'.repeat(129), Detail: '{}' }, 'InvalidArgument'],
    ['no detail', { Source: 'a', DetailType: 'a' }, 'InvalidArgument'],
    ['a broken detail', { Source: 'a', DetailType: 'a', Detail: '{' }, 'MalformedDetail'],
    ['a list as detail', { Source: 'a', DetailType: 'a', Detail: '[]' }, 'MalformedDetail'],
    [
      'the source of AWS',
      { Source: 'aws.a', DetailType: 'a', Detail: '{}' },
      'NotAuthorizedForSourceException',
    ],
    [
      'a time that is none',
      { Source: 'a', DetailType: 'a', Detail: '{}', Time: 'soon' },
      'InvalidArgument',
    ],
  ])('refuses an entry with %s, and takes the others', async (_, entry, code) => {
    const good = { Source: 'mine', DetailType: 'mine', Detail: '{}' };
    const { status, body } = await callService(stack.eventbridge, 'AWSEvents.PutEvents', {
      Entries: [entry, good],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ FailedEntryCount: 1, Entries: [{ ErrorCode: code }, {}] });
    expect(await events(stack)).toHaveLength(1);
  });

  it.each([
    ['nothing', []],
    ['more than ten', Array(11).fill({ Source: 'a', DetailType: 'a', Detail: '{}' })],
    [
      'more than 1 MB',
      Array(2).fill({ Source: 'a', DetailType: 'a', Detail: `"${'a'.repeat(600_000)}"` }),
    ],
  ])('refuses a request with %s', async (_, Entries) => {
    const { status, body } = await callService(stack.eventbridge, 'AWSEvents.PutEvents', {
      Entries,
    });
    expect(status).toBe(400);
    expect(body.__type).toBe('ValidationException');
  });

  it('knows no other operation', async () => {
    const { status, body } = await callService(stack.eventbridge, 'AWSEvents.PutRule', {});
    expect([status, body.__type]).toEqual([400, 'UnknownOperationException']);
  });
});

describe('what the stack says of itself', () => {
  it('is where it is', async () => {
    const { stop: _, lines: __, ...summary } = stack;
    expect(await (await fetch(`${stack.url}/_local/stack`)).json()).toEqual(summary);
  });

  it('names what there is when something is asked for that there is not', async () => {
    const response = await fetch(`${stack.url}/_local/nothing`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('/_local/idle');
  });
});

type Item = { entity: string; type: string; detail: object };

async function write(items: readonly Item[]): Promise<void> {
  const response = await fetch(`${stack.url}/api/0/write`, {
    method: 'POST',
    body: JSON.stringify(items),
  });
  expect(response.status).toBe(204);
}

async function put(...entries: { DetailType: string; Detail: string }[]): Promise<void> {
  const { body } = await callService(stack.eventbridge, 'AWSEvents.PutEvents', {
    Entries: entries.map((entry) => ({ Source: 'test', ...entry })),
  });
  expect(body.FailedEntryCount).toBe(0);
}

/** How often each event was handled: `{'work 1': 1}`. */
async function handled(): Promise<Record<string, number>> {
  const metrics = (await (await fetch(`${stack.url}/_local/metrics`)).json()) as {
    name: string;
    dimensions: { event: string };
    value: number;
  }[];
  return Object.fromEntries(metrics.map(({ dimensions, value }) => [dimensions.event, value]));
}

/**
 * The numbers of the events of `line`, in the order in which they were handled: counters keep it.
 */
async function order(): Promise<number[]> {
  return Object.keys(await handled()).map((event) => Number(event.split(' ')[1]));
}

/** Takes the letters out of the queue. */
async function deadLetters(): Promise<unknown[]> {
  const url = `${stack.url}/_local/sqs`;
  const QueueUrl = `${url}/000000000000/dead`;
  const { body } = await callService(url, 'AmazonSQS.ReceiveMessage', {
    QueueUrl,
    MaxNumberOfMessages: 10,
  });
  const messages = (body.Messages ?? []) as { Body: string; ReceiptHandle: string }[];
  for (const { ReceiptHandle } of messages) {
    await callService(url, 'AmazonSQS.DeleteMessage', { QueueUrl, ReceiptHandle });
  }
  return messages.map(({ Body }) => JSON.parse(Body));
}

function rule(EventPattern: object, Targets: object[]) {
  return {
    Type: 'AWS::Events::Rule',
    Properties: { EventBusName: { Ref: 'Bus' }, EventPattern, State: 'ENABLED', Targets },
  };
}

function queueTarget(queue: string) {
  return { Id: 'a', Arn: { 'Fn::GetAtt': [queue, 'Arn'] } };
}

const WRITE = `${AWS_CALL}
let count = 0;
export const handler = async ({ body }) => {
  for (const { entity, type, detail } of JSON.parse(body)) {
    await call(process.env.AWS_ENDPOINT_URL_DYNAMODB, 'DynamoDB_20120810.PutItem', {
      TableName: process.env.TABLE,
      Item: {
        pk: { S: String(process.pid) + '-' + (count += 1) },
        entity: { S: entity },
        type: { S: type },
        detail: { S: JSON.stringify(detail) },
      },
    });
  }
  return { statusCode: 204 };
};
`;

const RELAY = `${AWS_CALL}
export const handler = async ({ Records }) => {
  const batchItemFailures = [];
  for (const { dynamodb } of Records) {
    const { type, detail } = dynamodb.NewImage;
    if (type.S === 'throw') throw new Error('as asked');
    if (type.S === 'poison') {
      batchItemFailures.push({ itemIdentifier: dynamodb.SequenceNumber });
      break;
    }
    await call(process.env.AWS_ENDPOINT_URL_EVENTBRIDGE, 'AWSEvents.PutEvents', {
      Entries: [{ Source: 'test', DetailType: type.S, Detail: detail.S, EventBusName: process.env.BUS }],
    });
  }
  return { batchItemFailures };
};
`;

const READ = `
const tries = new Map();
const handle = (event, count) => {
  console.log(JSON.stringify({
    _aws: { CloudWatchMetrics: [{ Namespace: 'n', Dimensions: [['event']], Metrics: [{ Name: 'handled' }] }] },
    event: event['detail-type'] + ' ' + event.detail.n,
    handled: 1,
  }));
  if (event.detail.crashes) process.exit(1);
  return count > (event.detail.failures ?? 0);
};
export const handler = async (event) => {
  if (!event.Records) {
    const count = (tries.get(event.id) ?? 0) + 1;
    tries.set(event.id, count);
    if (!handle(event, count)) throw new Error('as asked');
    return;
  }
  const failed = event.Records.filter(
    ({ body, attributes }) => !handle(JSON.parse(body), Number(attributes.ApproximateReceiveCount)),
  );
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
`;
