import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENV } from '../../shared/env.ts';
import type { ApiHandler } from '../../shared/http/api.ts';
import { bulkParameters } from '../../shared/http/bulk/bulk-parameters.ts';
import { deleteMember } from '../../shared/operations/directory/delete-member.ts';
import { assignmentItem } from '../../shared/stores/issues/assignments.ts';
import { groupItem } from '../../shared/stores/issues/groups.ts';
import { type GatewayRequest, send } from '../http/gateway-event.ts';
import { assignment, group } from '../support/builders.ts';
import { recordedEvents } from '../support/consistency.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { surroundings } from '../support/operations.ts';
import { notThere, organizationToken, scoped } from '../support/projects-over-http.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../support/world.ts';

let world: TestWorld;
let change: ApiHandler;
let read: ApiHandler;
beforeAll(async () => {
  world = await worldOnFreshTable({
    users: [
      ...smallWorld.users.map((user) => (user.id === '15' ? { ...user, isActive: false } : user)),
      person('16', 'frank'),
      person('17', 'gina'),
    ],
    members: [...smallWorld.members, { organization: 'acme', user: '16', role: 'member' }],
  });
  // Nothing of this world is in the cache yet.
  const ownershipCache = { invalidateOrganization: async () => ({ ok: true, value: 0 }) as const };
  await deleteMember(
    { ...world.stores, ...surroundings(), ownershipCache },
    {
      organizationId: '1',
      memberId: '16',
      initiator: { actingUserId: '11', requestId: 'r' },
    },
  );
  enterFunctionEnvironment(world);
  process.env[ENV.rateLimits] = 'off';
  change = (await import('../../functions/group-update/handler.ts')).handler;
  read = (await import('../../functions/group-read/handler.ts')).handler;
});

function person(id: string, username: string) {
  const emails = [{ email: `${username}@acme.io`, isPrimary: true, isVerified: true }];
  return { id, username, name: username, emails };
}

/** As if the user had been given the issue while they could be. */
async function hold(groupId: string, userId: string): Promise<void> {
  const given = assignment({ groupId, assignee: { type: 'user', id: userId } });
  await world.stores.transact([{ name: 'assignment', put: { Item: assignmentItem(given) } }]);
}

/**
 * Three issues of shop anew for each test: `prod`, seen in production from the 1st to the 21st,
 * `qa`, seen in two places until the 20th, and `old`, seen nowhere until the 2nd; and one of site.
 */
let [prod, qa, old, elsewhere] = ['', '', '', ''];
let next = 2_000;
beforeEach(async () => {
  [prod, qa, old, elsewhere] = [next, next + 1, next + 2, next + 3].map(String) as [
    string,
    string,
    string,
    string,
  ];
  next += 4;
  const rows = [
    { id: prod, environments: ['prod'], lastSeen: '2026-11-21T00:00:00.000Z' },
    { id: qa, environments: ['qa', 'prod'], lastSeen: '2026-11-20T00:00:00.000Z' },
    { id: old, lastSeen: '2026-11-02T00:00:00.000Z' },
    { id: elsewhere, projectId: '32', lastSeen: '2026-11-19T00:00:00.000Z' },
  ];
  await world.stores.transact(
    rows.map((row) => ({
      name: row.id,
      put: {
        Item: groupItem({
          group: group({ title: `of ${prod}`, shortId: `X-${row.id}`, ...row }),
          shareId: null,
        }),
      },
    })),
  );
});

const ofOrganization = { resource: '/0/organizations/{org}/issues', path: { org: 'acme' } };
const ofProject = (project: string) => ({
  resource: '/0/projects/{org}/{project}/issues',
  path: { org: 'acme', project },
});
type Query = Record<string, readonly string[]>;

const put = (query: Query, body: unknown, rest: Partial<GatewayRequest> = {}) =>
  send(change, { method: 'PUT', ...ofOrganization, query, body: JSON.stringify(body), ...rest });
const remove = (query: Query, rest: Partial<GatewayRequest> = {}) =>
  send(change, { method: 'DELETE', ...ofOrganization, query, ...rest });
const list = async (query: Query, rest: Partial<GatewayRequest> = {}) => {
  const answer = await send(read, { ...ofOrganization, query, ...rest });
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
  return (answer.body as { id: string }[]).map(({ id }) => id);
};

const resolve = { status: 'resolved' };
const statusOf = async (id: string) => (await world.stores.groups.byId(id))?.group.status;
const statuses = () => Promise.all([prod, qa, old, elsewhere].map(statusOf));
const ofThisTest = () => `"of ${prod}"`;
const counts = (matched: number, updated: number) => ({
  'X-Baton-Matched': String(matched),
  'X-Baton-Updated': String(updated),
});

describe('what narrows a selection', () => {
  const cases: [string, () => Query, () => string[]][] = [
    ['an environment', () => ({ environment: ['qa'] }), () => [qa]],
    ['two environments', () => ({ environment: ['qa', 'prod'] }), () => [prod, qa]],
    ['an environment that nobody has', () => ({ environment: ['production'] }), () => []],
    [
      'a window',
      () => ({ start: ['2026-11-19T12:00:00'], end: ['2026-11-20T12:00:00'] }),
      () => [prod, qa],
    ],
    ['a window of long ago', () => ({ start: ['2020-01-01'], end: ['2020-01-02'] }), () => []],
    [
      'all of them together',
      () => ({ start: ['2026-11-19'], end: ['2026-12-01'], environment: ['qa'], project: ['31'] }),
      () => [qa],
    ],
    ['a project', () => ({ project: ['site'] }), () => [elsewhere]],
  ];

  it.each(cases)('is %s, for lists and bulk writes alike', async (_, query, expected) => {
    const search = { query: [ofThisTest()], ...query() };
    expect(await list(search)).toEqual(expected());
    const answer = await put(search, resolve);
    const found = expected().length;
    expect(answer).toMatchObject({
      statusCode: found === 0 ? 204 : 200,
      headers: counts(found, found),
    });
    const resolved = [prod, qa, old, elsewhere].map((id) =>
      expected().includes(id) ? 'resolved' : 'unresolved',
    );
    expect(await statuses()).toEqual(resolved);
  });

  it.each(cases)('is %s, for issues that are named by id too', async (_, query, expected) => {
    const search = { id: [prod, qa, old, elsewhere], ...query() };
    expect(await list(search)).toEqual(expected());
    await put(search, resolve);
    expect((await statuses()).filter((one) => one === 'resolved')).toHaveLength(expected().length);
  });

  it('is a period up to now', async () => {
    const search = { query: [ofThisTest()], statsPeriod: ['1s'] };
    expect(await list(search)).toEqual([]);
    expect(await put(search, resolve)).toMatchObject({ statusCode: 204, headers: counts(0, 0) });
    expect(await list({ ...search, statsPeriod: ['9999w'] })).toHaveLength(4);
  });

  it('is a project beside the one of the path', async () => {
    const shop = ofProject('shop');
    const query = { id: [prod], project: ['site'] };
    expect(await list(query, shop)).toEqual([]);
    expect(await put(query, resolve, shop)).toMatchObject({ statusCode: 204 });
    expect(await put({ ...query, project: ['31'] }, resolve, shop)).toMatchObject({
      statusCode: 200,
      headers: counts(1, 1),
    });
  });

  it('is a limit of a bulk write, which says that there are more', async () => {
    const answer = await put({ query: [ofThisTest()], limit: ['1'] }, resolve);
    const headers = { ...counts(1, 1), 'X-Baton-Truncated': 'true' };
    expect(answer).toMatchObject({ statusCode: 200, headers });
    expect(await statuses()).toEqual(['resolved', 'unresolved', 'unresolved', 'unresolved']);
  });

  it.each<[string, Query]>([
    ['group', { group: ['1'] }],
    ['half a window', { start: ['2026-11-01'] }],
    ['two kinds of windows', { statsPeriod: ['1h'], start: ['2026-11-01'], end: ['2026-11-02'] }],
    ['a bad window', { statsPeriod: ['bogus'] }],
    ['no environment', { environment: [''] }],
    ['two queries', { query: ['a', 'b'] }],
  ])('is refused where it cannot be understood: %s', async (name, query) => {
    const both = { query: [ofThisTest()], ...query };
    expect(await put(both, resolve)).toMatchObject({ statusCode: 400 });
    expect(await remove(both)).toMatchObject({ statusCode: 400 });
    expect(await statuses()).toEqual(Array(4).fill('unresolved'));
    const { statusCode } = await send(read, { ...ofOrganization, query: both });
    expect(statusCode).toBe(name === 'group' ? 200 : 400);
  });

  it('is the group of a list, whatever its state', async () => {
    await put({ id: [old] }, resolve);
    expect(await list({ group: [old, prod, '901'] })).toEqual([old, prod]);
    expect(await list({ id: [`X-${old}`] })).toEqual([]);
    expect(await list({ group: [old, prod], query: ['is:unresolved'] })).toEqual([prod]);
    expect(await list({ group: [''] })).toEqual([]);
  });
});

describe('the projects of a request', () => {
  it.each<[string, string[]]>([
    ['one without a name', ['']],
    ['-1', ['-1']],
    ['-1 beside one', ['-1', '32']],
  ])('are all of them for %s, on reads and writes', async (_, project) => {
    const query = { query: [ofThisTest()], project };
    expect(await list(query)).toHaveLength(4);
    expect(await put(query, resolve)).toMatchObject({ headers: counts(4, 4) });
  });

  it.each(['39', '404404', 'nope', 'plant'])('are not there: %s', async (project) => {
    for (const query of [{ id: [prod] }, { query: [ofThisTest()] }, { ids: [prod] }]) {
      const named = { ...query, project: [project] };
      expect(await put(named, resolve)).toMatchObject(notThere);
      expect(await remove(named)).toMatchObject(notThere);
      expect(await put({ ...query }, resolve, ofProject(project))).toMatchObject(notThere);
      expect(await remove({ ...query }, ofProject(project))).toMatchObject(notThere);
    }
    expect(await put({ id: [prod], project: ['31', project] }, resolve)).toMatchObject(notThere);
    expect(await put({ id: ['1'], project: [project] }, { merge: true })).toMatchObject(notThere);
    expect(await statuses()).toEqual(Array(4).fill('unresolved'));
  });

  it('may be what a caller may not', async () => {
    const query = { ids: [prod] };
    const forbidden = { statusCode: 403 };
    expect(await remove(query, { authorizer: scoped('event:write') })).toMatchObject(forbidden);
    expect(await put(query, {}, { authorizer: scoped('event:read') })).toMatchObject(forbidden);
  });
});

describe('a bulk write that does not name its issues', () => {
  const unnamed = { statusCode: 400, body: { detail: 'Name the issues by id or by query.' } };

  it('is refused, and changes nothing', async () => {
    expect(await remove({})).toMatchObject(unnamed);
    expect(await remove({ status: ['unresolved'] })).toMatchObject(unnamed);
    expect(await put({}, { merge: true })).toMatchObject(unnamed);
    expect(await put({ query: [ofThisTest()] }, { merge: true })).toMatchObject(unnamed);
    expect(await put({}, { assignedTo: 'user:11' })).toMatchObject(unnamed);
    expect(await statuses()).toEqual(Array(4).fill('unresolved'));
  });

  it('means none where its id names none', async () => {
    expect(await remove({ id: [''] })).toMatchObject({ statusCode: 204, headers: counts(0, 0) });
    expect(await remove({ id: ['nope'] })).toMatchObject({ statusCode: 204 });
    expect(await statuses()).toEqual(Array(4).fill('unresolved'));
  });
});

describe('the counts of a bulk write', () => {
  it('tell what was there from what was changed', async () => {
    const query = { id: [prod, qa, '404404'] };
    expect(await put(query, resolve)).toMatchObject({ headers: counts(2, 2) });
    expect(await put({ id: [prod, qa, old] }, resolve)).toMatchObject({ headers: counts(3, 1) });
    expect(await put({ id: [prod] }, { isSubscribed: true })).toMatchObject({
      headers: counts(1, 1),
    });
    expect(await put({ id: [prod, old] }, { merge: true })).toMatchObject({
      headers: counts(2, 2),
    });
    expect(await remove({ id: [qa, elsewhere] })).toMatchObject({
      statusCode: 202,
      headers: counts(2, 2),
    });
  });
});

describe('a name that stands for nobody', () => {
  const nobody = (name: string) => ({
    statusCode: 400,
    body: { detail: `Nobody is called ${name} in this organization.` },
  });

  /** Dave and the team ops are another organization's. */
  it.each([
    'nobody-such',
    'Typo@acme.io',
    '#no-team',
    'user:404404',
    'team:404404',
    'dave',
    'user:14',
    '#ops',
    'team:29',
  ])('finds nothing in a list, everything by its negation, and stops a write: %s', async (name) => {
    expect(await list({ query: [`assigned:${name} ${ofThisTest()}`] })).toEqual([]);
    expect(await list({ query: [`!assigned:${name} ${ofThisTest()}`] })).toHaveLength(4);
    for (const term of ['assigned', '!assigned', 'bookmarks', '!bookmarks']) {
      expect(await put({ query: [`${term}:${name}`] }, resolve)).toMatchObject(nobody(name));
      expect(await remove({ query: [`${term}:[me, ${name}]`] })).toMatchObject(nobody(name));
    }
    expect(await put({ id: [prod], query: [`!assigned:${name}`] }, resolve)).toMatchObject(
      nobody(name),
    );
    expect(await statuses()).toEqual(Array(4).fill('unresolved'));
  });

  it.each(['me', 'my_teams'])('is %s for a token without a user', async (name) => {
    const rest = { authorizer: organizationToken };
    const query = [`!assigned:${name} ${ofThisTest()}`];
    expect(await put({ query }, resolve, rest)).toMatchObject(nobody(name));
    expect(await list({ query }, rest)).toHaveLength(4);
  });

  it.each(['level:eror', 'issue.priority:urgent', 'priority:[high, hihg]', 'level:z*'])(
    'is a value that its key does not have, either: %s',
    async (term) => {
      const query = [`!${term} ${ofThisTest()}`];
      expect(await put({ query }, resolve)).toMatchObject({
        statusCode: 400,
        body: {
          detail: expect.stringMatching(
            /^There is no (?:level (?:eror|z\*)|priority urgent|priority hihg)\.$/,
          ),
        },
      });
      expect(await list({ query })).toHaveLength(4);
    },
  );

  it('is a project that is not there, either', async () => {
    const query = [`!project:typo ${ofThisTest()}`];
    expect(await put({ query }, resolve)).toMatchObject({
      statusCode: 400,
      body: { detail: 'There is no project typo in this organization.' },
    });
    expect(await list({ query })).toHaveLength(4);
    expect(await list({ query: [`project:sit* ${ofThisTest()}`] })).toHaveLength(1);
    expect(await put({ query: [`!project:*ite ${ofThisTest()}`] }, resolve)).toMatchObject({
      headers: counts(3, 3),
    });
  });
});

describe('people who are no active members any more', () => {
  it.each([
    ['15', 'erin', 'is deactivated'],
    ['16', 'frank', 'has left'],
  ])('%s are found by id, user name and address: %s %s', async (id, username) => {
    await hold(prod, id);
    for (const name of [`user:${id}`, id, username, `${username}@ACME.io`]) {
      expect(await list({ query: [`assigned:${name} ${ofThisTest()}`] })).toEqual([prod]);
      const query = [`assigned:${name} ${ofThisTest()}`];
      expect(await put({ query }, { isBookmarked: true })).toMatchObject({ headers: counts(1, 1) });
    }
    const query = [`!assigned:${username} ${ofThisTest()}`];
    expect(await put({ query }, resolve)).toMatchObject({ headers: counts(3, 3) });
  });

  it('are found where their leaving was not noted, for as long as they hold an issue', async () => {
    const query = [`assigned:gina ${ofThisTest()}`];
    expect(await list({ query })).toEqual([]);
    expect(await put({ query }, resolve)).toMatchObject({ statusCode: 400 });
    await hold(prod, '17');
    expect(await list({ query })).toEqual([prod]);
    expect(await put({ query }, resolve)).toMatchObject({ headers: counts(1, 1) });
  });
});

describe('whatever a bulk write does not understand', () => {
  const known: readonly string[] = bulkParameters;
  const word = fc.stringMatching(/^[a-z][a-z0-9]{3,12}$/);
  const parameter = word
    .filter((name) => !known.includes(name))
    .map((name): Query => ({ query: [''], [name]: [prod] }));
  const key = word.map((name): Query => ({ query: [`x${name}:1`] }));
  const name = fc
    .tuple(fc.constantFrom('assigned:', '!assigned:', 'bookmarks:', '!bookmarks:'), word)
    .map(([term, who]): Query => ({ query: [`${term}zz${who}`] }));
  const team = word.map((slug): Query => ({ query: [`!assigned:#zz${slug}`] }));
  const dryRun = fc
    .constantFrom('2', 'yes', '')
    .map((value): Query => ({ query: [''], dryRun: [value] }));

  it('changes no issue', async () => {
    const before = await recordedEvents(world.stores.table);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(parameter, key, name, team, dryRun),
        fc.constantFrom<unknown>(resolve, { priority: 'high' }, { discard: true }, 'delete'),
        fc.boolean(),
        async (query, body, isNamed) => {
          const named = isNamed ? { ...query, id: [prod, qa] } : query;
          const answer = await (body === 'delete' ? remove(named) : put(named, body));
          expect(answer.statusCode).toBe(400);
        },
      ),
      { numRuns: 60 },
    );
    expect(await statuses()).toEqual(Array(4).fill('unresolved'));
    expect(await recordedEvents(world.stores.table)).toHaveLength(before.length);
  });
});
