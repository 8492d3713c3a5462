import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import {
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTimeToLiveSweep } from '../../../../../infra/local/driver/stream/time-to-live.ts';
import type { RunningStack } from '../../../../../infra/local/stack.ts';
import { HANG_GUARD_MS } from '../../../../support/hang-guard.ts';
import { AWS_CALL, invoke, queueMapping } from '../../support/assembly.ts';
import { callService, idle, startApp } from '../../support/local-stack.ts';

const anybody = { region: 'anywhere', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };

let stack: RunningStack & { lines: string[] };
let sqs: SQSClient;
let ssm: SSMClient;

beforeAll(async () => {
  stack = await startApp({
    functions: { Tick: TICK, Busy: BUSY, Send: SEND, Obey: OBEY },
    properties: {
      Tick: { MemorySize: 256, Environment: { Variables: { GREETING: 'hello' } } },
      Busy: { ReservedConcurrentExecutions: 2 },
      Send: { Environment: { Variables: { QUEUE: { Ref: 'Obeyed' } } } },
    },
    paths: {
      '/0/busy': { get: invoke('Busy') },
      '/0/tick': { get: invoke('Tick') },
      '/0/send': { post: invoke('Send') },
    },
    resources: {
      Open: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'open' } },
      OpenLine: {
        Type: 'AWS::SQS::Queue',
        Properties: { QueueName: 'open.fifo', FifoQueue: true },
      },
      Obeyed: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } },
      Mapping: queueMapping('Obeyed', 'Obey'),
      Often: schedule('often', 'Tick', { Input: '{"from":"schedule"}' }),
      Never: schedule('never', 'Tick', {}),
      Parameter: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Name: '/app/table', Type: 'String', Value: { Ref: 'Table' } },
      },
    },
  });
  sqs = new SQSClient({ endpoint: `${stack.url}/_local/sqs`, ...anybody });
  ssm = new SSMClient({ endpoint: `${stack.url}/_local/ssm`, ...anybody });
});

afterAll(async () => {
  sqs?.destroy();
  ssm?.destroy();
  await stack?.stop();
});

describe('SQS', () => {
  const QueueUrl = () => `${stack.url}/_local/sqs/000000000000/open`;

  it('sends, receives, hides and deletes', async () => {
    const sent = await sqs.send(new SendMessageCommand({ QueueUrl: QueueUrl(), MessageBody: 'ä' }));
    const receive = new ReceiveMessageCommand({
      QueueUrl: QueueUrl(),
      MessageSystemAttributeNames: ['All'],
    });
    const [message] = (await sqs.send(receive)).Messages ?? [];
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'ä',
      Attributes: { ApproximateReceiveCount: '1' },
    });
    const receipt = { QueueUrl: QueueUrl(), ReceiptHandle: message?.ReceiptHandle };
    await sqs.send(new ChangeMessageVisibilityCommand({ ...receipt, VisibilityTimeout: 0 }));
    const [again] = (await sqs.send(receive)).Messages ?? [];
    expect(again?.Attributes?.ApproximateReceiveCount).toBe('2');
    await sqs.send(
      new DeleteMessageCommand({ QueueUrl: QueueUrl(), ReceiptHandle: again?.ReceiptHandle }),
    );
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: QueueUrl(), AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      QueueArn: 'arn:aws:sqs:local:000000000000:open',
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      VisibilityTimeout: '30',
    });
  });

  it('answers each entry of a batch by itself', async () => {
    const answer = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: `${stack.url}/_local/sqs/000000000000/open.fifo`,
        Entries: [
          { Id: 'good', MessageBody: 'a', MessageGroupId: 'g', MessageDeduplicationId: '1' },
          { Id: 'bad', MessageBody: 'a' },
        ],
      }),
    );
    expect(answer.Successful).toMatchObject([{ Id: 'good', SequenceNumber: `${'0'.repeat(19)}1` }]);
    expect(answer.Failed).toMatchObject([{ Id: 'bad', Code: 'MissingParameter' }]);
  });

  it.each([
    ['an unknown queue', { QueueUrl: 'http://x/y/nobody', MessageBody: 'a' }, 'QueueDoesNotExist'],
    ['no body', { MessageBody: '' }, 'MissingParameter'],
    ['a long body', { MessageBody: 'a'.repeat(1024 * 1024 + 1) }, 'InvalidParameterValue'],
    ['a long delay', { MessageBody: 'a', DelaySeconds: 901 }, 'InvalidParameterValue'],
    ['attributes', { MessageBody: 'a', MessageAttributes: {} }, 'UnsupportedOperation'],
  ])('refuses %s', async (_, input, code) => {
    const { status, body } = await callService(`${stack.url}/_local/sqs`, 'AmazonSQS.SendMessage', {
      QueueUrl: QueueUrl(),
      ...input,
    });
    expect([status, body.__type]).toEqual([400, code]);
  });

  it('lets a function put off its own message, and waits for it', async () => {
    await fetch(`${stack.url}/api/0/send`, { method: 'POST', body: 'x' });
    const before = performance.now();
    await idle(stack);
    expect(performance.now() - before).toBeGreaterThan(1_900);
    expect(await counted('obeyed')).toBe(2);
  });
});

describe('SSM', () => {
  it('keeps parameters, those of the template from the start', async () => {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/app/table' }));
    expect(Parameter).toMatchObject({ Value: stack.table, Type: 'String', Version: 1 });

    const secret = { Name: '/app/deep/secret', Value: '{"a":1}', Type: 'SecureString' as const };
    await ssm.send(new PutParameterCommand(secret));
    await expect(ssm.send(new PutParameterCommand(secret))).rejects.toThrow('already exists');
    const put = await ssm.send(new PutParameterCommand({ ...secret, Overwrite: true }));
    expect(put.Version).toBe(2);

    const names = async (Recursive: boolean) => {
      const byPath = new GetParametersByPathCommand({ Path: '/app/', Recursive });
      return (await ssm.send(byPath)).Parameters?.map(({ Name }) => Name);
    };
    expect(await names(true)).toEqual(['/app/deep/secret', '/app/table']);
    expect(await names(false)).toEqual(['/app/table']);
  });

  it('says what it does not have', async () => {
    await expect(ssm.send(new GetParameterCommand({ Name: '/no' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    const answer = await ssm.send(new GetParametersCommand({ Names: ['/no', '/app/table'] }));
    expect(answer.InvalidParameters).toEqual(['/no']);
    expect(answer.Parameters?.map(({ Name }) => Name)).toEqual(['/app/table']);
  });
});

describe('a schedule', () => {
  it('runs when it is asked for, and answers when it is done', async () => {
    const response = await fetch(`${stack.url}/_local/schedules/often`, { method: 'POST' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ event: { from: 'schedule' } });
  });

  it('that is not there is answered with those that are', async () => {
    const response = await fetch(`${stack.url}/_local/schedules/seldom`, { method: 'POST' });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('often, never');
  });
});

describe('a function', () => {
  it('has the environment of Lambda, of the template, and the endpoints of this machine', async () => {
    const { env, context } = (await (await fetch(`${stack.url}/api/0/tick`)).json()) as {
      env: Record<string, string>;
      context: Record<string, unknown>;
    };
    expect(env).toMatchObject({
      GREETING: 'hello',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_REGION: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: stack.dynamodb,
      AWS_ENDPOINT_URL_EVENTBRIDGE: stack.eventbridge,
    });
    expect(env.HOME).toBeUndefined();
    expect(context).toMatchObject({
      functionName: 'app-Tick',
      invokedFunctionArn: 'arn:aws:lambda:local:000000000000:function:app-Tick',
      memoryLimitInMB: '256',
    });
  });

  it('runs one invocation at a time in each of at most as many processes as it may', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, async () => (await fetch(`${stack.url}/api/0/busy`)).json()),
    );
    const pids = new Set((answers as { pid: number }[]).map(({ pid }) => pid));
    expect(pids.size).toBe(2);
    expect((answers as { together: number }[]).map(({ together }) => together)).toEqual(
      Array(6).fill(1),
    );
  });

  it('whose process was killed from outside is started anew', async () => {
    const ask = async () =>
      (await (await fetch(`${stack.url}/api/0/tick`)).json()) as { pid: number };
    const { pid } = await ask();
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(async () => expect((await ask()).pid).not.toBe(pid), {
      timeout: HANG_GUARD_MS,
    });
  });
});

describe('items whose time is over', () => {
  it('are swept, and others are not', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const put = (pk: string, more: object) =>
      callService(stack.dynamodb, 'DynamoDB_20120810.PutItem', {
        TableName: stack.table,
        Item: { pk: { S: pk }, ...more },
      });
    await put('over', { expiresAt: { N: String(now - 10) } });
    await put('later', { expiresAt: { N: String(now + 1_000) } });
    await put('never', {});

    await createTimeToLiveSweep({
      endpoint: stack.dynamodb,
      tableName: stack.table,
      attribute: 'expiresAt',
      keyAttributes: ['pk'],
      warn: () => {},
    }).sweep();

    const { body } = await callService(stack.dynamodb, 'DynamoDB_20120810.Scan', {
      TableName: stack.table,
    });
    const left = (body.Items as { pk: { S: string } }[]).map(({ pk }) => pk.S);
    expect(left.sort()).toEqual(['later', 'never']);
  });
});

async function counted(name: string): Promise<number> {
  const response = await fetch(`${stack.url}/_local/metrics`);
  const metrics = (await response.json()) as { name: string; value: number }[];
  return metrics.find((metric) => metric.name === name)?.value ?? 0;
}

function schedule(Name: string, target: string, more: object) {
  return {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name,
      ScheduleExpression: 'rate(1 day)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': [target, 'Arn'] },
        RoleArn: { 'Fn::GetAtt': ['SchedulerRole', 'Arn'] },
        ...more,
      },
    },
  };
}

const TICK = `
export const handler = async (event, context) => {
  const body = { event, context, env: process.env, pid: process.pid };
  return event.httpMethod ? { statusCode: 200, body: JSON.stringify(body) } : body;
};
`;

const BUSY = `
let together = 0;
export const handler = async () => {
  together += 1;
  const seen = together;
  await new Promise((resolve) => setTimeout(resolve, 50));
  together -= 1;
  return { statusCode: 200, body: JSON.stringify({ pid: process.pid, together: seen }) };
};
`;

const SEND = `${AWS_CALL}
export const handler = async ({ body }) => {
  await call(process.env.AWS_ENDPOINT_URL_SQS, 'AmazonSQS.SendMessage', {
    QueueUrl: process.env.QUEUE,
    MessageBody: body,
  });
  return { statusCode: 204 };
};
`;

const OBEY = `${AWS_CALL}
export const handler = async ({ Records: [{ messageId, receiptHandle, attributes, eventSourceARN }] }) => {
  console.log(JSON.stringify({
    _aws: { CloudWatchMetrics: [{ Namespace: 'n', Dimensions: [[]], Metrics: [{ Name: 'obeyed' }] }] },
    obeyed: 1,
  }));
  if (attributes.ApproximateReceiveCount !== '1') return { batchItemFailures: [] };
  await call(process.env.AWS_ENDPOINT_URL_SQS, 'AmazonSQS.ChangeMessageVisibility', {
    QueueUrl: process.env.AWS_ENDPOINT_URL_SQS + '/000000000000/' + eventSourceARN.split(':').at(-1),
    ReceiptHandle: receiptHandle,
    VisibilityTimeout: 2,
  });
  return { batchItemFailures: [{ itemIdentifier: messageId }] };
};
`;
