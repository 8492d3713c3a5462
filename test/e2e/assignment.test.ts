import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningStack } from '../../infra/local/stack.ts';
import { type Api, apiOf } from '../support/api.ts';
import { startTestStack } from '../support/app.ts';
import { worldFile } from '../support/world-file.ts';

const cacheEngine = process.env.BATON_TEST_CACHE === 'wasm' ? 'wasm' : 'auto';
const keysOf = (id: string) => [`assignee_exists:1:{${id}}`, `owner_exists:1:{${id}}`];

const world = worldFile();
let stack: RunningStack;
let api: Api;
let redis: Redis;

beforeAll(async () => {
  stack = await startTestStack({ world: world.path, cacheEngine, vpc: true });
  api = apiOf(stack.url);
  redis = new Redis(stack.redis);
});
afterAll(async () => {
  redis?.disconnect();
  await stack?.stop();
  world.remove();
});

it('travels from a request to the table, the bus and the cache, and back', async () => {
  await Promise.all(['101', '102'].flatMap(keysOf).map((key) => redis.set(key, '[true,1.5]')));

  const assigned = await api.put('/api/0/projects/acme/shop/issues/?id=101&id=102', {
    assignedTo: 'team:21',
  });
  expect(assigned.status).toBe(200);
  expect(assigned.body).toEqual({ assignedTo: { type: 'team', id: '21', name: 'core' } });
  expect(assigned.headers.get('x-request-id')).toBeTruthy();

  const issue = await api.get('/api/0/organizations/acme/issues/101/');
  expect(issue.body.assignedTo).toEqual({ type: 'team', id: '21', name: 'core' });
  expect(issue.body.activity[0]).toMatchObject({
    type: 'assigned',
    user: { id: '11' },
    data: { assignee: '21', assigneeEmail: null, assigneeType: 'team', assigneeName: 'core' },
  });
  expect(issue.body.activity.at(-1).type).toBe('first_seen');
  expect(issue.body.participants.map((one: { id: string }) => one.id)).toEqual(['11', '12']);
  expect(issue.body.subscriptionDetails).toEqual({ reason: 'assigned' });

  await api.idle();
  expect(await api.events('issue.assigned')).toHaveLength(2);
  const manual = await api.events('manual.issue_assignment');
  expect(manual.map((event) => event.detail.data.position).sort()).toEqual([0, 1]);
  expect(manual[0]).toMatchObject({ source: 'baton', detail: { version: 1, actor: 'user:11' } });
  expect(await redis.exists(...keysOf('101'))).toBe(2);

  const unassigned = await api.put('/api/0/projects/acme/shop/issues/?id=101&id=102', {
    assignedTo: '',
  });
  expect(unassigned.body).toEqual({ assignedTo: null });
  for (const id of ['101', '102']) {
    expect(await redis.exists(...keysOf(id))).toBe(0);
  }
  await api.idle();
  expect(await api.events('issue.unassigned')).toHaveLength(2);
  expect(await api.counted('group.assignee.change', { change: 'assigned' })).toBe(2);
  expect(await api.counted('group.assignee.change', { change: 'deassigned' })).toBe(2);
});

it('deletes the keys again from the event, for a request that died after its commit', async () => {
  await api.put('/api/0/issues/101/', { assignedTo: 'user:12' });
  await api.put('/api/0/issues/101/', { assignedTo: null });
  await api.idle();
  const event = (await api.events('issue.unassigned')).at(-1);
  await Promise.all(keysOf('101').map((key) => redis.set(key, '[true,1.5]')));

  await new EventBridgeClient({
    endpoint: stack.eventbridge,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }).send(
    new PutEventsCommand({
      Entries: [
        {
          Source: event?.source,
          DetailType: event?.['detail-type'],
          Detail: JSON.stringify(event?.detail),
        },
      ],
    }),
  );
  await api.idle();
  expect(await redis.exists(...keysOf('101'))).toBe(0);
});

it('answers one issue whole, by id, by short id, and by its legacy address', async () => {
  for (const path of [
    'organizations/acme/issues/102',
    'organizations/1/issues/SHOP-2',
    'issues/102',
  ]) {
    const { status, body } = await api.put(`/api/0/${path}/`, {
      assignedTo: 'bob',
      hasSeen: true,
      isBookmarked: true,
      isSubscribed: true,
      isPublic: true,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: '102',
      shortId: 'SHOP-2',
      assignedTo: { type: 'user', id: '12', name: 'Bob', email: 'bob@acme.io' },
      hasSeen: true,
      isBookmarked: true,
      isSubscribed: true,
      isPublic: true,
      project: { id: '31', slug: 'shop' },
    });
    expect(body.seenBy.map((one: { id: string }) => one.id)).toEqual(['11']);
  }
});

describe('who may do what', () => {
  const gone = { detail: 'The requested resource does not exist' };
  it.each([
    [
      'no token',
      '/api/0/issues/101/',
      null,
      401,
      { detail: 'Authentication credentials were not provided.' },
    ],
    ['an unknown token', '/api/0/issues/101/', 'nope', 401, { detail: 'Invalid token' }],
    [
      'a reader',
      '/api/0/issues/101/',
      'baton_local_reader',
      403,
      { detail: 'You do not have permission to perform this action.' },
    ],
    ['an issue of another organization', '/api/0/issues/901/', 'baton_local_alice', 404, gone],
    ['an issue that does not exist', '/api/0/issues/999/', 'baton_local_alice', 404, gone],
    [
      'another organization',
      '/api/0/organizations/globex/issues/901/',
      'baton_local_alice',
      404,
      gone,
    ],
    [
      'an unknown organization',
      '/api/0/organizations/nope/issues/101/',
      'baton_local_alice',
      404,
      gone,
    ],
    [
      'an unknown project',
      '/api/0/projects/acme/nope/issues/?id=101',
      'baton_local_alice',
      404,
      gone,
    ],
    [
      "another organization's project",
      '/api/0/projects/acme/plant/issues/?id=901',
      'baton_local_alice',
      404,
      gone,
    ],
    ['an unknown route', '/api/0/nope/', 'baton_local_alice', 404, gone],
  ])('%s', async (_, path, token, status, body) => {
    const answer = await api.put(path, { assignedTo: null }, { token });
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual(body);
    expect(answer.headers.get('x-request-id')).toBeTruthy();
  });

  it('an organization token acts for nobody', async () => {
    const { body } = await api.put(
      '/api/0/issues/201/',
      { assignedTo: null, hasSeen: true },
      { token: 'baton_local_robot' },
    );
    expect(body.assignedTo).toBeNull();
    expect(body.activity[0]).toMatchObject({ type: 'unassigned', user: null, data: {} });
  });
});

describe('nonsense is answered and changes nothing', () => {
  it.each<[string, string, unknown, number, unknown]>([
    [
      'no JSON',
      '/api/0/issues/101/',
      '{bad',
      400,
      { detail: expect.stringMatching(/^JSON parse error/) },
    ],
    ['a list', '/api/0/issues/101/', [], 400, { non_field_errors: [expect.any(String)] }],
    [
      'a wrong status',
      '/api/0/issues/101/',
      { status: 'gone' },
      400,
      { status: ['"gone" is not a valid choice.'] },
    ],
    [
      'no boolean',
      '/api/0/issues/101/',
      { hasSeen: 'perhaps' },
      400,
      { hasSeen: ['Must be a valid boolean.'] },
    ],
    [
      'no actor',
      '/api/0/issues/101/',
      { assignedTo: { id: 11 } },
      400,
      {
        assignedTo: [
          'Could not parse actor. Format should be `type:id` where type is `team` or `user`.',
        ],
      },
    ],
    [
      'a user of no team',
      '/api/0/issues/101/',
      { assignedTo: 'user:13' },
      400,
      { assignedTo: ['Cannot assign to non-team member'] },
    ],
    [
      'a query that is none',
      '/api/0/organizations/acme/issues/?query=is:nonsense',
      { assignedTo: null },
      400,
      { detail: 'Invalid query. Error getting group ids and group list' },
    ],
    [
      'ids that name nothing',
      '/api/0/organizations/acme/issues/?id=901&id=777',
      { assignedTo: null },
      204,
      undefined,
    ],
    [
      'ids that are no numbers',
      '/api/0/organizations/acme/issues/?id=nope',
      { assignedTo: null },
      204,
      undefined,
    ],
    [
      'a body that is too long',
      '/api/0/issues/101/',
      { assignedTo: 'x'.repeat(1_100_000) },
      413,
      { detail: expect.any(String) },
    ],
  ])('%s', async (_, path, body, status, answer) => {
    const before = await api.get('/api/0/issues/101/');
    await api.idle();
    const events = (await api.events()).length;
    const result = await api.put(path, body);
    expect(result.status).toBe(status);
    expect(result.body).toEqual(answer);
    await api.idle();
    expect((await api.events()).length).toBe(events);
    expect((await api.get('/api/0/issues/101/')).body).toEqual(before.body);
  });

  it('unknown fields are ignored', async () => {
    const answer = await api.put('/api/0/issues/101/', { colour: 'red', nested: { a: [null] } });
    expect(answer.status).toBe(200);
  });
});

it('changes what a query finds, and leaves ids alone that it does not', async () => {
  await api.put('/api/0/organizations/acme/issues/?id=101&id=102&id=201', { status: 'unresolved' });
  const { body } = await api.put('/api/0/organizations/acme/issues/?project=31&query=KeyError', {
    status: 'ignored',
    statusDetails: { ignoreDuration: 60 },
  });
  expect(body).toMatchObject({ status: 'ignored', inbox: null });
  expect(body.statusDetails.ignoreUntil).toMatch(/Z$/);
  const listed = async (query: string) =>
    (await api.get(`/api/0/organizations/acme/issues/?query=${query}`)).body.map(
      (issue: { id: string }) => issue.id,
    );
  expect(await listed('is:ignored')).toEqual(['102']);
  expect(await listed('is:unresolved')).toEqual(['201', '101']);
  expect(await listed('')).toEqual(['201', '102', '101']);
  await api.put('/api/0/organizations/acme/issues/?query=is:ignored', { status: 'unresolved' });
  expect(await listed('is:unresolved')).toEqual(['201', '102', '101']);
});

it('concurrent requests for one issue all succeed and leave one holder', async () => {
  const answers = await Promise.all(
    ['user:11', 'user:12', 'team:21', null, 'user:11'].map((assignedTo) =>
      api.put('/api/0/issues/101/', { assignedTo }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  await api.idle();
  const once = new Map((await api.events()).map((event) => [event.detail.eventId, event]));
  const changes = [...once.values()]
    .filter(({ detail }) => detail.groupId === '101')
    .filter((event) => ['issue.assigned', 'issue.unassigned'].includes(event['detail-type']))
    .sort((a, b) => a.detail.version - b.detail.version);
  const versions = changes.map(({ detail }) => detail.version);
  expect(versions).toEqual(versions.map((_, index) => index + 1));
  const { body } = await api.get('/api/0/issues/101/');
  const last = changes.at(-1)?.detail.data.assignee ?? null;
  expect(body.assignedTo && { type: body.assignedTo.type, id: body.assignedTo.id }).toEqual(last);
});
