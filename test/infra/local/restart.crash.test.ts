import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RunningStack } from '../../../infra/local/stack.ts';
import { HANG_GUARD_MS } from '../../support/hang-guard.ts';
import {
  AWS_CALL,
  invoke,
  queueMapping,
  streamMapping,
  writeAssembly,
} from './support/assembly.ts';
import { events, idle } from './support/local-stack.ts';

const SCRIPT = fileURLToPath(new URL('support/run-stack.ts', import.meta.url));

let folder: string;
let app: Awaited<ReturnType<typeof writeAssembly>>;
let running: ChildProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-test-restart-'));
  app = await writeAssembly({
    functions: { Write: WRITE, Relay: RELAY, Read: READ, Often: OFTEN },
    properties: {
      Write: { Environment: { Variables: { TABLE: { Ref: 'Table' } } } },
      Read: { Timeout: 60, Environment: { Variables: { FOLDER: folder } } },
      Often: { Environment: { Variables: { FOLDER: folder } } },
    },
    paths: { '/0/write': { post: invoke('Write') } },
    resources: {
      Stream: streamMapping('Relay'),
      Work: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } },
      Mapping: queueMapping('Work', 'Read', { BatchSize: 1 }),
      Schedule: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          Name: 'often',
          ScheduleExpression: 'rate(1 day)',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: {
            Arn: { 'Fn::GetAtt': ['Often', 'Arn'] },
            RoleArn: { 'Fn::GetAtt': ['SchedulerRole', 'Arn'] },
          },
        },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventBusName: { Ref: 'Bus' },
          EventPattern: { source: ['test'] },
          Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['Work', 'Arn'] } }],
        },
      },
    },
  });
});

afterEach(async () => {
  if (running) {
    await kill(running);
  }
  app.remove();
  rmSync(folder, { recursive: true, force: true });
});

it('after a kill -9 all is done that was not done, and nothing that was', async () => {
  const first = await start();
  await write(first, 'a');
  await write(first, 'b');
  await idle(first);
  await vi.waitFor(() => expect(checkpoint()).toBe('2'), { timeout: HANG_GUARD_MS });

  hold('c', 'e');
  for (const name of ['c', 'd', 'e']) {
    await write(first, name);
  }
  // `d` is done and `c` before it is not: the checkpoint must not pass `c`.
  await vi.waitFor(() => expect(done().sort()).toEqual(['a', 'b', 'd']), {
    timeout: HANG_GUARD_MS,
  });
  await kill(running);

  release('c', 'e');
  const second = await start();
  await idle(second);
  expect((await events(second)).map((event) => event['detail-type'])).toEqual(['c', 'd', 'e']);
  expect(done().sort()).toEqual(['a', 'b', 'c', 'd', 'd', 'e']);
  await vi.waitFor(() => expect(checkpoint()).toBe('5'), { timeout: HANG_GUARD_MS });
});

it('a clean stop loses nothing either', async () => {
  const first = await start();
  hold('a');
  await write(first, 'a');
  await write(first, 'b');
  await vi.waitFor(() => expect(done()).toEqual(['b']), { timeout: HANG_GUARD_MS });
  running?.kill('SIGTERM');
  await once(running as ChildProcess, 'exit');

  release('a');
  const second = await start();
  await idle(second);
  expect(done().sort()).toEqual(['a', 'b', 'b']);
});

it('a start with a kept table runs its schedules, whose time may have come', async () => {
  const ran = () => existsSync(join(folder, 'ran'));
  const first = await start();
  await write(first, 'a');
  await idle(first);
  await vi.waitFor(() => expect(checkpoint()).toBe('1'), { timeout: HANG_GUARD_MS });
  expect(ran()).toBe(false);
  await kill(running);

  await start();
  await vi.waitFor(() => expect(ran()).toBe(true), { timeout: HANG_GUARD_MS });
});

async function start(): Promise<RunningStack> {
  const child = spawn(process.execPath, [SCRIPT, app.folder, join(folder, 'table.db')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running = child;
  for await (const line of createInterface({ input: child.stdout })) {
    return JSON.parse(line);
  }
  throw new Error('The stack did not start.');
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function write(stack: RunningStack, name: string): Promise<void> {
  const response = await fetch(`${stack.url}/api/0/write`, { method: 'POST', body: name });
  expect(response.status).toBe(204);
}

/** The function that handles these waits until they are released. */
function hold(...names: string[]): void {
  for (const name of names) {
    writeFileSync(join(folder, `hold-${name}`), '');
  }
}

function release(...names: string[]): void {
  for (const name of names) {
    rmSync(join(folder, `hold-${name}`));
  }
}

/** What was handled, in order. */
function done(): string[] {
  const file = join(folder, 'done');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

/** The sequence number up to which all is written. */
function checkpoint(): string {
  const stored = readFileSync(join(folder, 'table.db.checkpoint.json'), 'utf8');
  return (JSON.parse(stored) as { sequenceNumber: string }).sequenceNumber;
}

const WRITE = `${AWS_CALL}
export const handler = async ({ body }) => {
  await call(process.env.AWS_ENDPOINT_URL_DYNAMODB, 'DynamoDB_20120810.PutItem', {
    TableName: process.env.TABLE,
    Item: { pk: { S: body } },
  });
  return { statusCode: 204 };
};
`;

const RELAY = `${AWS_CALL}
export const handler = async ({ Records }) => {
  for (const { dynamodb } of Records) {
    await call(process.env.AWS_ENDPOINT_URL_EVENTBRIDGE, 'AWSEvents.PutEvents', {
      Entries: [{ Source: 'test', DetailType: dynamodb.NewImage.pk.S, Detail: '{}' }],
    });
  }
  return { batchItemFailures: [] };
};
`;

const READ = `
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
const { FOLDER } = process.env;
export const handler = async ({ Records: [{ body }] }) => {
  const name = JSON.parse(body)['detail-type'];
  while (existsSync(join(FOLDER, 'hold-' + name))) await new Promise((resolve) => setTimeout(resolve, 10));
  appendFileSync(join(FOLDER, 'done'), name + '\\n');
  return { batchItemFailures: [] };
};
`;

const OFTEN = `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
export const handler = async () => writeFileSync(join(process.env.FOLDER, 'ran'), '');
`;
