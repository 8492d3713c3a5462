import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveAws } from '../../../infra/local/aws-json.ts';
import { startTable, type TableEngine } from '../../../infra/local/engines/table.ts';
import { createParameterStore, createSsmOperations } from '../../../infra/local/ssm.ts';
import { loadWorld, writeWorld } from '../../../infra/local/world/load.ts';
import { parseWorld, readWorld } from '../../../infra/local/world/read.ts';
import type { WorldInput } from '../../../infra/local/world/schema.ts';
import { numberGroups } from '../../../infra/local/world/short-ids.ts';
import { writeItems } from '../../../infra/local/world/write.ts';
import { now } from '../../support/builders.ts';
import { freshTable } from '../../support/table.ts';
import { smallWorld, worldOnFreshTable } from '../../support/world.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const acme = join(repository, 'infra/local/worlds/acme.json');

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

/** What is wrong with `smallWorld` when these nouns are replaced: the lines of the error. */
function complaints(overrides: Record<string, unknown>): string[] {
  try {
    parseWorld({ ...smallWorld, ...overrides }, 'w.json');
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.trim());
  }
  return [];
}

const group = { id: '101', project: '31', title: 't' };
const integration = {
  id: '501',
  organization: 'acme',
  provider: 'github',
  name: 'GitHub',
  baseUrl: 'https://api.github.com',
  secretRef: 'local/github-501',
  config: {},
};

describe('a world that is wrong is refused, with the place and what to do', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['a noun that there is not', { gruops: [] }, 'gruops: is not a key of a world; its keys are'],
    [
      'a key that an entry does not have',
      { groups: [{ ...group, titel: 't' }] },
      'groups[0].titel: is not a key of a group; its keys are id, project, title, shortId',
    ],
    [
      'a key below an entry',
      { users: [{ ...smallWorld.users[0], emails: [{ email: 'a@b.c', isPrimary: true }] }] },
      'users[0].emails[0].isVerified: is missing; an address needs it',
    ],
    ['a missing key', { groups: [{ id: '1', project: '31' }] }, 'groups[0].title: is missing'],
    ['an id that is a number', { groups: [{ ...group, id: 101 }] }, 'like "101" (got 101)'],
    ['an id with a leading zero', { groups: [{ ...group, id: '0101' }] }, 'groups[0].id: must be'],
    ['an id beyond 2^53', { groups: [{ ...group, id: '9007199254740993' }] }, 'must be below 2^53'],
    [
      'a slug of digits',
      { organizations: [{ ...smallWorld.organizations[0], slug: '12' }] },
      'organizations[0].slug: must be a slug',
    ],
    [
      'a day of no calendar',
      { groups: [{ ...group, lastSeen: '2026-02-30T00:00:00Z' }] },
      'calendar',
    ],
    ['a time without a zone', { groups: [{ ...group, lastSeen: '2026-02-03T00:00:00' }] }, 'zone'],
    [
      'a status',
      { groups: [{ ...group, status: 'muted' }] },
      'groups[0].status: must be one of unresolved',
    ],
    [
      'a substatus of another status',
      { groups: [{ ...group, status: 'resolved', substatus: 'ongoing' }] },
      'groups[0].substatus: "ongoing" goes with the status "unresolved" only',
    ],
    [
      'a group first seen after it was last seen',
      {
        groups: [
          { ...group, firstSeen: '2026-02-03T00:00:00Z', lastSeen: '2026-02-03T00:30:00+01:00' },
        ],
      },
      'groups[0].firstSeen: is later than lastSeen',
    ],
    [
      'a feature',
      { organizations: [{ ...smallWorld.organizations[0], features: ['fast'] }] },
      'organizations[0].features[0]: must be one of integrations-issue-sync, team-workflow',
    ],
    [
      'a kill switch that is no list of projects',
      {
        organizations: [
          {
            ...smallWorld.organizations[0],
            options: { 'post_process.get-autoassign-owners': true },
          },
        ],
      },
      'organizations[0].options.post_process.get-autoassign-owners: must be a list',
    ],
    [
      'a role',
      { members: [{ organization: 'acme', user: '11', role: 'boss' }] },
      'members[0].role: must be one of owner, manager, admin, member (got "boss")',
    ],
    [
      'a scope',
      { tokens: [{ token: 't', organizations: ['acme'], scopes: ['event:delete'] }] },
      'tokens[0].scopes[0]: must be one of event:read',
    ],
    [
      'a reason',
      { subscriptions: [{ group: '101', user: '11', reason: 'whim', isActive: true }] },
      'subscriptions[0].reason: must be one of unknown, comment',
    ],
    [
      'a subscription of nobody',
      { subscriptions: [{ group: '101', reason: 'comment', isActive: true }] },
      'subscriptions[0]: must name a user or a team, and not both',
    ],
    [
      'an assignee who is no actor',
      { assignments: [{ group: '101', assignedTo: 'alice' }] },
      'assignments[0].assignedTo: must be "user:ID" or "team:ID"',
    ],
    [
      'notification settings',
      {
        notificationSettings: [
          { project: '31', user: '11', alerts: 'often', workflow: 'never', deploy: 'never' },
        ],
      },
      'notificationSettings[0].alerts: must be one of always',
    ],
    [
      'a switch of an integration',
      { integrations: [{ ...integration, config: { sync_forwards: true } }] },
      "integrations[0].config.sync_forwards: is not a key of an integration's config",
    ],
    [
      'a provider',
      { integrations: [{ ...integration, provider: 'trello' }] },
      'integrations[0].provider',
    ],
    [
      'a base URL',
      { integrations: [{ ...integration, baseUrl: 'api.github.com' }] },
      'integrations[0].baseUrl: must be an http or https URL',
    ],
    [
      'a secret of an app without its key',
      { secrets: { 'local/app': { appId: '1', installationId: '2', webhookSecrets: [] } } },
      'secrets.local/app.privateKey: is missing; a secret of a GitHub App needs it',
    ],
    ['no object at all', { teams: ['core'] }, 'teams[0]: must be a team: an object'],
  ])('%s', (_, overrides, expected) => {
    const [first, ...lines] = complaints(overrides);
    expect(first).toBe('The world w.json cannot be loaded:');
    expect(lines.join('\n')).toContain(expected);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'an organization',
      { members: [{ organization: 'umbrella', user: '11', role: 'member' }] },
      'members[0].organization: there is no organization with the slug or id "umbrella"; add it to organizations or correct it',
    ],
    [
      'a user of a team',
      { teams: [{ ...smallWorld.teams[0], members: [{ user: '99', isActive: true }] }] },
      'teams[0].members[0].user: there is no user with the id "99"; add it to users or correct it',
    ],
    [
      'a team of a project, which another organization has',
      { projects: [{ ...smallWorld.projects[0], teams: ['ops'] }] },
      'projects[0].teams[0]: there is no team of "acme" with the slug "ops"; add it to teams or correct it',
    ],
    [
      'the project of a group',
      { groups: [{ ...group, project: '77' }] },
      'groups[0].project: there is no project with the id "77"; add it to projects or correct it',
    ],
    [
      'the group of a mark',
      { seen: [{ group: '7', user: '11' }] },
      'seen[0].group: there is no group',
    ],
    [
      'an assignee from another organization',
      { assignments: [{ group: '101', assignedTo: 'team:29' }] },
      'assignments[0].assignedTo: the team "29" belongs to another organization',
    ],
    [
      'the organization of a token',
      { tokens: [{ token: 't', organizations: ['acme', 'x'], scopes: [] }] },
      'tokens[0].organizations[1]: there is no organization',
    ],
    [
      'the project of rules, which are not even loaded yet',
      { ownership: [{ project: '77', raw: '' }] },
      'ownership[0].project: there is no project with the id "77"',
    ],
    [
      'the integration of a link',
      { links: [{ group: '101', integration: '501', key: 'a/b#1' }] },
      'links[0].integration: there is no integration with the id "501"',
    ],
    [
      'an integration of another organization',
      {
        integrations: [{ ...integration, organization: 'globex' }],
        links: [{ group: '101', integration: '501', key: 'a/b#1' }],
      },
      'links[0].integration: the integration "501" belongs to another organization than the group',
    ],
  ])('a reference that leads nowhere: %s', (_, overrides, expected) => {
    expect(complaints(overrides).join('\n')).toContain(expected);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an id', { groups: [group, group] }, 'groups[1].id: says the same as groups[0]'],
    [
      'a short id, in whatever case',
      {
        groups: [
          { ...group, shortId: 'SHOP-1' },
          { ...group, id: '102', project: '32', shortId: 'shop-1' },
        ],
      },
      'groups[1].shortId: says the same as groups[0]',
    ],
    [
      'a team slug of one organization, named once by slug and once by id',
      {
        teams: [
          { id: '21', organization: 'acme', slug: 'core', name: 'A', members: [] },
          { id: '22', organization: '1', slug: 'core', name: 'B', members: [] },
        ],
        projects: [],
        groups: [],
      },
      'teams[1].slug: says the same as teams[0]',
    ],
    [
      'an assignment',
      {
        assignments: [
          { group: '101', assignedTo: 'user:11' },
          { group: '101', assignedTo: 'user:12' },
        ],
      },
      'assignments[1].group: says the same as assignments[0]',
    ],
    [
      'a team of one project',
      { projects: [{ ...smallWorld.projects[0], teams: ['core', 'core'] }] },
      'projects[0].teams: names "core" twice',
    ],
  ])('what is said twice: %s', (_, overrides, expected) => {
    expect(complaints(overrides).join('\n')).toContain(expected);
  });

  it('names many mistakes at once, and not endlessly many', () => {
    const groups = Array.from({ length: 50 }, (_, index) => ({ ...group, id: index }));
    const lines = complaints({ groups });
    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe('and 30 more');
  });

  it('says which file it is, when it is not there or not JSON', async () => {
    const file = join(folder, 'broken.json');
    await writeFile(file, '{"organizations": [');
    await expect(readWorld(file)).rejects.toThrow(`The world ${file} is not JSON: `);
    await expect(readWorld(join(folder, 'none.json'))).rejects.toThrow(/none\.json cannot be read/);
  });

  it('writes nothing', async () => {
    const { name, endpoint } = await freshTable(engine.endpoint);
    const file = join(folder, 'wrong.json');
    await writeFile(file, JSON.stringify({ ...smallWorld, groups: [{ ...group, project: '77' }] }));
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
  });
});

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
        },
        { id: '2', slug: 'globex', name: 'Globex', openMembership: true, features: [] },
      ],
      assignments: [{ group: '101', assignedTo: 'team:21' }],
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
      projectDeletionDelaySeconds: 30,
    });
    expect(await stores.users.idsOfLogin('alice@acme.io')).toEqual(['11']);
    const alice = await stores.users.profile('11');
    expect(alice?.members).toEqual([
      { organizationId: '1', userId: '11', role: 'owner', dateCreated: '2024-01-01T00:00:00.000Z' },
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
      dateAssigned: now,
    });
    expect(await stores.assignments.ofGroup('102')).toBeNull();
    expect(await stores.subscriptions.ofGroup('102')).toEqual([
      {
        subscriber: { type: 'team', id: '21' },
        reason: 'comment',
        isActive: false,
        dateAdded: now,
      },
    ]);
    const marks = await stores.marks.ofUser('11', ['101', '102']);
    expect(marks.get('102')).toEqual({ isBookmarked: true, hasSeen: false });
    expect(marks.get('101')).toEqual({ isBookmarked: false, hasSeen: false });
    expect(await stores.marks.seenBy('101')).toEqual([{ userId: '12', lastSeen: now }]);
    expect(await stores.tokens.find('token-of-alice')).toMatchObject({
      userId: '11',
      organizations: [{ id: '1', slug: 'acme' }],
    });
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

  it('says in one line which nouns it skipped, and counts the others', async () => {
    const { name, endpoint } = await freshTable(engine.endpoint);
    const lines: string[] = [];
    const { token, written } = await writeWorld(await readWorld(acme), {
      endpoint,
      table: name,
      putSecret: async () => {},
      log: (line) => lines.push(line),
    });
    expect(token).toBe('baton_local_alice');
    expect(written).toMatchObject({ organizations: 2, users: 4, groups: 4, tokens: 4, secrets: 1 });
    expect(lines).toHaveLength(1);
    const skipped = lines[0]?.split(': ')[1]?.replace('.', '').split(', ') ?? [];
    expect(skipped.length).toBeGreaterThan(0);
    expect(skipped.filter((noun) => noun in written)).toEqual([]);
  });

  it('may be empty, and gives no token then', async () => {
    const { name, endpoint } = await freshTable(engine.endpoint);
    const putSecret = async () => {};
    const loaded = await writeWorld(parseWorld({}), { endpoint, table: name, putSecret, log() {} });
    expect(loaded).toEqual({ written: {} });
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
          for (const [index, number] of numbers.entries())
            if (number !== null) expect(all[index]).toBe(`SHOP-${number}`);
        },
      ),
    );
  });

  it('that end in something else than a number do not count', () => {
    const groups = [
      { ...group, shortId: 'SHOP-1A' },
      { ...group, id: '102' },
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
      if (refusals === 0) return send(command);
      refusals -= 1;
      return { UnprocessedItems: command.input.RequestItems };
    }) as typeof client.send;
    await writeItems([{ pk: 'P', sk: '1' }], { client, table: world.table });
    expect(refusals).toBe(0);
    expect(await world.stores.table.get({ pk: 'P', sk: '1' })).toEqual({ pk: 'P', sk: '1' });
  });
});

describe('the seed command', () => {
  let server: Server;
  let url: string;
  let table: string;
  let parameters: ReturnType<typeof createParameterStore>;

  /** The two addresses of the local stack that seeding uses. */
  beforeEach(async () => {
    table = (await freshTable(engine.endpoint)).name;
    parameters = createParameterStore(undefined);
    const operations = createSsmOperations(parameters);
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      if (request.url === '/_local/stack')
        response.end(JSON.stringify({ dynamodb: engine.endpoint, table }));
      else if (request.url?.startsWith('/_local/ssm'))
        await serveAws(operations, request, body, response);
      else response.writeHead(404).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return () => server.close();
  });

  const seed = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        ['infra/local/seed.ts', ...args],
        {
          cwd: repository,
          env: {
            ...process.env,
            AWS_REGION: 'eu-west-1',
            AWS_ACCESS_KEY_ID: 'x',
            AWS_SECRET_ACCESS_KEY: 'x',
            AWS_ENDPOINT_URL_SSM: `${url}/_local/ssm`,
            AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
          },
        },
        (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    });

  it('writes a world into the local stack that runs, and prints what it wrote', async () => {
    const { code, stdout, stderr } = await seed(acme, '--url', url);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(`Wrote ${acme} to the local stack at ${url}, table ${table}:`);
    expect(stdout).toMatch(/^ +4 groups$/m);
    expect(JSON.parse(parameters.get('/baton/local/local/github-501')?.value ?? '')).toMatchObject({
      token: 'tok1',
    });
  });

  it('can be repeated', async () => {
    await seed(acme, '--url', url);
    expect(await seed(acme, '--url', url)).toMatchObject({ code: 0, stderr: '' });
  });

  it("finds a deployed stage by its parameter, and puts the secrets under the stage's name", async () => {
    parameters.put('/baton/alice/table', table, 'String');
    const { code, stdout } = await seed(acme, '--stage', 'alice');
    expect(code).toBe(0);
    expect(stdout).toContain(`to the stage alice, table ${table}:`);
    expect(parameters.get('/baton/alice/local/github-501')?.type).toBe('SecureString');
  });

  it.each<[string, () => string[], RegExp]>([
    ['no file', () => [], /^Name one file with a world\.\nUsage: npm run seed -- FILE/],
    ['an option that there is not', () => [acme, '--ulr', 'x'], /Usage: npm run seed/],
    ['both places at once', () => [acme, '--stage', 'a', '--url', url], /give one of them/],
    ['a file that is not there', () => ['none.json'], /^The world none\.json cannot be read/],
    ['no stack', () => [acme, '--url', 'http://127.0.0.1:9'], /^Nothing answers at .* npm start/],
    ['something else than the stack', () => [acme, '--url', `${url}/else`], /is not Baton's local/],
    [
      'a stage that there is not',
      () => [acme, '--stage', 'nobody'],
      /have no stage "nobody".*npm run deploy/,
    ],
  ])('says in a sentence what is wrong: %s', async (_, args, expected) => {
    const { code, stderr } = await seed(...args());
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toContain('    at ');
  });
});
