import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningStack } from '../../infra/local/stack.ts';
import { type Api, apiOf } from '../support/api.ts';
import { startTestStack } from '../support/app.ts';
import { busOf, seenInShop as seen } from '../support/bus.ts';
import { HANG_GUARD_MS } from '../support/hang-guard.ts';

const cacheEngine = process.env.BATON_TEST_CACHE === 'wasm' ? 'wasm' : 'auto';
const GATES = 'post_process.handle_owner_assignment';
const RULES = 'path:app/* #core\nurl:*checkout* bob@acme.io';

let stack: RunningStack;
let api: Api;
let redis: Redis;
let put: ReturnType<typeof busOf>['putSeen'];
let closeBus: () => void;

beforeAll(async () => {
  stack = await startTestStack({ cacheEngine, vpc: true });
  api = apiOf(stack.url);
  redis = new Redis(stack.redis);
  ({ putSeen: put, close: closeBus } = busOf(stack.eventbridge));
  await api.idle();
});
afterAll(async () => {
  redis?.disconnect();
  closeBus?.();
  await stack?.stop();
});

// biome-ignore lint/suspicious/noExplicitAny: a test reads what the wire holds.
type Issue = any;

/** The issue with this title, once it is there and is as `isSo` wants it. */
async function issueOf(
  title: string,
  isSo: (issue: Issue) => boolean = () => true,
): Promise<Issue> {
  return vi.waitUntil(
    async () => {
      const { body } = await api.get(
        '/api/0/organizations/acme/issues/?query=&limit=100&expand=owners',
      );
      return body.find((issue: Issue) => issue.title === title && isSo(issue));
    },
    { timeout: HANG_GUARD_MS, interval: 20 },
  );
}

const detailOf = async (id: string) =>
  (await api.get(`/api/0/organizations/acme/issues/${id}/`)).body;

/** What the tests put under one fingerprint is one issue with that title. */
const cart = (title: string, more: Record<string, unknown> = {}) => seen(title, { title, ...more });

const idOf = async (title: string) => (await issueOf(title)).id as string;

async function assign(id: string, assignedTo: string | null): Promise<void> {
  const { status } = await api.put(`/api/0/issues/${id}/`, { assignedTo });
  expect(status).toBe(200);
}

it('assigns an issue to its owners when the first event arrives, and tells which rule it was', async () => {
  await put(cart('first'));
  const issue = await issueOf('first', ({ assignedTo }) => assignedTo !== null);
  expect(issue).toMatchObject({
    shortId: 'SHOP-3',
    count: '1',
    status: 'unresolved',
    substatus: 'new',
    assignedTo: { type: 'team', id: '21', name: 'core' },
    owners: [{ type: 'ownershipRule', owner: 'team:21' }],
  });
  const { activity, participants, owners } = await detailOf(issue.id);
  expect(activity[0]).toMatchObject({
    type: 'assigned',
    user: null,
    data: {
      assignee: '21',
      assigneeType: 'team',
      assigneeName: 'core',
      integration: 'projectOwnership',
      rule: 'path:app/* #core',
    },
  });
  expect(owners).toEqual(issue.owners);
  expect(participants.map(({ id }: { id: string }) => id)).toEqual(['11', '12']);
  await api.idle();
  const [told] = await api.events('issueowners.assignment');
  expect(told?.detail.data).toEqual({
    organization_id: 1,
    project_id: 31,
    group_id: Number(issue.id),
    updated_assignment: false,
  });
  const [assigned] = (await api.events('issue.assigned')).filter(
    ({ detail }) => detail.groupId === issue.id,
  );
  expect(assigned?.detail).toMatchObject({
    version: 1,
    data: { source: 'auto', isFirstAssignment: true, assignee: { type: 'team', id: '21' } },
  });
  expect(assigned?.detail.actor).toBeUndefined();
});

it('evaluates again only when there is a reason, and never against what a person decided', async () => {
  const debounced = () => api.counted(`${GATES}.debounce`);
  await put(cart('again'));
  const { id } = await issueOf('again', ({ assignedTo }) => assignedTo?.id === '21');
  await api.idle();
  const before = await debounced();
  await put(cart('again'));
  await api.idle();
  expect(await debounced()).toBe(before + 1);

  // The rules change: what was known of the issue is stale.
  const evaluatedAt = Number(await redis.get(`owner_exists:1:{${id}}`));
  const raw = `${RULES}\npath:other/* #core`;
  expect((await api.put('/api/0/projects/acme/shop/ownership/', { raw })).status).toBe(200);
  expect(Number(await redis.get('ownership_version:1:{31}'))).toBeGreaterThan(evaluatedAt);
  await api.idle();
  const assignees = await api.counted(`${GATES}.assignee_exists`);
  await put(cart('again'));
  await api.idle();
  expect(await debounced()).toBe(before + 1);
  expect(await api.counted(`${GATES}.assignee_exists`)).toBe(assignees + 1);

  // Somebody unassigns what the rules had assigned: the next event is evaluated at once.
  await assign(id, null);
  await put(cart('again'));
  await issueOf('again', ({ assignedTo }) => assignedTo?.id === '21');
  await api.idle();
  expect(Number(await redis.get(`owner_exists:1:{${id}}`))).toBeGreaterThan(evaluatedAt);

  // A person's own assignment stays, and so does its end.
  await assign(id, 'user:11');
  await put(cart('again'));
  await api.idle();
  expect((await detailOf(id)).assignedTo).toMatchObject({ type: 'user', id: '11' });
  await assign(id, null);
  await put(cart('again'));
  await api.idle();
  expect(await detailOf(id)).toMatchObject({ assignedTo: null, count: '6' });
});

it('counts an event once, by whatever names it comes, and drops what belongs nowhere', async () => {
  const event = cart('once', { organization: '1', project: '31' });
  await put(event, event, { ...event, organization: 'acme', project: 'shop' });
  const id = await idOf('once');
  await api.idle();
  await put(event, cart('other', { project: 'plant' }), cart('other', { groupId: '901' }));
  await api.idle();
  expect((await detailOf(id)).count).toBe('1');
  expect(await api.counted('group_seen.dropped', { reason: 'unknown_project' })).toBe(1);
  expect(await api.counted('group_seen.dropped', { reason: 'unknown_group' })).toBe(1);
});

it('reopens a resolved issue that is seen again', async () => {
  await api.put('/api/0/issues/101/', { status: 'resolved' });
  await put(cart('KeyError', { fingerprint: undefined, groupId: '101' }));
  await api.idle();
  const issue = await detailOf('101');
  expect(issue).toMatchObject({ status: 'unresolved', substatus: 'regressed', count: '6' });
  expect(issue.activity.map(({ type }: { type: string }) => type)).toContain('set_regression');
});

it('finds owners in CODEOWNERS, which say whom they name in vain', async () => {
  const path = '/api/0/projects/acme/shop/codeowners/';
  const created = await api.post(path, {
    raw: '/src/checkout/ bob@acme.io\n/src/ @nobody',
    codeMapping: { sourceRoot: 'src/', stackRoot: 'web/' },
  });
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    raw: expect.stringContaining('/src/checkout/'),
    codeMapping: { sourceRoot: 'src/', stackRoot: 'web/' },
    errors: { missing_external_users: ['@nobody'], missing_user_emails: [] },
    schema: { rules: [{ matcher: { type: 'codeowners', pattern: '/web/checkout/' } }] },
  });
  const { id } = created.body;
  await put(seen('web', { title: 'web' }, 'web/checkout/pay.js'));
  const issue = await issueOf('web', ({ assignedTo }) => assignedTo?.id === '12');
  expect(issue.owners).toMatchObject([{ type: 'codeowners', owner: 'user:12' }]);
  await api.idle();
  expect(await api.events('codeowners.assignment')).toHaveLength(1);

  const changed = await api.put(`${path}${id}/`, { raw: '* alice@acme.io' });
  expect(changed).toMatchObject({ status: 200, body: { id, raw: '* alice@acme.io' } });
  expect((await api.get(path)).body).toEqual([changed.body]);
  expect((await api.delete(`${path}${id}/`)).status).toBe(204);
  expect((await api.delete(`${path}${id}/`)).status).toBe(404);
  expect((await api.get(path)).body).toEqual([]);
  await api.idle();
  const told = (await api.events('ownership.changed')).filter(
    ({ detail }) => detail.data.source === 'codeowners' && detail.projectId === '31',
  );
  expect(told.map(({ detail }) => detail.data.changed)).toEqual([
    ['raw', 'codeMapping'],
    ['raw'],
    ['raw', 'codeMapping'],
  ]);
});

it('explains an issue, and an event that never happened', async () => {
  await put(cart('why'));
  const { id } = await issueOf('why', ({ assignedTo }) => assignedTo !== null);
  await api.idle();
  const core = { type: 'team', id: '21', name: 'core' };
  const matched = {
    rule: 'path:app/* #core',
    source: 'ownership_rule',
    frameIndex: 0,
    frame: { filename: 'app/cart.py', module: null },
    excluded: false,
    owners: [{ actor: core, identifier: 'core' }],
    rank: 1,
  };
  const { body } = await api.get(`/api/0/organizations/acme/issues/${id}/ownership/`);
  expect(body).toMatchObject({
    rules: [matched],
    winner: { rule: matched.rule, source: matched.source, actor: core },
    owners: [{ type: 'ownershipRule', owner: 'team:21', rule: matched.rule }],
    assignee: core,
  });
  expect(body.gates.map(({ gate, stopped }: Issue) => [gate, stopped])).toEqual([
    ['assignee', false],
    ['debounce', true],
    ['rateLimit', false],
    ['killSwitch', false],
    ['setting', false],
    ['manual', false],
  ]);

  const keys = (await redis.keys('*')).sort();
  const told = await api.post('/api/0/projects/acme/shop/ownership/evaluate/', {
    event: cart('never').event,
    commit: { id: 'c', authorEmail: 'bob@acme.io' },
  });
  expect(told).toMatchObject({ status: 200, body: { rules: [matched], assignee: core } });
  expect(told.body.owners.map(({ type }: Issue) => type)).toEqual([
    'suspectCommit',
    'ownershipRule',
  ]);
  expect(told.body.gates.map(({ gate }: Issue) => gate)).toEqual(['killSwitch', 'setting']);
  expect((await redis.keys('*')).sort()).toEqual(keys);
});

it('shows what a save would move, holds it to its tests, and takes it back', async () => {
  const path = '/api/0/projects/acme/shop/ownership/';
  expect((await api.put(path, { raw: RULES })).status).toBe(200);
  await put(cart('moving'));
  const { id } = await issueOf('moving', ({ assignedTo }) => assignedTo !== null);
  await api.idle();
  const raw = 'path:app/* bob@acme.io';
  const { status, body } = await api.post(`${path}preview/`, { raw });
  expect(status).toBe(200);
  expect(body.moved).toContainEqual({
    issue: id,
    shortId: expect.any(String),
    from: { type: 'team', id: '21', name: 'core' },
    to: { type: 'user', id: '12', name: 'Bob', email: 'bob@acme.io' },
    rule: raw,
    by: 'reconcile',
  });
  const tests = [{ name: 'the cart', event: cart('tried').event, expect: '#core' }];
  const saved = await api.put(path, { tests });
  expect([saved.status, saved.body.failedTests]).toEqual([200, undefined]);
  expect(await api.put(path, { raw })).toMatchObject({
    status: 400,
    body: { tests: ['the cart: expected #core, got bob@acme.io'] },
  });
  const skipped = await api.put(path, { raw, skipTests: true });
  expect(skipped.body.failedTests).toMatchObject([{ name: 'the cart', passed: false }]);
  const versions = await api.get(`${path}versions/`);
  const [newest, before, first] = versions.body;
  expect(newest).toMatchObject({ changed: ['raw'], savedBy: { type: 'user', id: '11' } });
  const compared = await api.get(`${path}versions/${newest.version}/?against=${before.version}`);
  expect(compared.body.diff).toEqual([
    {
      source: 'ownership',
      lines: [
        { kind: 'removed', line: 1, text: 'path:app/* #core' },
        { kind: 'removed', line: 2, text: 'url:*checkout* bob@acme.io' },
        { kind: 'added', line: 1, text: raw },
      ],
    },
  ]);
  const restored = await api.post(`${path}versions/${first.version}/restore/`, {});
  expect(restored).toMatchObject({ status: 200, body: { raw: RULES, tests: [], leftOut: [] } });
});

describe('ownership over HTTP', () => {
  const path = '/api/0/projects/acme/shop/ownership/';
  const forbidden = { detail: 'You do not have permission to perform this action.' };
  const gone = { detail: 'The requested resource does not exist' };

  it('of a project that never saved any is as it would begin', async () => {
    const { status, body } = await api.get('/api/0/projects/acme/site/ownership/');
    expect(status).toBe(200);
    expect(body).toEqual({
      raw: null,
      fallthrough: true,
      autoAssignment: 'Auto Assign to Issue Owner',
      isActive: true,
      dateCreated: null,
      lastUpdated: null,
      codeownersAutoSync: true,
      tests: [],
      schema: null,
      diagnostics: [],
    });
  });

  it('is read by the project’s id or slug, with owners by their names', async () => {
    await api.put(path, { raw: RULES });
    for (const project of ['shop', '31']) {
      const { body } = await api.get(`/api/0/projects/acme/${project}/ownership/`);
      expect(body.schema).toEqual({
        $version: 1,
        rules: [
          {
            matcher: { type: 'path', pattern: 'app/*' },
            owners: [{ type: 'team', name: 'core', id: '21' }],
          },
          {
            matcher: { type: 'url', pattern: '*checkout*' },
            owners: [{ type: 'user', name: 'bob@acme.io', id: '12' }],
          },
        ],
      });
    }
  });

  it.each<[string, string | undefined, unknown, number, unknown]>([
    [
      'a reader saves a rule',
      'baton_local_reader',
      { raw: 'path:x bob@acme.io' },
      200,
      expect.anything(),
    ],
    [
      'a reader names a team',
      'baton_local_reader',
      { raw: 'path:x #core' },
      400,
      {
        raw: ['You do not have permission to assign ownership to one or more teams.'],
      },
    ],
    ['a reader changes a setting', 'baton_local_reader', { fallthrough: false }, 403, forbidden],
    [
      'a reader changes both',
      'baton_local_reader',
      { raw: '', fallthrough: false },
      403,
      forbidden,
    ],
    [
      'a robot without a user',
      'baton_local_robot',
      { raw: 'path:x bob@acme.io' },
      200,
      expect.anything(),
    ],
    ['a stranger', 'baton_local_dave', { raw: '' }, 404, gone],
    [
      'a bad rule',
      undefined,
      { raw: 'path:x' },
      400,
      {
        raw: ['Parse error: ownership (line 1, column 1)'],
      },
    ],
    [
      'a bad setting',
      undefined,
      { autoAssignment: 'Sometimes' },
      400,
      {
        autoAssignment: ['Invalid selection.'],
      },
    ],
    ['no text', undefined, { raw: 7 }, 400, { raw: ['Not a valid string.'] }],
    [
      'no boolean',
      undefined,
      { fallthrough: 'perhaps' },
      400,
      {
        fallthrough: ['Must be a valid boolean.'],
      },
    ],
  ])('%s', async (_, token, body, status, answer) => {
    const result = await api.put(path, body, token === undefined ? {} : { token });
    expect(result.status).toBe(status);
    expect(result.body).toEqual(answer);
  });

  it.each([
    ['GET', '/api/0/projects/acme/plant/ownership/', 404],
    ['GET', '/api/0/projects/globex/plant/ownership/', 404],
    ['GET', '/api/0/organizations/acme/issues/901/ownership/', 404],
    ['GET', '/api/0/organizations/acme/issues/SHOP-1/ownership/', 200],
    ['GET', '/api/0/projects/acme/nope/codeowners/', 404],
    ['POST', '/api/0/projects/acme/shop/codeowners/', 400],
    ['POST', '/api/0/projects/acme/shop/ownership/evaluate/', 400],
    ['PUT', '/api/0/projects/acme/shop/codeowners/999/', 404],
  ])('%s %s: %i', async (method, at, status) => {
    const body = method === 'GET' ? {} : { body: {} };
    expect((await api.call(method, at, body)).status).toBe(status);
  });

  it('tells of a change and not of its repetition', async () => {
    const changed = async () =>
      (await api.events('ownership.changed')).filter(
        ({ detail }) => detail.projectId === '32' && detail.data.source === 'ownership',
      );
    const site = '/api/0/projects/acme/site/ownership/';
    const before = (await changed()).length;
    const wanted = { raw: 'path:src/* #web', autoAssignment: 'Turn off Auto-Assignment' };
    const first = await api.put(site, wanted);
    const second = await api.put(site, wanted);
    expect(second.body).toEqual(first.body);
    await api.idle();
    expect((await changed()).slice(before).map(({ detail }) => detail.data.changed)).toEqual([
      ['raw', 'autoAssignment'],
    ]);
  });
});
