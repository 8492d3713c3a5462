import { expect, it } from 'vitest';
import type { Plan } from '../../../../shared/domain/bulk/plan.ts';
import { applyPlan } from '../../../../shared/operations/bulk/plans/apply-plan.ts';
import { buildPlan } from '../../../../shared/operations/bulk/plans/build-plan.ts';
import { requestCancellation } from '../../../../shared/operations/bulk/read-operations.ts';
import { workOnOperation } from '../../../../shared/operations/bulk/work-on-operation.ts';
import { updateGroups } from '../../../../shared/operations/issues/update-groups.ts';
import { recordedEvents } from '../../../support/consistency.ts';
import { survives } from '../../../support/crash/cascade-worker.ts';
import { assignedTo, updateDeps } from '../../../support/operations.ts';
import { randomOf } from '../../../support/random.ts';
import { type TestWorld, worldOnFreshTable } from '../../../support/world.ts';
import { patient, resultOf, workerDeps } from '../workers.ts';
import { initiator, planDeps, planned, wayBack } from './plans.ts';

const { seed, random } = randomOf('apply-issues.crash.test.ts');
const MANY = 2_000;
const FEW = 150;

const idsOf = (count: number) => Array.from({ length: count }, (_, at) => String(70_000 + at));
const worldOf = (count: number) =>
  worldOnFreshTable({
    groups: idsOf(count).map((id) => ({ id, project: '31', shortId: `R-${id}`, title: 'R' })),
  });
const upTo = (most: number) => 1 + Math.floor(random() * most);

/** Lives of workers, each killed after so many calls at most, until one comes to its end. */
async function untilAlive(
  world: TestWorld,
  mostCalls: number,
  task: (stores: TestWorld['stores']) => Promise<unknown>,
  between: () => Promise<unknown> = async () => {},
): Promise<number> {
  let deaths = 0;
  while (!(await survives(world, { calls: upTo(mostCalls) }, task))) {
    deaths += 1;
    await between();
  }
  return deaths;
}

const building =
  ({ id: planId }: Plan) =>
  (stores: TestWorld['stores']) =>
    buildPlan(workerDeps(stores), {
      ...{ planId, fencingToken: 0, requestId: 'work', hasTime: () => true },
    });

const working = (operationId: string) => (stores: TestWorld['stores']) =>
  workOnOperation(workerDeps(stores), {
    ...{ operationId, fencingToken: 0, requestId: 'work' },
    ...patient,
  });

async function accepted(world: TestWorld, { id: planId }: Plan): Promise<string> {
  const { id } = await applyPlan(planDeps(world), {
    ...{ organizationId: '1', planId, initiator },
    requireMay: () => undefined,
  });
  return id;
}

/** Somebody else gives an issue to somebody, while the operation may be at it. */
const drift = ({ stores }: TestWorld, groupId: string) =>
  updateGroups(updateDeps(stores), {
    ...{ organizationId: '1', projects: null, groupIds: [groupId], initiator },
    update: assignedTo('user:11'),
  });

async function holdersOf(
  { stores }: TestWorld,
  count: number,
): Promise<Map<string, string | null>> {
  const rows = await stores.groups.withAssignments(idsOf(count));
  return new Map(
    idsOf(count).map((id) => [id, rows.get(id)?.assignment?.assignee?.id ?? null] as const),
  );
}

it('2,000 issues are each changed once, wherever workers are killed, and drifted ones are not', async () => {
  const world = await worldOf(MANY);
  const plan = await planned(world, idsOf(MANY), { update: assignedTo('user:12') });
  const built = await untilAlive(world, 40, building(plan));
  const id = await accepted(world, plan);
  const touched = new Set<string>();
  const deaths = await untilAlive(world, 400, working(id), async () => {
    const issue = String(70_000 + Math.floor(random() * MANY));
    touched.add(issue);
    await drift(world, issue);
  });
  expect(built + deaths, `seed ${seed}`).toBeGreaterThan(5);
  const { operation, byIssue } = await resultOf(world, id);
  expect(operation, `seed ${seed}`).toMatchObject({ state: 'done', requested: MANY });
  expect(byIssue.size, `seed ${seed}`).toBe(MANY);
  const told = (await recordedEvents(world.stores.table))
    .filter(({ type, detail }) => type === 'issue.assigned' && detail.operationId === id)
    .map(({ detail }) => String(detail.groupId));
  const applied = [...byIssue].filter(([, { outcome }]) => outcome === 'applied');
  expect(told.toSorted(), `seed ${seed}`).toEqual(applied.map(([issue]) => issue).toSorted());
  const holders = await holdersOf(world, MANY);
  for (const [issue, { outcome }] of byIssue) {
    // One that was touched after its change is not drifted, and neither is it ours any more.
    expect(outcome === 'applied' || touched.has(issue), `seed ${seed}, ${issue}`).toBe(true);
    expect(holders.get(issue), `seed ${seed}, ${issue}`).toBe(touched.has(issue) ? '11' : '12');
  }
});

it('what was cancelled anywhere is taken back, but for what has moved, however workers die', async () => {
  const world = await worldOf(FEW);
  const plan = await planned(world, idsOf(FEW), { update: assignedTo('user:12') });
  const id = await accepted(world, plan);
  let lives = 0;
  await untilAlive(world, 60, working(id), async () => {
    if (++lives === 2) {
      await requestCancellation(planDeps(world), '1', id);
    }
  });
  const { operation, byIssue } = await resultOf(world, id);
  expect(['cancelled', 'done'], `seed ${seed}`).toContain(operation.state);
  const touched = [...byIssue.keys()].filter(() => random() < 0.1);
  for (const issue of touched) {
    await drift(world, issue);
  }
  const back = await wayBack(world, id);
  const backId = await accepted(world, back);
  await untilAlive(world, 60, working(backId));
  const result = await resultOf(world, backId);
  expect(result.operation, `seed ${seed}`).toMatchObject({
    state: 'done',
    counts: {
      ...{ applied: operation.counts.applied - touched.length, skipped: touched.length },
      ...{ drifted: 0, failed: 0 },
    },
  });
  const holders = await holdersOf(world, FEW);
  for (const [issue, holder] of holders) {
    expect(holder, `seed ${seed}, ${issue}`).toBe(touched.includes(issue) ? '11' : null);
  }
});
