import { beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../../../shared/domain/bulk/operation.ts';
import { beginPlan, type Plan } from '../../../../shared/domain/bulk/plan.ts';
import { applyPlan, findPlan } from '../../../../shared/operations/bulk/plans/apply-plan.ts';
import { buildPlan } from '../../../../shared/operations/bulk/plans/build-plan.ts';
import { workOnOperation } from '../../../../shared/operations/bulk/work-on-operation.ts';
import { recordedEvents } from '../../../support/consistency.ts';
import { survives } from '../../../support/crash/cascade-worker.ts';
import { everyDeath } from '../../../support/crash/every-death.ts';
import { assignedTo } from '../../../support/operations.ts';
import { copiesOf, type TestWorld, worldOnFreshTable } from '../../../support/world.ts';
import { patient, resultOf, workerDeps, workOnAll } from '../workers.ts';
import { applied, initiator, planDeps, planned, wayBack } from './plans.ts';

const ISSUES = ['60001', '60002', '60003'];
let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable({
    groups: ISSUES.map((id) => ({ id, project: '31', shortId: `DIE-${id}`, title: 'Die' })),
    assignments: [{ group: '60001', assignedTo: 'team:21' }],
  });
});

const accepted = (of: TestWorld, { id: planId }: Plan) =>
  applyPlan(planDeps(of), {
    ...{ organizationId: '1', planId, initiator },
    requireMay: () => undefined,
  });

/** Has a worker die just before and after each of its writes, and another one go on. */
function killedAnywhere(copy: () => Promise<TestWorld>, operation: Operation) {
  return everyDeath(async (death) => {
    const copied = await copy();
    const { id: operationId, fencingToken } = operation;
    const survived = await survives(copied, death, (stores) =>
      workOnOperation(workerDeps(stores), {
        ...{ operationId, fencingToken, requestId: 'work' },
        ...patient,
      }),
    );
    await workOnAll(copied);
    const { operation: ended } = await resultOf(copied, operationId);
    expect(ended).toMatchObject({ state: 'done', requested: 3, counts: { applied: 3 } });
    const told = (await recordedEvents(copied.stores.table)).filter(
      ({ type, detail }) =>
        /^issue.(un)?assigned$/.test(type) && detail.operationId === operationId,
    );
    expect(told.map(({ detail }) => String(detail.groupId)).toSorted()).toEqual(ISSUES);
    return survived;
  });
}

describe('wherever a worker dies', () => {
  it('a plan is applied to each issue once', async () => {
    const copied = await (await copiesOf(world))();
    const plan = await planned(copied, ISSUES, { update: assignedTo('user:12') });
    const operation = await accepted(copied, plan);
    expect(await killedAnywhere(await copiesOf(copied), operation)).toBeGreaterThan(8);
  });

  it('each issue is taken back once', async () => {
    const copied = await (await copiesOf(world))();
    const done = await applied(
      copied,
      await planned(copied, ISSUES, { update: assignedTo('user:12') }),
    );
    const operation = await accepted(copied, await wayBack(copied, done.operation.id));
    expect(await killedAnywhere(await copiesOf(copied), operation)).toBeGreaterThan(8);
  });

  it('a plan is built with each issue once', async () => {
    const copy = await copiesOf(world);
    const deaths = await everyDeath(async (death) => {
      const copied = await copy();
      const begun = beginPlan({
        ...{ id: '91', organizationId: '1', kind: 'delete', update: {}, source: { kind: 'ids' } },
        ...{ projects: null, note: null, createdBy: null, createdAt: new Date().toISOString() },
      });
      await copied.stores.plans.insert(begun, [], {
        named: ISSUES.map((id) => ({ groupId: id, names: [id] })),
      });
      const work = { planId: '91', fencingToken: 0, requestId: 'work', hasTime: () => true };
      const survived = await survives(copied, death, (stores) =>
        buildPlan(workerDeps(stores), work),
      );
      await buildPlan(workerDeps(copied.stores), work);
      const plan = await findPlan(planDeps(copied), '1', '91');
      expect(plan).toMatchObject({ state: 'ready', count: 3, summary: { deletions: 3 } });
      const issues = await copied.stores.plans.issuesOf(plan, [0]);
      expect(issues.map(({ groupId }) => groupId)).toEqual(ISSUES);
      return survived;
    });
    expect(deaths).toBeGreaterThan(1);
  });
});
