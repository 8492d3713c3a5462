import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startServer } from '../../../infra/local/driver/services/server.ts';
import { recordEvent } from '../../../shared/stores/outbox.ts';
import {
  type CommandEngine,
  type CommandStack,
  startCommandEngine,
} from '../../support/commands/command-stack.ts';

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

type Entry = { Source: string; DetailType: string; Detail: string; EventBusName: string };

let engine: CommandEngine;
let stack: CommandStack;
let url: string;
let table: string;
let client: DynamoDBDocumentClient;
let parameters: CommandStack['parameters'];
let onBus: Entry[];
let calls: number;
/** Decides for each entry of a call whether the bus refuses it, and with which code. */
let refuse: (entry: Entry, call: number) => string | undefined;

beforeAll(async () => {
  engine = await startCommandEngine({
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
  });
});
afterAll(() => engine?.stop());

beforeEach(async () => {
  stack = await engine.startStack();
  ({ url, table, client, parameters } = stack);
  onBus = [];
  calls = 0;
  refuse = () => undefined;
  return () => stack.stop();
});

const admin = (...args: string[]) => stack.run('infra/admin/admin.ts', args);

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
    expect(stderr).toBe('Putting events on the bus.\n');
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
    expect(stderr).toBe(
      `Putting events on the bus.\nIt stopped early: Not yours.\nRepeat it with --since ${at}.\n`,
    );
  });

  it.each<[string, string[], RegExp]>([
    ['no time', ['replay'], /^--since is missing/],
    ['a time that is none', ['replay', '--since', 'monday'], /^--since takes a time such as/],
    ['a time of no zone', ['replay', '--since', '2026-01-31T09:00'], /^--since takes a time/],
    [
      'too long ago',
      ['replay', '--since', '8d'],
      /^--since 8d is too long ago: events are kept for 7 days/,
    ],
    [
      'the wrong way round',
      ['replay', '--since', '1h', '--until', '2h'],
      /^--since must be before/,
    ],
    [
      'a time to come',
      ['replay', '--since', '1h', '--until', '2999-01-01'],
      /^--until 2999-01-01 is in the future/,
    ],
    [
      'an option that there is not',
      ['replay', '--sine', '1h'],
      /Usage:\n {2}npm run admin -- replay/,
    ],
    ['no command', [], /^The name of a command is missing\.\nUsage:/],
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

  it('says that the local stack is starting', async () => {
    const starting = await startServer(0, () => {});
    const { code, stderr } = await admin(
      ...['users', 'list', '--organization', 'acme', '--url', starting.url],
    );
    await starting.stop();
    expect([code, stderr]).toEqual([
      1,
      `The local stack at ${starting.url} is starting: try again in a moment.\n`,
    ]);
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

  it('lets the webhooks of an organization go there, and takes it back', async () => {
    const key = { pk: 'O#7', sk: 'A#ORG' };
    const about = { openMembership: false, features: [], dateCreated: '2026-01-01T00:00:00Z' };
    const before = {
      ...{ ...key, id: '7', slug: 'hooked', name: 'Hooked', ...about },
      ...{ options: { other: 1 }, projectDeletionDelaySeconds: 0 },
    };
    const slug = { pk: 'ORGSLUG#hooked', sk: 'ORGSLUG', organizationId: '7' };
    for (const Item of [before, slug]) {
      await client.send(new PutCommand({ TableName: table, Item }));
    }
    const options = async () =>
      (await client.send(new GetCommand({ TableName: table, Key: key }))).Item?.options;
    const on = await allow('--webhooks-of', 'hooked', '--on');
    expect(on).toMatchObject({ code: 0, stderr: '' });
    expect(await options()).toEqual({ other: 1, 'webhooks.allow-private-address': true });
    await allow('--webhooks-of', 'hooked', '--off');
    expect(await options()).toEqual({ other: 1 });
  });

  it.each<[string, string[], RegExp]>([
    ['no integration', ['--on'], /^Name an integration/],
    [
      'both kinds',
      ['--integration', '501', '--webhooks-of', 'acme', '--on'],
      /^Name an integration/,
    ],
    ['no such organization', ['--webhooks-of', 'acme', '--on'], /^There is no organization "acme"/],
    ['neither on nor off', ['--integration', '501'], /^Give one of --on and --off/],
    ['both', ['--integration', '501', '--on', '--off'], /^Give one of --on and --off/],
    ['one that there is not', ['--integration', '9', '--on'], /^There is no integration "9"/],
  ])('refuses %s, and writes nothing', async (_, args, expected) => {
    const { code, stderr } = await allow(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    expect(await row()).toBeUndefined();
  });
});
