import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTable, type TableEngine } from '../../../infra/local/driver/engines/table.ts';
import { loadWorld, writeWorld } from '../../../infra/world/load.ts';
import { parseWorld, readWorld } from '../../../infra/world/read.ts';
import type { WorldInput } from '../../../infra/world/schema.ts';
import { numberGroups } from '../../../infra/world/short-ids.ts';
import { writeItems } from '../../../infra/world/write.ts';
import { authenticate } from '../../../shared/operations/lookup/authenticate.ts';
import { NOW } from '../../support/builders.ts';
import { freshTable } from '../../support/table.ts';
import { smallWorld, worldOnFreshTable } from '../../support/world.ts';

const acme = fileURLToPath(new URL('../../../infra/world/worlds/acme.json', import.meta.url));

let engine: TableEngine;
let folder: string;
beforeAll(async () => {
  [engine, folder] = await Promise.all([startTable(), mkdtemp(join(tmpdir(), 'baton-world-'))]);
});
afterAll(() => Promise.all([engine.stop(), rm(folder, { recursive: true })]));

const onEngine = (overrides: Partial<WorldInput> = {}) =>
  worldOnFreshTable(overrides, { endpoint: engine.endpoint });

const scan = async (world: Awaited<ReturnType<typeof worldOnFreshTable>>) =>
  (await world.client.send(new ScanCommand({ TableName: world.table }))).Items ?? [];

describe('a world in a table', () => {
  it('is what the stores read, under the ids that it gave', async () => {
    const { stores } = await onEngine({
      organizations: [
        {
          id: '1',
          slug: 'acme',
          name: 'Acme',
          openMembership: false,
          features: ['discard-groups'],
          dateCreated: '2024-01-01T01:00:00+01:00',
          projectDeletionDelay: 30,
          orphanPolicy: 'reroute',
        },
        { id: '2', slug: 'globex', name: 'Globex', openMembership: true, features: [] },
      ],
      assignments: [{ group: '101', assignedTo: 'team:21', expiresAt: '2024-01-01T00:00:00Z' }],
      subscriptions: [{ group: '102', team: '21', reason: 'comment', isActive: false }],
      bookmarks: [{ group: '102', user: '11' }],
      seen: [{ group: '101', user: '12' }],
    });
    expect(await stores.organizations.byId('1')).toEqual({
      id: '1',
      slug: 'acme',
      name: 'Acme',
      openMembership: false,
      features: ['discard-groups'],
      options: {},
      dateCreated: '2024-01-01T00:00:00.000Z',
      orphanPolicy: 'reroute',
      projectDeletionDelaySeconds: 30,
    });
    expect(await stores.users.idsOfLogin('alice@acme.io')).toEqual(['11']);
    const alice = await stores.users.profile('11');
    expect(alice?.members).toEqual([
      {
        id: expect.any(String),
        organizationId: '1',
        userId: '11',
        role: 'owner',
        dateCreated: '2024-01-01T00:00:00.000Z',
      },
    ]);
    expect(alice?.teams.map(({ teamId }) => teamId)).toEqual(['21']);
    expect(await stores.teams.idOfSlug('1', 'core')).toBe('21');
    expect(await stores.teams.projectIds('21')).toEqual(['31']);
    expect(await stores.projects.bySlug('1', 'shop')).toEqual({
      slug: 'shop',
      projectId: '31',
      isRedirect: false,
    });
    expect((await stores.projects.withTeams('31'))?.teamIds).toEqual(['21']);
    expect(await stores.groups.idOfShortId('1', 'shop-2')).toBe('102');
    expect(await stores.assignments.ofGroup('101')).toMatchObject({
      groupId: '101',
      organizationId: '1',
      projectId: '31',
      version: 1,
      assignee: { type: 'team', id: '21' },
      dateAssigned: NOW,
      lease: { expiresAt: '2024-01-01T00:00:00.000Z', isEndingTold: false },
    });
    expect(await stores.assignments.ofGroup('102')).toBeNull();
    expect((await stores.userFlags.ofGroup('102')).subscriptions).toEqual([
      {
        subscriber: { type: 'team', id: '21' },
        reason: 'comment',
        isActive: false,
        dateAdded: NOW,
      },
    ]);
    const flags = await stores.userFlags.ofUser('11', [{ id: '101' }, { id: '102' }]);
    expect(flags.get('102')).toMatchObject({ isBookmarked: true, hasSeen: false });
    expect(flags.get('101')).toMatchObject({ isBookmarked: false, hasSeen: false });
    expect((await stores.userFlags.ofGroup('101')).users).toMatchObject([
      { userId: '12', seenAt: NOW },
    ]);
    expect(await stores.tokens.find('token-of-alice')).toMatchObject({
      userId: '11',
      organizations: [{ id: '1', slug: 'acme' }],
    });
  });

  it('is written whole or, when something is wrong with it, not at all', async () => {
    const { name, endpoint } = await freshTable(engine.endpoint);
    const file = join(folder, 'wrong.json');
    await writeFile(
      file,
      JSON.stringify({
        ...smallWorld,
        groups: [{ id: '1', project: '77', title: 't' }],
        secrets: { s: { token: 't', webhookSecrets: [] } },
      }),
    );
    const secrets: string[] = [];
    const loading = loadWorld({
      file,
      endpoint,
      table: name,
      log: () => {},
      putSecret: async (parameter) => void secrets.push(parameter),
    });
    await expect(loading).rejects.toThrow('groups[0].project');
    expect(secrets).toEqual([]);
    const client = (await onEngine()).client;
    expect((await client.send(new ScanCommand({ TableName: name }))).Items).toEqual([]);
  });

  it('keeps no token in clear', async () => {
    const items = await scan(await onEngine());
    expect(items.length).toBeGreaterThan(20);
    expect(JSON.stringify(items)).not.toContain('token-of-alice');
  });

  it('keeps secrets outside the table, under the name of the stage', async () => {
    const secret = { token: 'tracker-token', webhookSecrets: ['now', 'before'] };
    const world = await onEngine({ secrets: { 'local/github-501': secret } });
    const [[name, value] = ['', '']] = world.secrets;
    expect(name).toBe('/baton/local/local/github-501');
    expect(JSON.parse(value)).toEqual(secret);
    expect(JSON.stringify(await scan(world))).not.toContain('tracker-token');
  });

  it('has owners in the order in which auto-assignment prefers them', async () => {
    const world = await onEngine({
      owners: [
        { group: '101', type: 'codeowners', owner: 'user:12', rule: '*.py' },
        { group: '101', type: 'ownershipRule', owner: 'team:21', rule: 'path:b' },
        { group: '101', type: 'ownershipRule', owner: 'user:11', rule: 'path:a' },
        { group: '101', type: 'suspectCommit', owner: 'user:13' },
      ],
    });
    const items = await world.stores.table.queryAll({
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :owner)',
      ExpressionAttributeValues: { ':pk': 'G#101', ':owner': 'OWNER#' },
    });
    expect(items.map(({ type, owner, rule }) => ({ type, owner, rule }))).toEqual([
      { type: 'suspectCommit', owner: 'user:13', rule: null },
      { type: 'ownershipRule', owner: 'team:21', rule: 'path:b' },
      { type: 'ownershipRule', owner: 'user:11', rule: 'path:a' },
      { type: 'codeowners', owner: 'user:12', rule: '*.py' },
    ]);
  });

  it('is written whole, and counted by noun', async () => {
    const { name, endpoint } = await freshTable(engine.endpoint);
    const lines: string[] = [];
    const links = [{ group: '102', integration: '501', key: 'octocat/hello#1' }];
    const { token, written } = await writeWorld(
      { ...(await readWorld(acme)), links },
      {
        endpoint,
        table: name,
        putSecret: async () => {},
        log: (line) => lines.push(line),
      },
    );
    expect(token).toBe('baton_local_alice');
    expect(written).toMatchObject({ organizations: 2, users: 4, groups: 4, tokens: 4, secrets: 1 });
    expect(written).toMatchObject({ ownership: 1, codeowners: 1, integrations: 1, links: 1 });
    expect(lines).toEqual([]);
  });

  it('may be empty, and gives no token then', async () => {
    const { name, endpoint } = await freshTable(engine.endpoint);
    const putSecret = async () => {};
    const loaded = await writeWorld(parseWorld({}), { endpoint, table: name, putSecret, log() {} });
    expect(loaded).toEqual({ session: { organizations: [], tokens: [] }, written: {} });
  });

  it('keeps the memberships that are there, so that no token ends when it is written again', async () => {
    const { stores, world, client, table } = await onEngine();
    const before = await stores.organizations.member('1', '11');
    const again = { client, table, now: NOW, log() {}, putSecret: async () => {} };
    await writeWorld(world, again);
    expect(await stores.organizations.member('1', '11')).toEqual(before);
    await writeWorld({ ...world, tokens: [] }, again);
    const token = await authenticate(
      { ...stores, clock: () => new Date().toISOString() },
      'Bearer token-of-alice',
    );
    expect(token?.organizations.map(({ slug }) => slug)).toEqual(['acme']);
  });

  it('makes members of those who are pending and get a token, and of nobody else', async () => {
    const { stores, world, client, table } = await onEngine();
    await stores.pendingMembers.insert({
      id: '77',
      organizationId: '1',
      email: 'Dave@acme.io',
      role: 'manager',
      teamIds: ['22'],
      dateCreated: NOW,
    });
    const tokenOf = (user: string) => ({
      token: `of-${user}`,
      user,
      organizations: ['acme', 'globex'],
      scopes: ['org:read'],
    });
    const tokens = [tokenOf('14'), tokenOf('15')];
    const more = parseWorld({ ...world, tokens });
    await writeWorld(more, { client, table, log() {}, putSecret: async () => {} });
    const reach = async (user: string) =>
      (
        await authenticate(
          { ...stores, clock: () => new Date().toISOString() },
          `Bearer of-${user}`,
        )
      )?.organizations.map(({ slug }) => slug);
    expect(await reach('14')).toEqual(['acme', 'globex']);
    expect(await reach('15')).toEqual(['acme']);
    expect(await stores.organizations.member('1', '14')).toMatchObject({ role: 'manager' });
    expect(await stores.pendingMembers.ofOrganization('1')).toEqual([]);
  });

  it('can be large', async () => {
    const groups = Array.from({ length: 3_000 }, (_, index) => ({
      id: String(1_000 + index),
      project: '31',
      title: 't',
    }));
    const { stores } = await onEngine({ groups });
    expect((await stores.groups.byId('3999'))?.group.shortId).toBe('SHOP-3000');
    expect((await stores.projects.withTeams('31'))?.project.shortIdCounter).toBe(3_000);
  });
});

describe('short ids', () => {
  it('are distinct within a project and never beyond its count, whichever the world gives', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.option(fc.integer({ min: 1, max: 30 })), {
          maxLength: 20,
          selector: (n) => n ?? Symbol(),
        }),
        (numbers) => {
          const world = parseWorld({
            ...smallWorld,
            groups: numbers.map((number, index) => ({
              id: String(index + 1),
              project: '31',
              title: 't',
              ...(number === null ? {} : { shortId: `SHOP-${number}` }),
            })),
          });
          const shortIds = numberGroups(world);
          const all = world.groups.map(({ id }) => shortIds.of(id));
          const highest = Math.max(0, ...all.map((one) => Number(one.replace('SHOP-', ''))));
          expect(new Set(all).size).toBe(numbers.length);
          expect(shortIds.counterOf('31')).toBe(highest);
          for (const [index, number] of numbers.entries()) {
            if (number !== null) {
              expect(all[index]).toBe(`SHOP-${number}`);
            }
          }
        },
      ),
    );
  });

  it('that end in something else than a number do not count', () => {
    const groups = [
      { id: '101', project: '31', title: 't', shortId: 'SHOP-1A' },
      { id: '102', project: '31', title: 't' },
    ];
    const shortIds = numberGroups(parseWorld({ ...smallWorld, groups }));
    expect(shortIds.of('102')).toBe('SHOP-1');
    expect(shortIds.counterOf('31')).toBe(1);
  });
});

describe('writing', () => {
  it('draws items only as calls become free, so that memory does not grow with their number', async () => {
    let drawn = 0;
    let stored = 0;
    let furthestAhead = 0;
    function* items() {
      for (; drawn < 2_000; ) {
        drawn += 1;
        furthestAhead = Math.max(furthestAhead, drawn - stored);
        yield { pk: 'P', sk: String(drawn) };
      }
    }
    const world = await onEngine({});
    const client = Object.create(world.client) as typeof world.client;
    const send = world.client.send.bind(world.client) as (command: unknown) => Promise<unknown>;
    client.send = (async (command: { input: { RequestItems: Record<string, unknown[]> } }) => {
      const output = await send(command);
      stored += command.input.RequestItems[world.table]?.length ?? 0;
      return output;
    }) as typeof client.send;
    expect(await writeItems(items(), { client, table: world.table })).toBe(2_000);
    expect(furthestAhead).toBeLessThanOrEqual(8 * 25 + 25);
    const partition = await world.stores.table.queryAll({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': 'P' },
    });
    expect(partition).toHaveLength(2_000);
  });

  it('sends again what the table had no capacity for', async () => {
    const world = await onEngine({});
    let refusals = 3;
    const client = Object.create(world.client) as typeof world.client;
    const send = world.client.send.bind(world.client) as (command: unknown) => Promise<unknown>;
    client.send = (async (command: { input: { RequestItems: Record<string, unknown[]> } }) => {
      if (refusals === 0) {
        return send(command);
      }
      refusals -= 1;
      return { UnprocessedItems: command.input.RequestItems };
    }) as typeof client.send;
    await writeItems([{ pk: 'P', sk: '1' }], { client, table: world.table });
    expect(refusals).toBe(0);
    expect(await world.stores.table.get({ pk: 'P', sk: '1' })).toEqual({ pk: 'P', sk: '1' });
  });
});
