import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningStack } from '../../infra/local/stack.ts';
import type { WorldInput } from '../../infra/world/schema.ts';
import demo from '../../infra/world/worlds/acme.json' with { type: 'json' };
import { LEASE_SHARDS } from '../../shared/stores/keys/index-keys.ts';
import { shardOf } from '../../shared/stores/keys.ts';
import { type Api, apiOf } from '../support/api.ts';
import { startTestStack } from '../support/app.ts';
import { busOf, seenInShop } from '../support/bus.ts';
import { worldFile } from '../support/world-file.ts';

const ISSUES = '/api/0/organizations/acme/issues';
const LONG_AGO = '2026-01-01T00:00:00.000Z';

/** More issues of one part of the index than a run of the schedule ends. */
const together = Array.from({ length: 2_000 }, (_, index) => String(70_000 + index))
  .filter((id) => shardOf(id, LEASE_SHARDS) === 0)
  .slice(0, 130)
  .map((id) => ({ id, project: '31', shortId: `SHOP-${id}`, title: 'Due together' }));

let world: ReturnType<typeof worldFile>;
let stack: RunningStack;
let api: Api;

beforeAll(async () => {
  world = worldFile({
    groups: [...(demo.groups as NonNullable<WorldInput['groups']>), ...together],
    assignments: [
      ...together.map(({ id }) => ({ group: id, assignedTo: 'user:12', expiresAt: LONG_AGO })),
      { group: '101', assignedTo: 'user:12', expiresAt: LONG_AGO },
      { group: '102', assignedTo: 'user:12', expiresAt: LONG_AGO },
    ],
    subscriptions: [{ group: '101', user: '12', reason: 'assigned', isActive: true }],
  });
  stack = await startTestStack({ world: world.path, cacheEngine: 'wasm' });
  api = apiOf(stack.url);
});
afterAll(async () => {
  await stack?.stop();
  world?.remove();
});

async function runSchedule() {
  expect((await api.post('/_local/schedules/leases', undefined)).status).toBe(200);
  await api.idle();
}

async function issue(id: string) {
  return (await api.get(`${ISSUES}/${id}/`)).body;
}

it('an assignment that has run out goes to whom the rules name, else to nobody', async () => {
  const rerouting = await api.put('/api/0/organizations/acme/', { orphanPolicy: 'reroute' });
  expect(rerouting.body.orphanPolicy).toBe('reroute');
  expect((await issue('101')).assignmentExpiresAt).toBe(LONG_AGO);
  await runSchedule();

  const [unowned, owned] = await Promise.all([issue('101'), issue('102')]);
  expect(unowned).toMatchObject({ assignedTo: null, assignmentExpiresAt: null, participants: [] });
  expect(unowned.activity[0]).toMatchObject({
    type: 'unassigned',
    user: null,
    data: { reason: 'expired' },
  });
  expect(owned).toMatchObject({ assignedTo: { id: '21' }, assignmentExpiresAt: null });
  expect(owned.activity[0]).toMatchObject({
    type: 'assigned',
    data: { reason: 'expired', integration: 'projectOwnership', rule: 'path:app/* #core' },
  });
});

it('what is due beyond a page of its part is ended by a worker', async () => {
  const found = (query: string) => api.get(`${ISSUES}/?query=${query}%20title:Due*&limit=100`);
  expect((await found('has:assignee')).body).toEqual([]);
  expect((await found('!has:assignee')).body).toHaveLength(100);
  const [due, ...others] = await api.events('assignments.leases_due');
  expect([due?.detail.data, others]).toEqual([{ part: 0 }, []]);
});

it('an assignment of an hour is told to end, in bulk too, and is in lists', async () => {
  const update = { assignedTo: 'user:11', assignmentExpires: 3_600 };
  const { status, body } = await api.put(`${ISSUES}/?id=101&id=102`, update);
  expect([status, body.assignmentExpires]).toEqual([200, 3_600]);
  await runSchedule();
  const events = (await api.get('/_local/events')).body;
  const told = events.filter(
    (event: Record<string, string>) => event['detail-type'] === 'issue.lease_ending',
  );
  const listed = (await api.get(`${ISSUES}/?query=assigned:me&sort=new`)).body;
  expect(told.map(({ detail }: { detail: object }) => detail)).toEqual(
    expect.arrayContaining(
      listed.map((one: { id: string; assignmentExpiresAt: string }) =>
        expect.objectContaining({
          groupId: one.id,
          data: { assignee: { type: 'user', id: '11' }, expiresAt: one.assignmentExpiresAt },
        }),
      ),
    ),
  );
  expect(told).toHaveLength(2);
});

it('an issue has the team that rules say, or that a person says, and none once it has left', async () => {
  const seen = busOf(stack.eventbridge);
  await seen.putSeen(seenInShop('owned', { title: 'Owned' }));
  seen.close();
  await api.idle();
  const core = { type: 'team', id: '21', name: 'core' };
  const [byRules] = (await api.get(`${ISSUES}/?query=title:Owned`)).body;
  expect(byRules.ownerTeam).toEqual(core);

  const update = { ownerTeam: 'team:core' };
  expect((await api.put(`${ISSUES}/?id=101&id=102`, update)).body.ownerTeam).toEqual(core);
  const { status, body } = await api.put(`${ISSUES}/101/`, { ownerTeam: 'team:web' });
  expect([status, Object.keys(body)]).toEqual([400, ['ownerTeam']]);

  expect((await api.delete('/api/0/projects/acme/shop/teams/core/')).status).toBe(200);
  await api.idle();
  for (const id of ['101', '102', byRules.id]) {
    expect((await issue(id)).ownerTeam).toBeNull();
  }
});
