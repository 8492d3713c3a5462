import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningStack } from '../../infra/local/stack.ts';
import { type Answer, type Api, apiOf } from '../support/api.ts';
import { startTestStack } from '../support/app.ts';
import { worldFile } from '../support/world-file.ts';

const ISSUE = '/api/0/organizations/acme/issues/101/';
const PROJECTS = '/api/0/teams/acme/core/projects/';

const world = worldFile();
let stack: RunningStack;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack({ world: world.path });
  api = apiOf(stack.url);
});
afterAll(async () => {
  await stack?.stop();
  world.remove();
});

const keyed = (key: string) => ({ headers: { 'Idempotency-Key': key } });
const isReplayed = ({ headers }: Answer) => headers.get('Idempotency-Replayed') === 'true';
const tagOf = ({ headers }: Answer) => headers.get('ETag') ?? '';

it('a project that is created under one key by many at the same time is created once', async () => {
  const many = await Promise.all(
    Array.from({ length: 6 }, () => api.post(PROJECTS, { name: 'Only One' }, keyed('many'))),
  );
  const created = many.filter((answer) => answer.status === 201 && !isReplayed(answer));
  expect(created).toHaveLength(1);
  for (const other of many.filter((answer) => answer !== created[0])) {
    if (other.status === 409) {
      expect(other.headers.get('Retry-After')).toBe('1');
    } else {
      expect([other.status, other.body, isReplayed(other)]).toEqual([201, created[0]?.body, true]);
    }
  }
  const again = await api.post(PROJECTS, { name: 'Only One' }, keyed('many'));
  expect([again.status, again.body, isReplayed(again)]).toEqual([201, created[0]?.body, true]);
  expect(tagOf(again)).toBe(created[0] && tagOf(created[0]));
  const { body } = await api.get('/api/0/organizations/acme/projects/?query=only-one');
  expect(body).toHaveLength(1);

  expect((await api.post(PROJECTS, { name: 'Another' }, keyed('many'))).status).toBe(422);
});

it('issues that are updated in bulk under one key are updated once, and so told', async () => {
  const bulk = (token = 'baton_local_alice') =>
    api.put(
      '/api/0/projects/acme/shop/issues/?id=101&id=102',
      { assignedTo: 'user:12' },
      { ...keyed('bulk'), token },
    );
  const first = await bulk();
  expect([first.status, isReplayed(first)]).toEqual([200, false]);
  await api.put(ISSUE, { assignedTo: '' });
  const second = await bulk();
  expect([second.status, second.body, isReplayed(second)]).toEqual([200, first.body, true]);
  expect(second.headers.get('X-Baton-Updated')).toBe(first.headers.get('X-Baton-Updated'));
  expect(second.headers.get('X-Request-Id')).not.toBe(first.headers.get('X-Request-Id'));
  expect((await api.get(ISSUE)).body.assignedTo).toBeNull();
  await api.idle();
  const told = await api.events('issue.assigned');
  expect(told.filter(({ detail }) => detail.groupId === '101')).toHaveLength(1);
  const other = await bulk('baton_local_robot');
  expect([other.status, isReplayed(other)]).toEqual([200, false]);
});

it('an issue is changed only as somebody has seen it, and not sent twice to who holds it', async () => {
  const read = await api.get(ISSUE);
  const ifMatch = { headers: { 'If-Match': tagOf(read) } };
  const held = await api.get(ISSUE, { headers: { 'If-None-Match': tagOf(read) } });
  expect([held.status, held.body, tagOf(held)]).toEqual([304, undefined, tagOf(read)]);
  const changed = await api.put(ISSUE, { priority: 'low' }, ifMatch);
  expect(changed.status).toBe(200);
  const late = await api.put(ISSUE, { priority: 'high' }, ifMatch);
  expect([late.status, late.body]).toEqual([412, { detail: 'It has changed since you read it.' }]);
  const now = await api.get(ISSUE);
  expect([now.body.priority, tagOf(now)]).toEqual(['low', tagOf(changed)]);
});
