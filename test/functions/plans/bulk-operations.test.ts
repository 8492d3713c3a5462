import { beforeEach, describe, expect, it } from 'vitest';
import { ENV } from '../../../shared/env.ts';
import type { ApiHandler } from '../../../shared/http/api.ts';
import { recordBulk } from '../../../shared/operations/bulk/bulk-record.ts';
import { findOperation, listOperations } from '../../../shared/operations/bulk/read-operations.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { type GatewayRequest, send } from '../../http/gateway-event.ts';
import { applied, planDeps, wayBack } from '../../operations/bulk/plans/plans.ts';
import { readGroupState, recordedEvents } from '../../support/consistency.ts';
import { survives } from '../../support/crash/cascade-worker.ts';
import { everyDeath } from '../../support/crash/every-death.ts';
import { enterFunctionEnvironment } from '../../support/function-environment.ts';
import { assignedTo, updateDeps } from '../../support/operations.ts';
import { copiesOf, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const ISSUES = ['7001', '7002', '7003'];
const [byBob = '', byCore = '', free = ''] = ISSUES;
const initiator = { actingUserId: '11', requestId: 'r1' };

let world: TestWorld;
let change: ApiHandler;
let operations: ApiHandler;
beforeEach(async () => {
  world = await worldOnFreshTable({
    groups: ISSUES.map((id) => ({ id, project: '31', shortId: `BULK-${id}`, title: id })),
    assignments: [
      { group: byBob, assignedTo: 'user:12' },
      { group: byCore, assignedTo: 'team:21' },
    ],
  });
  enterFunctionEnvironment(world);
  process.env[ENV.rateLimits] = 'off';
  change = (await import('../../../functions/group-update/handler.ts')).handler;
  operations = (await import('../../../functions/operations/handler.ts')).handler;
});

const many = { resource: '/0/organizations/{org}/issues', path: { org: 'acme' } };
const put = (body: unknown, rest: Partial<GatewayRequest> = {}) =>
  send(change, { method: 'PUT', ...many, ...rest, body: JSON.stringify(body) });

/** An operation, or what is below it, as the API shows it. */
async function shown(operation: unknown, below: 'issues' | null = null) {
  const page = '/0/organizations/{org}/operations/{operation}';
  const answer = await send(operations, {
    ...{ method: 'GET', resource: below === null ? page : `${page}/${below}` },
    path: { org: 'acme', operation: String(operation) },
  });
  expect(answer.statusCode).toBe(200);
  return answer.body as Record<string, unknown>;
}

const holders = async () => {
  const rows = await world.stores.groups.withAssignments(ISSUES);
  return ISSUES.map((id) => rows.get(id)?.assignment?.assignee?.id ?? null);
};

describe('a bulk write over more than one issue', () => {
  it('is an operation that is done when it answers, and can be taken back', async () => {
    const answer = await put({ assignedTo: 'user:12' }, { query: { id: ISSUES } });
    const id = answer.headers?.['X-Baton-Operation'];
    expect(answer.headers).toMatchObject({ 'X-Baton-Matched': '3', 'X-Baton-Updated': '2' });
    expect(await shown(id)).toMatchObject({
      ...{ kind: 'update', state: 'done', plan: null, requested: 3, applied: 2, unchanged: 1 },
      createdBy: { type: 'user', id: '11' },
    });
    const issues = (await shown(id, 'issues')) as unknown as { issue: { id: string } }[];
    expect(issues.find(({ issue }) => issue.id === byCore)).toMatchObject({
      outcome: 'applied',
      before: { assignedTo: { type: 'team', id: '21' } },
      after: { assignedTo: { type: 'user', id: '12' } },
    });
    const told = (await recordedEvents(world.stores.table)).filter(
      ({ type }) => type === 'issue.assigned',
    );
    expect(told.map(({ detail }) => [detail.groupId, detail.operationId]).sort()).toEqual([
      [byCore, id],
      [free, id],
    ]);
    const { activities } = await readGroupState(world.stores.table, free);
    expect(activities[0]?.data).toMatchObject({ operationId: id });

    const plan = await wayBack(world, String(id));
    expect(plan).toMatchObject({ state: 'ready', count: 2 });
    const { operation } = await applied(world, plan);
    expect(operation.counts).toMatchObject({ applied: 2, skipped: 0 });
    expect(await holders()).toEqual(['12', '21', null]);
  });

  it('that deletes is one without a way back', async () => {
    const answer = await send(change, {
      ...{ method: 'DELETE', ...many },
      query: { id: [byBob, free] },
    });
    const id = String(answer.headers?.['X-Baton-Operation']);
    expect(await shown(id)).toMatchObject({ kind: 'delete', state: 'done', applied: 2 });
    await expect(wayBack(world, id)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('that merges is one', async () => {
    const answer = await put({ merge: 1 }, { query: { id: [byBob, free] } });
    const id = answer.headers?.['X-Baton-Operation'];
    expect(await shown(id)).toMatchObject({ kind: 'update', state: 'done', applied: 2 });
  });

  it('is one alone when it is repeated under its Idempotency-Key', async () => {
    const keyed = { query: { id: ISSUES }, headers: { 'Idempotency-Key': 'all-of-them' } };
    const first = await put({ status: 'resolved' }, keyed);
    const again = await put({ status: 'resolved' }, keyed);
    const id = first.headers?.['X-Baton-Operation'];
    expect(id).toMatch(/^[0-9]+$/);
    expect(again.headers).toMatchObject({
      ...{ 'X-Baton-Operation': id, 'Idempotency-Replayed': 'true' },
    });
  });

  it('is none over one issue, over none, where it is tried, and where it is refused', async () => {
    const answers = [
      await put({ priority: 'low' }, { query: { id: [free] } }),
      await put({ priority: 'low' }, { query: { id: ['999', '998'] } }),
      await put({ priority: 'low' }, { query: { id: ISSUES, dryRun: ['1'] } }),
      await put({ assignedTo: 'nobody@acme.io' }, { query: { id: ISSUES } }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 204, 200, 400]);
    for (const { headers } of answers) {
      expect(headers).not.toHaveProperty('X-Baton-Operation');
    }
    const now = new Date().toISOString();
    const { operations: all } = await world.stores.operations.page(
      '1',
      { state: null, limit: 10 },
      now,
    );
    expect(all).toEqual([]);
  });
});

describe('a bulk write whose function dies', () => {
  const later = () => new Date(Date.now() + 61_000).toISOString();

  it('has failed a minute later, with what it had done, and that can be taken back', async () => {
    const copy = await copiesOf(world);
    const deaths = await everyDeath(async (death) => {
      const copied = await copy();
      const survived = await survives(copied, death, (stores) =>
        recordBulk(
          updateDepsOf(stores),
          { organizationId: '1', kind: 'update', initiator },
          (begin) =>
            updateGroups(updateDepsOf(stores), {
              ...{ organizationId: '1', projects: null, groupIds: ISSUES, initiator, begin },
              update: assignedTo('user:11'),
            }),
        ),
      );
      const deps = { ...planDeps(copied), clock: later };
      const { operations: listed } = await listOperations(deps, '1', { state: null, limit: 5 });
      const rows = await copied.stores.groups.withAssignments(ISSUES);
      const changed = ISSUES.filter((id) => rows.get(id)?.assignment?.assignee?.id === '11');
      const [operation] = listed;
      if (operation === undefined) {
        expect(changed).toEqual([]);
        return survived;
      }
      expect(operation.counts.applied).toBe(changed.length);
      expect(['done', 'failed']).toContain(operation.state);
      const found = await findOperation(deps, '1', operation.id);
      expect(found).toEqual(operation);
      const { operation: back } = await applied(copied, await wayBack(copied, operation.id));
      expect(back.counts).toMatchObject({ applied: changed.length, skipped: 0, drifted: 0 });
      return survived;
    });
    expect(deaths).toBeGreaterThan(5);
  });
});

const updateDepsOf = (stores: TestWorld['stores']) => ({ ...stores, ...updateDeps(stores) });
