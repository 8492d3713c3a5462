import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { RunningStack } from '../../../infra/local/stack.ts';
import { type Api, apiOf } from '../../support/api.ts';
import { startTestStack } from '../../support/app.ts';
import { busOf, seenInShop } from '../../support/bus.ts';
import { HANG_GUARD_MS } from '../../support/hang-guard.ts';
import { readAccount } from '../../support/permissions.ts';
import { problemsOf } from '../../support/webhooks/body-schemas.ts';
import { type Receiver, startReceiver, verified } from '../../support/webhooks/receiver.ts';
import { smallWorld } from '../../support/world.ts';
import { worldFile } from '../../support/world-file.ts';

const ORG = '/api/0/organizations/acme';
const HOOKS = `${ORG}/webhooks`;

let world: ReturnType<typeof worldFile>;
let stack: RunningStack;
let receiver: Receiver;
let api: Api;

beforeAll(async () => {
  world = worldFile({
    organizations: smallWorld.organizations.map((one) => ({
      ...one,
      options: { 'webhooks.allow-private-address': one.slug === 'acme' },
    })),
  });
  receiver = await startReceiver();
  stack = await startTestStack({ world: world.path, cacheEngine: 'wasm' });
  api = apiOf(stack.url);
});
afterAll(async () => {
  await stack?.stop();
  await receiver?.stop();
  world?.remove();
});

async function endpoint(path: string, more: object = {}) {
  const made = await api.post(`${HOOKS}/`, { url: receiver.at(path), events: ['*'], ...more });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body as { id: string; secret: string };
}

const told = (path: string, secret: string) =>
  receiver.arrivedAt(path).map((one) => verified(one, secret));

const deliveries = async (id: string, query = '') =>
  (await api.get(`${HOOKS}/${id}/deliveries/${query}`)).body as {
    id: string;
    eventId: string;
    type: string;
    status: string;
    attempts: { code: number | null; at: string }[];
    nextAttemptAt: string | null;
  }[];

it('wakes nobody for an organization that never had an endpoint', async () => {
  for (const assignedTo of ['user:11', '']) {
    expect((await api.put(`${ORG}/issues/102/`, { assignedTo })).status).toBe(200);
  }
  await api.idle();
  const events: { 'detail-type': string; detail: { webhooks?: boolean } }[] = (
    await api.get('/_local/events')
  ).body;
  const said = events.map((event) => [event['detail-type'], event.detail.webhooks]);
  expect(said).toContainEqual(['issue.assigned', false]);
  expect(said).toContainEqual(['manual.issue_assignment', undefined]);
  const { grants } = await readAccount(stack.url);
  // What Lambda does for a queue is used from the start; an invocation reads the table.
  const used = grants.filter(
    ({ caller, action, used }) =>
      used && caller === 'webhook-fanout' && action.startsWith('dynamodb:'),
  );
  expect(used).toEqual([]);
});

it('tells whoever hears of it what happens to issues, projects and rules, each once', async () => {
  const { id, secret } = await endpoint('/all');
  await endpoint('/resolved', { events: ['issue.resolved'], projects: ['shop'] });
  await endpoint('/elsewhere', { projects: ['site'] });
  const issue = `${ORG}/issues/101/`;
  for (const update of [
    { assignedTo: 'user:12' },
    { assignedTo: 'team:core' },
    { assignedTo: '' },
    { status: 'resolved' },
    { status: 'unresolved' },
    { ownerTeam: 'team:core' },
  ]) {
    expect((await api.put(issue, update)).status).toBe(200);
  }
  const { body: project } = await api.post('/api/0/teams/acme/core/projects/', { name: 'Told' });
  await api.put(`/api/0/projects/acme/${project.slug}/ownership/`, { raw: 'path:x #core' });
  await api.put(`/api/0/projects/acme/${project.slug}/`, { name: 'Told again' });
  const bus = busOf(stack.eventbridge);
  await bus.putSeen(seenInShop('told', { title: 'Told of' }));
  bus.close();
  await api.idle();
  const [begun] = (await api.get(`${ORG}/issues/?query=title:"Told of"`)).body;
  expect((await api.delete(`${ORG}/issues/${begun.id}/`)).status).toBe(202);
  expect((await api.delete(`/api/0/projects/acme/${project.slug}/`)).status).toBe(204);
  await api.idle();

  const bodies = told('/all', secret);
  expect(bodies.map(({ type }) => type).toSorted()).toEqual(
    [
      'issue.assigned',
      'issue.created',
      'issue.deleted',
      'issue.owner_changed',
      'issue.reassigned',
      'issue.resolved',
      'issue.unassigned',
      'issue.unresolved',
      'ownership.changed',
      'project.created',
      'project.deleted',
      'project.updated',
      // The rules of the shop assign what has begun, and say who owns it.
      ...['issue.assigned', 'issue.owner_changed'],
    ].toSorted(),
  );
  expect(problemsOf(bodies)).toEqual([]);
  const reassigned = bodies.find(({ type }) => type === 'issue.reassigned');
  expect(reassigned?.data).toMatchObject({
    issue: { id: '101', shortId: 'SHOP-1', url: `${stack.url}/organizations/acme/issues/101/` },
    before: { assignedTo: { type: 'user', id: '12', name: 'Bob' } },
    after: { assignedTo: { type: 'team', id: '21', name: 'core' } },
    actor: { type: 'user', id: '11', name: 'Alice' },
    operationId: null,
    version: 2,
  });
  expect(JSON.stringify(bodies)).not.toMatch(/@acme/);
  const deleted = bodies.find(({ type }) => type === 'issue.deleted');
  expect(deleted?.data.issue).toMatchObject({ id: begun.id, title: 'Told of' });
  expect(receiver.arrivedAt('/resolved')).toHaveLength(1);
  expect(receiver.arrivedAt('/elsewhere')).toEqual([]);
  const ids = receiver.arrivedAt('/all').map((one) => one.id);
  expect(new Set(ids).size).toBe(ids.length);
  const listed = await deliveries(id);
  expect(listed.map(({ eventId }) => eventId).toSorted()).toEqual(ids.toSorted());
  expect(new Set(listed.map(({ status }) => status))).toEqual(new Set(['delivered']));
  const { body: shown } = await api.get(`${HOOKS}/${id}/`);
  expect(shown).toMatchObject({ id, enabled: true, lastSuccessAt: expect.any(String) });
  expect(shown).not.toHaveProperty('secret');
});

it('is sent again by itself, and on demand, while others are not held up', async () => {
  let isWell = false;
  receiver.answers.set('/ill', () => ({ status: isWell ? 200 : 503, body: 'not now' }));
  const events = ['issue.assigned', 'issue.unassigned'];
  const { id } = await endpoint('/ill', { events });
  await endpoint('/well', { events });
  await api.put(`${ORG}/issues/102/`, { assignedTo: 'user:12' });
  // The next attempt is due later: the stack is idle until then.
  await api.idle();
  expect(receiver.arrivedAt('/well')).toHaveLength(1);
  const [waiting] = await deliveries(id);
  expect(waiting).toMatchObject({
    status: 'pending',
    attempts: [{ code: 503, error: null, response: 'not now' }],
    nextAttemptAt: expect.any(String),
  });
  await vi.waitUntil(async () => ((await deliveries(id))[0]?.attempts.length ?? 0) > 1, {
    timeout: HANG_GUARD_MS,
    interval: 200,
  });
  const [first, second] = (await deliveries(id))[0]?.attempts ?? [];
  const waitedMs = Date.parse(second?.at ?? '') - Date.parse(first?.at ?? '');
  expect(waitedMs).toBeGreaterThanOrEqual(5_000);
  isWell = true;
  expect((await api.post('/_local/schedules/webhook-attempts', undefined)).status).toBe(200);
  await vi.waitUntil(async () => (await deliveries(id))[0]?.status === 'delivered', {
    timeout: HANG_GUARD_MS,
    interval: 200,
  });
  expect(new Set(receiver.arrivedAt('/ill').map((one) => `${one.id} ${one.body}`)).size).toBe(1);

  const redelivery = `${HOOKS}/${id}/deliveries/${waiting?.id}/redeliver/`;
  const again = await api.post(redelivery, undefined);
  expect([again.status, again.body.status]).toEqual([202, 'pending']);
  await api.idle();
  const arrived = receiver.arrivedAt('/ill');
  expect(new Set(arrived.map((one) => `${one.id} ${one.body}`)).size).toBe(1);
  expect((await deliveries(id))[0]).toMatchObject({ status: 'delivered' });
});

it('is sent by the schedule where the worker that was woken for it could not', async () => {
  const { id } = await endpoint('/late', { events: ['issue.resolved'] });
  const revoke = (revocations: readonly object[]) =>
    api.put('/_local/permissions/revoked', revocations, { token: null });
  await revoke([{ caller: 'webhook-delivery', action: 'dynamodb:UpdateItem' }]);
  expect((await api.post(`${HOOKS}/${id}/ping/`, undefined)).status).toBe(202);
  expect((await api.post('/_local/schedules/webhook-attempts', undefined)).status).toBe(200);
  await revoke([]);
  await api.idle();
  expect(receiver.arrivedAt('/late')).toHaveLength(1);
});

it('that has answered 410 is disabled until somebody takes it up again', async () => {
  let status = 410;
  receiver.answers.set('/gone', () => ({ status }));
  const { id } = await endpoint('/gone', { events: ['issue.ignored'] });
  const since = new Date().toISOString();
  await api.put(`${ORG}/issues/101/`, { status: 'ignored' });
  await api.idle();
  await api.put(`${ORG}/issues/102/`, { status: 'ignored' });
  await api.idle();
  const { body: disabled } = await api.get(`${HOOKS}/${id}/`);
  expect(disabled).toMatchObject({ enabled: false, disabledReason: 'gone' });
  const events = (await api.get('/_local/events')).body;
  expect(
    events.filter((event: Record<string, string>) => event['detail-type'] === 'webhook.disabled'),
  ).toMatchObject([{ detail: { aggregateId: `webhook:${id}`, data: { reason: 'gone' } } }]);
  for (const path of [`redeliver/`, `ping/`]) {
    const body = path === 'ping/' ? undefined : { since };
    expect(await api.post(`${HOOKS}/${id}/${path}`, body)).toMatchObject({
      status: 409,
      body: { detail: 'This webhook is disabled: enable it first.' },
    });
  }
  expect((await deliveries(id)).map((one) => one.status)).toEqual(['dropped', 'failed']);

  status = 204;
  const taken = await api.put(`${HOOKS}/${id}/`, { enabled: true });
  expect(taken.body).toMatchObject({ enabled: true, disabledReason: null });
  expect((await api.post(`${HOOKS}/${id}/redeliver/`, { since })).status).toBe(202);
  await api.idle();
  expect((await deliveries(id)).map((one) => one.status)).toEqual(['delivered', 'delivered']);
  const page = await api.get(`${HOOKS}/${id}/deliveries/?per_page=1`);
  expect(page.body).toHaveLength(1);
  expect(page.headers.get('link')).toMatch(/rel="next"; results="true"/);
});

it('signs with both secrets after a rotation, and with a ping at any time', async () => {
  const { id, secret } = await endpoint('/rotated', { events: ['project.restored'] });
  const rotated = await api.post(`${HOOKS}/${id}/rotate-secret/`, undefined);
  expect(rotated).toMatchObject({
    status: 200,
    body: { secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) },
  });
  const pinged = await api.post(`${HOOKS}/${id}/ping/`, undefined);
  expect([pinged.status, pinged.body.type]).toEqual([202, 'webhook.ping']);
  await api.idle();
  for (const known of [secret, rotated.body.secret]) {
    expect(told('/rotated', known)).toEqual([
      { type: 'webhook.ping', timestamp: expect.any(String), data: {} },
    ]);
  }
  expect(problemsOf(told('/rotated', secret))).toEqual([]);
});

it('brings the changes of one request together where that is wanted', async () => {
  const { secret } = await endpoint('/batch', {
    events: ['issue.assigned', 'issue.reassigned'],
    batch: true,
  });
  await api.put(`${ORG}/issues/?id=101&id=102`, { assignedTo: '' });
  await api.put(`${ORG}/issues/?id=101&id=102`, { assignedTo: 'user:12' });
  await api.idle();
  const bodies = told('/batch', secret);
  expect(bodies).toMatchObject([
    { type: 'issue.assigned', data: { issues: [{ eventId: expect.any(String) }, {}] } },
  ]);
  expect(problemsOf(bodies)).toEqual([]);
});

it('that is deleted gets nothing more, and its secrets are gone', async () => {
  receiver.answers.set('/deleted', () => ({ status: 500 }));
  const { id } = await endpoint('/deleted', { events: ['issue.resolved'] });
  await api.put(`${ORG}/issues/101/`, { status: 'resolved' });
  await api.idle();
  const before = receiver.arrivedAt('/deleted').length;
  expect(before).toBeGreaterThan(0);
  expect((await api.delete(`${HOOKS}/${id}/`)).status).toBe(204);
  await api.idle();
  await api.post('/_local/schedules/webhook-attempts', undefined);
  await api.idle();
  expect(receiver.arrivedAt('/deleted')).toHaveLength(before);
  expect((await api.get(`${HOOKS}/${id}/`)).status).toBe(404);
  expect((await api.get(`${HOOKS}/${id}/deliveries/`)).status).toBe(404);
});

it.each<[string, object, object]>([
  ['no type', { events: [] }, { events: [expect.stringContaining('at least one')] }],
  ['a type that there is not', { events: ['issue.*'] }, { events: [expect.anything()] }],
  ['a key that there is not', { event: [] }, { event: ['Unknown field.'] }],
  [
    'a project that there is not',
    { projects: ['shop', 'nowhere'] },
    { projects: [expect.anything()] },
  ],
  ['a project of others', { projects: ['39'] }, { projects: [expect.anything()] }],
  ['no project', { projects: [] }, { projects: [expect.anything()] }],
  [
    'an address that is none',
    { url: 'hooks' },
    { url: [expect.stringContaining('must be a URL')] },
  ],
  ['a metadata service', { url: 'http://169.254.169.254/' }, { url: [expect.anything()] }],
])('is refused with %s', async (_, said, body) => {
  const answer = await api.post(`${HOOKS}/`, { url: receiver.at('/x'), events: ['*'], ...said });
  expect([answer.status, answer.body]).toEqual([400, body]);
});

it('is for whoever may read issues, and may go nowhere private where nobody allowed it', async () => {
  const reader = { token: 'baton_local_reader' };
  expect((await api.get(`${HOOKS}/`, reader)).status).toBe(200);
  const asked = { url: 'https://hooks.acme.example/', events: ['*'] };
  expect((await api.post(`${HOOKS}/`, asked, reader)).status).toBe(403);
  const globex = { token: 'baton_local_dave' };
  const there = '/api/0/organizations/globex/webhooks/';
  for (const url of [receiver.at('/x'), 'https://10.0.0.1/', 'http://hooks.acme.example/']) {
    expect((await api.post(there, { ...asked, url }, globex)).status, url).toBe(400);
  }
  expect((await api.post(there, asked, globex)).status).toBe(201);
});

it('of an organization are at most twenty', async () => {
  const there = '/api/0/organizations/globex/webhooks/';
  const globex = { token: 'baton_local_dave' };
  const asked = { url: 'https://hooks.acme.example/', events: ['*'] };
  const answers = await Promise.all(
    Array.from({ length: 22 }, () => api.post(there, asked, globex)),
  );
  const { body } = await api.get(there, globex);
  expect(body.length).toBeLessThanOrEqual(20);
  let status = 201;
  for (let more = 0; status === 201 && more < 30; more += 1) {
    ({ status } = await api.post(there, asked, globex));
  }
  expect((await api.get(there, globex)).body).toHaveLength(20);
  expect(await api.post(there, asked, globex)).toMatchObject({
    status: 400,
    body: { detail: 'An organization can have 20 webhooks: delete one first.' },
  });
  expect(
    answers.map(({ status }) => status).every((status) => [201, 400, 409].includes(status)),
  ).toBe(true);
});
