import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { RunningStack } from '../../../infra/local/stack.ts';
import { type Api, apiOf } from '../../support/api.ts';
import { startTestStack } from '../../support/app.ts';
import { busOf, seenInShop } from '../../support/bus.ts';
import { HANG_GUARD_MS } from '../../support/hang-guard.ts';

let stack: RunningStack;
let api: Api;
let bus: ReturnType<typeof busOf>;

beforeAll(async () => {
  stack = await startTestStack();
  api = apiOf(stack.url);
  bus = busOf(stack.eventbridge);
  await api.idle();
});
afterAll(async () => {
  bus?.close();
  await stack?.stop();
});

const ACME = '/api/0/organizations/acme/';
const OPERATIONS = `${ACME}operations/`;
const OWNERSHIP = '/api/0/projects/acme/shop/ownership/';

/** An operation once it has ended. */
async function ended(id: string) {
  const answer = await vi.waitUntil(
    async () => {
      const found = await api.get(`${OPERATIONS}${id}/`);
      return found.body.finishedAt === null ? undefined : found;
    },
    { timeout: HANG_GUARD_MS, interval: 50 },
  );
  expect(answer.headers.get('retry-after')).toBeNull();
  return answer.body;
}

async function issuesOf(id: string, query = ''): Promise<Record<string, unknown>[]> {
  const { status, body } = await api.get(`${OPERATIONS}${id}/issues/${query}`);
  expect(status).toBe(200);
  return body;
}

const save = async (raw: string | null) =>
  expect((await api.put(OWNERSHIP, { raw })).status).toBe(200);

it('rules that were saved are reconciled with the issues that there are', async () => {
  await bus.putSeen(
    seenInShop('held', { title: 'held' }),
    seenInShop('unheld', { title: 'unheld' }, 'lib/unheld.py'),
  );
  const byTitle = async (title: string) =>
    (await api.get(`${ACME}issues/?query=`)).body.find(
      (issue: { title: string }) => issue.title === title,
    );
  await vi.waitUntil(async () => (await byTitle('held'))?.assignedTo?.name === 'core', {
    timeout: HANG_GUARD_MS,
    interval: 50,
  });
  await api.idle();
  await save('path:app/* bob@acme.io\npath:lib/unheld.py bob@acme.io');

  const dry = await api.post(`${OWNERSHIP}reconcile/`, { dryRun: true });
  expect([dry.status, dry.headers.get('retry-after')]).toEqual([202, '1']);
  expect(dry.body).toMatchObject({ kind: 'reconcile', state: 'queued', dryRun: true });
  expect(await ended(dry.body.id)).toMatchObject({ state: 'done', applied: 2 });
  expect((await byTitle('held')).assignedTo.name).toBe('core');

  const asked = await api.post(`${OWNERSHIP}reconcile/`, { dryRun: false });
  const done = await ended(asked.body.id);
  expect(done).toMatchObject({ state: 'done', applied: 2, failed: 0, drifted: 0 });
  expect(done.requested).toBe(done.applied + done.unchanged + done.skipped);
  expect(done.createdBy).toMatchObject({ type: 'user', name: 'Alice' });
  const bob = { type: 'user', id: '12', name: 'Bob' };
  const applied = await issuesOf(done.id, '?outcome=applied');
  expect(
    applied.map(({ issue, after }) => [(issue as { title: string }).title, after]).sort(),
  ).toEqual([
    ['held', { assignedTo: bob, ownerTeam: null }],
    ['unheld', { assignedTo: bob, ownerTeam: null }],
  ]);
  expect(await issuesOf(done.id, '?outcome=failed')).toEqual([]);
  expect(await issuesOf(done.id)).toHaveLength(done.requested);

  const held = (await api.get(`${ACME}issues/${(await byTitle('held')).id}/`)).body;
  expect(held.assignedTo).toEqual({ ...bob, email: 'bob@acme.io' });
  expect(held.activity[0].data).toMatchObject({
    operationId: done.id,
    rule: 'path:app/* bob@acme.io',
    integration: 'projectOwnership',
  });
  await api.idle();
  const told = await api.events('issue.assigned');
  expect(told.filter(({ detail }) => detail.operationId === done.id)).toHaveLength(2);

  expect((await api.post(`${OPERATIONS}${done.id}/cancel/`, undefined)).status).toBe(409);
  const listed = await api.get(`${OPERATIONS}?state=done`);
  expect(listed.body.map(({ id }: { id: string }) => id)).toEqual([done.id, dry.body.id]);
});

it('orphans are swept by a new policy, and an operation can be cancelled', async () => {
  expect((await api.put('/api/0/issues/102/', { assignedTo: 'user:12' })).status).toBe(200);
  expect((await api.delete(`${ACME}members/12/`)).status).toBe(204);
  await api.idle();
  await api.put(ACME, { orphanPolicy: 'unassign' });
  const asked = await api.post(`${ACME}assignments/orphans/sweep/`, {});
  const cancelled = await api.post(`${OPERATIONS}${asked.body.id}/cancel/`, undefined);
  expect([202, 409]).toContain(cancelled.status);
  const first = await ended(asked.body.id);
  expect(['cancelled', 'done']).toContain(first.state);

  const again = await api.post(`${ACME}assignments/orphans/sweep/`, {});
  const second = await ended(again.body.id);
  expect(second.state).toBe('done');
  // Two of them the rules had given him.
  expect(first.applied + second.applied).toBe(3);
  expect((await api.get(`${ACME}issues/102/`)).body.assignedTo).toBeNull();
});

it('what is unknown is refused', async () => {
  expect((await api.get(`${OPERATIONS}404/`)).status).toBe(404);
  expect((await api.get(`${OPERATIONS}?state=asleep`)).status).toBe(400);
  const { body } = await api.post(`${ACME}assignments/orphans/sweep/`, { dryRun: true });
  expect((await api.get(`${OPERATIONS}${body.id}/issues/?outcome=lost`)).status).toBe(400);
  expect((await api.get(`/api/0/organizations/globex/operations/${body.id}/`)).status).toBe(404);
  const unknown = await api.post(`${OWNERSHIP}reconcile/`, { dryrun: true });
  expect([unknown.status, unknown.body]).toEqual([400, { dryrun: ['Unknown field.'] }]);
});
