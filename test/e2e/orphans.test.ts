import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { RunningStack } from '../../infra/local/stack.ts';
import { type Api, apiOf } from '../support/api.ts';
import { startTestStack } from '../support/app.ts';
import { busOf, seenInShop } from '../support/bus.ts';
import { HANG_GUARD_MS } from '../support/hang-guard.ts';

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

const orphans = async () => (await api.get(`${ACME}assignments/orphans/`)).body;
const detailOf = async (id: string) => (await api.get(`${ACME}issues/${id}/`)).body;

async function follow(policy: 'keep' | 'unassign' | 'reroute'): Promise<void> {
  const { status, body } = await api.put(ACME, { orphanPolicy: policy });
  expect([status, body.orphanPolicy]).toEqual([200, policy]);
}

/** An issue of `app/cart.py`, which the rules give to somebody. */
async function issueOf(title: string, holder: string): Promise<string> {
  await bus.putSeen(seenInShop(title, { title }));
  const found = await vi.waitUntil(
    async () => {
      const { body } = await api.get(`${ACME}issues/?query=`);
      return body.find(
        (issue: { title: string; assignedTo: { name: string } | null }) =>
          issue.title === title && issue.assignedTo?.name === holder,
      );
    },
    { timeout: HANG_GUARD_MS, interval: 20 },
  );
  return found.id;
}

it('whoever leaves is told of, then passed over by the daily review, as the policy says', async () => {
  await follow('keep');
  const id = await issueOf('left', 'core');
  expect((await api.put(`/api/0/issues/${id}/`, { assignedTo: 'user:12' })).status).toBe(200);
  expect((await api.delete(`${ACME}members/12/`)).status).toBe(204);
  await api.idle();

  expect(await orphans()).toEqual([
    {
      issue: expect.objectContaining({ id, title: 'left' }),
      assignedTo: { type: 'user', id: '12', name: 'Bob', email: 'bob@acme.io' },
      cause: 'left',
      since: expect.any(String),
    },
  ]);
  const listed = await api.get(`${ACME}assignments/orphans/`);
  expect(listed.headers.get('x-total-count')).toBe('1');
  expect((await api.get(ACME)).body.orphanedAssignments).toBe(1);
  expect((await detailOf(id)).assignedTo).toMatchObject({ id: '12' });
  const told = await api.events('issue.orphaned');
  expect(told.map(({ detail }) => [detail.groupId, detail.data])).toEqual([
    [id, { assignee: { type: 'user', id: '12' }, cause: 'left' }],
  ]);

  await follow('reroute');
  expect(await orphans()).toHaveLength(1);
  expect((await api.post('/_local/schedules/orphans', undefined)).status).toBe(200);
  await api.idle();
  const rerouted = await detailOf(id);
  expect(rerouted.assignedTo).toMatchObject({ type: 'team', name: 'core' });
  expect(rerouted.activity[0]).toMatchObject({
    type: 'assigned',
    user: null,
    data: { reason: 'orphaned', rule: 'path:app/* #core', integration: 'projectOwnership' },
  });
  expect(await orphans()).toEqual([]);
});

it('deleting a team hands its issues on by the rules, or unassigns them', async () => {
  await follow('reroute');
  expect((await api.post('/api/0/projects/acme/shop/teams/web/', {})).status).toBe(201);
  const raw = 'path:app/* #core #web';
  expect((await api.put('/api/0/projects/acme/shop/ownership/', { raw })).status).toBe(200);
  const rerouted = await issueOf('rerouted', 'core');
  const seenByNobody = '102';
  await api.put(`/api/0/issues/${seenByNobody}/`, { assignedTo: 'team:core' });
  const { body: impact } = await api.get('/api/0/teams/acme/core/impact/');
  const said = impact.issues.map(({ issue, to }: { issue: { id: string }; to: object | null }) => [
    issue.id,
    to,
  ]);
  expect(said).toEqual(
    expect.arrayContaining([
      [rerouted, expect.objectContaining({ type: 'team', name: 'web' })],
      [seenByNobody, null],
    ]),
  );
  expect((await api.delete('/api/0/teams/acme/core/')).status).toBe(204);
  await api.idle();
  const handedOn = await detailOf(rerouted);
  expect(handedOn.assignedTo).toMatchObject({ type: 'team', name: 'web' });
  expect(handedOn.activity[0]).toMatchObject({ data: { reason: 'orphaned', rule: raw } });
  const unassigned = await detailOf(seenByNobody);
  expect(unassigned.assignedTo).toBeNull();
  expect(unassigned.activity[0]).toMatchObject({
    type: 'unassigned',
    data: { reason: 'orphaned' },
  });
  expect(await orphans()).toEqual([]);
});
