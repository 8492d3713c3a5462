import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTable, type TableEngine } from '../../../infra/local/driver/engines/table.ts';
import { type AwsOperations, serveAws } from '../../../infra/local/driver/services/aws-json.ts';
import {
  createParameterStore,
  createSsmOperations,
} from '../../../infra/local/driver/services/ssm.ts';
import { recordEvent } from '../../../shared/stores/outbox.ts';
import { freshTable } from '../../support/table.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

let engine: TableEngine;
beforeAll(async () => {
  engine = await startTable();
});
afterAll(() => engine.stop());

type Entry = { Source: string; DetailType: string; Detail: string; EventBusName: string };

let server: Server;
let url: string;
let table: string;
let client: DynamoDBDocumentClient;
let parameters: ReturnType<typeof createParameterStore>;
let onBus: Entry[];
/** Decides for each entry of a call whether the bus refuses it, and with which code. */
let refuse: (entry: Entry, call: number) => string | undefined;

/** The addresses of a local stack that the commands use. */
beforeEach(async () => {
  table = (await freshTable(engine.endpoint)).name;
  client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: engine.endpoint,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  );
  parameters = createParameterStore(undefined);
  onBus = [];
  refuse = () => undefined;
  let calls = 0;
  const operations: AwsOperations = {
    ...createSsmOperations(parameters),
    PutEvents: ({ Entries }) => {
      calls++;
      return {
        Entries: (Entries as Entry[]).map((entry) => {
          const ErrorCode = refuse(entry, calls);
          if (ErrorCode !== undefined) {
            return { ErrorCode };
          }
          onBus.push(entry);
          return { EventId: randomUUID() };
        }),
      };
    },
  };
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    if (request.url === '/_local/stack') {
      const stack = { url, dynamodb: engine.endpoint, table, eventbridge: `${url}/aws`, bus: 'b' };
      response.end(JSON.stringify(stack));
    } else if (request.url?.startsWith('/aws')) {
      await serveAws({ operations, refusal: () => undefined }, request, body, response);
    } else {
      response.writeHead(404).end('{}');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return () => server.close();
});

const admin = (...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['infra/admin/admin.ts', ...args],
      {
        cwd: repository,
        env: {
          ...process.env,
          AWS_REGION: 'eu-west-1',
          AWS_ACCESS_KEY_ID: 'x',
          AWS_SECRET_ACCESS_KEY: 'x',
          AWS_ENDPOINT_URL_SSM: `${url}/aws`,
          AWS_ENDPOINT_URL_EVENTBRIDGE: `${url}/aws`,
          AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
        },
      },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

/** An event that was recorded then; answers its id. */
async function recorded(
  occurredAt: string,
  type: 'issue.assigned' | 'issue.unassigned' = 'issue.assigned',
): Promise<string> {
  const eventId = randomUUID();
  const write = recordEvent({
    type,
    detail: {
      eventId,
      aggregateId: 'group:101',
      version: 1,
      occurredAt,
      requestId: 'r',
      organizationId: '1',
      projectId: '31',
      groupId: '101',
      data: {},
    },
  });
  const Item = 'put' in write ? write.put.Item : undefined;
  await client.send(new PutCommand({ TableName: table, Item }));
  return eventId;
}

const idOf = ({ Detail }: Entry) => JSON.parse(Detail).eventId as string;

describe('replay', () => {
  it('puts what was recorded since then on the bus, under the ids that it had, the oldest first', async () => {
    const [third, first, second] = [
      await recorded(hoursAgo(1)),
      await recorded(hoursAgo(30)),
      await recorded(hoursAgo(2), 'issue.unassigned'),
    ];
    await recorded(hoursAgo(50));
    const { code, stdout, stderr } = await admin('replay', '--since', '2d', '--url', url);
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^Put 3 events recorded from .*Z to .*Z on the bus b of the local stack at http:\S+ again\.\n$/,
    );
    expect(code).toBe(0);
    expect(onBus.map(idOf)).toEqual([first, second, third]);
    expect(onBus[1]).toMatchObject({
      Source: 'baton',
      DetailType: 'issue.unassigned',
      EventBusName: 'b',
    });
  });

  it('finds a deployed stage by its parameters', async () => {
    const eventId = await recorded(hoursAgo(1));
    parameters.put('/baton/alice/table', table, 'String');
    parameters.put('/baton/alice/bus', 'baton-alice', 'String');
    const { code, stdout } = await admin('replay', '--since', hoursAgo(2), '--stage', 'alice');
    expect(code).toBe(0);
    expect(stdout).toContain('on the bus baton-alice of the stage alice again.');
    expect(onBus.map((entry) => [idOf(entry), entry.EventBusName])).toEqual([
      [eventId, 'baton-alice'],
    ]);
  });

  it('keeps to the time span and the type that are asked for', async () => {
    await recorded(hoursAgo(5));
    await recorded(hoursAgo(3), 'issue.unassigned');
    const wanted = await recorded(hoursAgo(3));
    await recorded(hoursAgo(1));
    await admin(
      ...['replay', '--since', '4h', '--until', '2h'],
      ...['--type', 'issue.assigned', '--url', url],
    );
    expect(onBus.map(idOf)).toEqual([wanted]);
  });

  it('says with --dry-run what there is, and puts nothing', async () => {
    await recorded(hoursAgo(3));
    await recorded(hoursAgo(2), 'issue.unassigned');
    const { code, stdout } = await admin('replay', '--since', '4h', '--dry-run', '--url', url);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'Found 2 events (1 issue.assigned, 1 issue.unassigned) recorded from ',
    );
    expect(onBus).toEqual([]);
  });

  it('puts again what the bus had no room for', async () => {
    const first = await recorded(hoursAgo(3));
    const second = await recorded(hoursAgo(2));
    refuse = (entry, call) =>
      call === 1 && idOf(entry) === first ? 'ThrottlingException' : undefined;
    const { code, stdout } = await admin('replay', '--since', '4h', '--url', url);
    expect(code).toBe(0);
    expect(stdout).toContain('Put 2 events ');
    expect(onBus.map(idOf)).toEqual([second, first]);
  });

  it('names what the bus keeps refusing, and fails', async () => {
    const bad = await recorded(hoursAgo(3));
    await recorded(hoursAgo(2));
    refuse = (entry) => (idOf(entry) === bad ? 'MalformedDetail' : undefined);
    const { code, stdout, stderr } = await admin('replay', '--since', '4h', '--url', url);
    expect(code).toBe(1);
    expect(stdout).toContain('Put 1 event ');
    expect(stderr).toContain(bad);
    expect(stderr).toContain('1 event could not be put');
  });

  it('that ends early says how far it came', async () => {
    const at = hoursAgo(3);
    await recorded(at);
    refuse = () => {
      throw Object.assign(new Error('Not yours.'), { code: 'AccessDeniedException', status: 400 });
    };
    const { code, stdout, stderr } = await admin('replay', '--since', '4h', '--url', url);
    expect(code).toBe(1);
    expect(stdout).toContain('Put 0 events ');
    expect(stderr).toBe(`It stopped early: Not yours.\nRepeat it with --since ${at}.\n`);
  });

  it.each<[string, string[], RegExp]>([
    ['no time', ['replay'], /^Say with --since/],
    ['a time that is none', ['replay', '--since', 'monday'], /^--since takes a time such as/],
    ['a time of no zone', ['replay', '--since', '2026-01-31T09:00'], /^--since takes a time/],
    ['too long ago', ['replay', '--since', '8d'], /^Events are kept for 7 days, and --since 8d/],
    [
      'the wrong way round',
      ['replay', '--since', '1h', '--until', '2h'],
      /^--since must be before/,
    ],
    [
      'a time to come',
      ['replay', '--since', '1h', '--until', '2999-01-01'],
      /^--until 2999-01-01 is not over yet/,
    ],
    [
      'an option that there is not',
      ['replay', '--sine', '1h'],
      /Usage:\n {2}npm run admin -- replay/,
    ],
    ['no command', [], /^Name a command\.\nUsage:/],
    ['a command that there is not', ['toString'], /^There is no command toString\.\nUsage:/],
    [
      'both places',
      ['replay', '--since', '1h', '--stage', 'a', '--url', 'http://127.0.0.1:9'],
      /give one of them/,
    ],
    [
      'no stack',
      ['replay', '--since', '1h', '--url', 'http://127.0.0.1:9'],
      /^Nothing answers at .* npm start/,
    ],
    [
      'a stage that there is not',
      ['replay', '--since', '1h', '--stage', 'nobody'],
      /have no stage "nobody".*npm run deploy/,
    ],
  ])('says in a sentence what is wrong: %s', async (_, args, expected) => {
    const { code, stderr } = await admin(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toContain('    at ');
  });

  it('says that a stage is too old to be found', async () => {
    parameters.put('/baton/alice/table', table, 'String');
    const { stderr } = await admin('replay', '--since', '1h', '--stage', 'alice');
    expect(stderr).toMatch(/lacks the parameter \/baton\/alice\/bus.*npm run deploy/);
  });
});

describe('allow-private-address', () => {
  const key = { pk: 'I#501', sk: 'A#INTEGRATION' };
  const row = async () =>
    (await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item;
  const allow = (...args: string[]) => admin('allow-private-address', ...args, '--url', url);

  it('sets it, and takes it back, and leaves the rest', async () => {
    const before = { ...key, id: '501', name: 'GitHub', allowPrivateAddress: false };
    await client.send(new PutCommand({ TableName: table, Item: before }));
    const on = await allow('--integration', '501', '--on');
    expect(on).toMatchObject({ code: 0, stderr: '' });
    expect(on.stdout).toContain('501 in the local stack');
    expect(await row()).toEqual({ ...before, allowPrivateAddress: true });
    await allow('--integration', '501', '--off');
    expect(await row()).toEqual(before);
  });

  it.each<[string, string[], RegExp]>([
    ['no integration', ['--on'], /^Name an integration/],
    ['neither on nor off', ['--integration', '501'], /^Say --on or --off/],
    ['both', ['--integration', '501', '--on', '--off'], /^Say --on or --off/],
    ['one that there is not', ['--integration', '9', '--on'], /^There is no integration "9"/],
  ])('refuses %s, and writes nothing', async (_, args, expected) => {
    const { code, stderr } = await allow(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    expect(await row()).toBeUndefined();
  });
});
