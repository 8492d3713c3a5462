import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningStack } from '../../../infra/local/stack.ts';
import { type Api, apiOf } from '../../support/api.ts';
import { startTestStack } from '../../support/app.ts';
import { HANG_GUARD_MS } from '../../support/hang-guard.ts';
import { worldFile } from '../../support/world-file.ts';

const ACME = '/api/0/organizations/acme/';
const PLANS = `${ACME}plans/`;
const OPERATIONS = `${ACME}operations/`;

/** One more than are frozen while the caller waits. */
const MANY = Array.from({ length: 1_001 }, (_, index) => String(40_000 + index));
const FEW = ['50001', '50002', '50003'];

const issuesOf = (ids: readonly string[], title: string) =>
  ids.map((id) => ({ id, project: '31', shortId: `SHOP-${id}`, title }));

const world = worldFile({
  groups: [...issuesOf(MANY, 'Many'), ...issuesOf(FEW, 'Few')],
  assignments: [{ group: '50001', assignedTo: 'team:21' }],
  ...{ subscriptions: [], bookmarks: [], seen: [], owners: [], links: [] },
});
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

/** What is at an address once it is as it is wanted. */
function eventually(path: string, isWanted: (body: Record<string, unknown>) => boolean) {
  return vi.waitUntil(
    async () => {
      const { body } = await api.get(path);
      return isWanted(body) ? body : undefined;
    },
    { timeout: HANG_GUARD_MS, interval: 50 },
  );
}

const ended = (id: string) =>
  eventually(`${OPERATIONS}${id}/`, ({ finishedAt }) => finishedAt !== null);

async function planned(body: object) {
  const answer = await api.post(PLANS, body);
  expect([answer.status, answer.body]).toEqual([201, answer.body]);
  return answer;
}

/** Applies a plan, and answers its operation at its end. */
async function applied(plan: { id: string }) {
  const { status, body } = await api.post(`${PLANS}${plan.id}/apply/`, {});
  expect([status, body.plan]).toEqual([202, plan.id]);
  return ended(body.id);
}

async function holders(): Promise<(string | null)[]> {
  const found = await Promise.all(FEW.map((id) => api.get(`${ACME}issues/${id}/`)));
  return found.map(({ body }) => body.assignedTo?.id ?? null);
}

describe('a plan', () => {
  it('is made, looked at, applied once, and taken back', async () => {
    const { body: plan } = await planned({
      query: 'title:Few',
      projects: ['shop'],
      update: { assignedTo: 'bob@acme.io' },
      note: 'Bob takes over',
    });
    expect(plan).toMatchObject({ state: 'ready', count: 3, summary: { assignments: 3 } });
    const shown = await api.get(`${PLANS}${plan.id}/issues/`);
    expect(
      shown.body.map(({ issue, before, after }: Record<string, Record<string, unknown>>) => [
        issue?.id,
        (before?.assignedTo as { id: string } | null)?.id ?? null,
        (after?.assignedTo as { id: string } | null)?.id,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['50001', '21', '12'],
        ['50002', null, '12'],
      ]),
    );
    expect(await holders()).toEqual(['21', null, null]);

    await api.put('/api/0/issues/50003/', { assignedTo: 'user:11' });
    const done = await applied(plan);
    expect(done).toMatchObject({
      ...{ kind: 'update', state: 'done', note: 'Bob takes over' },
      ...{ requested: 3, applied: 2, drifted: 1 },
    });
    expect(await holders()).toEqual(['12', '12', '11']);
    const again = await api.post(`${PLANS}${plan.id}/apply/`, {});
    expect([again.status, again.body]).toEqual([
      409,
      { detail: 'This plan has been applied.', operation: done.id },
    ]);
    await api.idle();
    const told = (await api.events('issue.assigned')).map(({ detail }) => detail.operationId);
    expect(told.filter((id) => id === done.id)).toHaveLength(2);

    const back = await api.post(`${OPERATIONS}${done.id}/revert/`, {});
    expect([back.status, back.body.state, back.body.count]).toEqual([201, 'ready', 2]);
    expect(await applied(back.body)).toMatchObject({ kind: 'revert', state: 'done', applied: 2 });
    expect(await holders()).toEqual(['21', null, '11']);
    const listed = await api.get(PLANS);
    expect(listed.body.map(({ id }: { id: string }) => id)).toEqual([back.body.id, plan.id]);
  });

  it('of more than 1,000 issues is built by a worker, applied, cancelled, and taken back', async () => {
    const building = await planned({ query: 'title:Many', update: { status: 'resolved' } });
    const { id } = building.body;
    expect([building.body.state, building.headers.get('retry-after')]).toEqual(['building', '1']);
    const early = await api.post(`${PLANS}${id}/apply/`, {});
    const plan = await eventually(`${PLANS}${id}/`, ({ state }) => state !== 'building');
    expect(plan).toMatchObject({
      ...{ state: 'ready', count: MANY.length, notFound: [] },
      summary: { statusChanges: MANY.length, noChanges: 0 },
    });
    // A worker may have been quicker than the second request.
    const begun = early.status === 202 ? early : await api.post(`${PLANS}${id}/apply/`, {});
    expect([early.status, early.headers.get('retry-after')]).toEqual([early.status, '1']);
    await eventually(`${OPERATIONS}${begun.body.id}/`, ({ state }) => state !== 'queued');
    expect((await api.post(`${OPERATIONS}${begun.body.id}/cancel/`, {})).status).toBe(202);
    const cancelled = await ended(begun.body.id);
    expect(cancelled).toMatchObject({ state: 'cancelled', drifted: 0, failed: 0 });
    const count = async (query: string) =>
      (await api.put(`${ACME}issues/?dryRun=1&query=${query}`, { priority: 'low' })).headers.get(
        'x-baton-matched',
      );
    const resolved = 'is:resolved%20title:Many';
    expect(await count(resolved)).toBe(String(cancelled.applied));

    const { body: back } = await api.post(`${OPERATIONS}${begun.body.id}/revert/`, {});
    await eventually(`${PLANS}${back.id}/`, ({ state }) => state === 'ready');
    expect(await applied(back)).toMatchObject({ state: 'done', applied: cancelled.applied });
    expect(await count(resolved)).toBe('0');
  });

  it('is refused in words, and hidden from others', async () => {
    const refusals = await Promise.all(
      [
        { ids: ['50001'], update: { merge: 1 } },
        { ids: ['50001'], update: { assignedTo: 'nobody@acme.io' } },
        { query: '', projects: ['none'], update: { status: 'resolved' } },
        { query: 'colour:red', update: { status: 'resolved' } },
      ].map((body) => api.post(PLANS, body)),
    );
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(refusals[0]?.body).toEqual({ update: ['merge cannot be planned.'] });
    expect(refusals[2]?.body).toEqual({
      projects: ['There is no project none in this organization.'],
    });
    const { body } = await planned({ ids: ['50001', 'SHOP-1', '77'], update: { delete: true } });
    expect(body).toMatchObject({ count: 1, notFound: ['SHOP-1', '77'] });
    expect((await api.get(`/api/0/organizations/globex/plans/${body.id}/`)).status).toBe(404);
  });
});
