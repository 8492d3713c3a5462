import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { mapConcurrently } from '../../shared/map-concurrently.ts';
import { applyPlan } from '../../shared/operations/bulk/plans/apply-plan.ts';
import { buildPlan } from '../../shared/operations/bulk/plans/build-plan.ts';
import { makePlan } from '../../shared/operations/bulk/plans/make-plan.ts';
import { workOnOperation } from '../../shared/operations/bulk/work-on-operation.ts';
import { assignedTo, surroundings, withStoredRules } from '../support/operations.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { createMeter } from './measure/meter.ts';
import { timed } from './measure/timed.ts';
import { atMost, type Cell, type Report } from './page/report.ts';

/** The first is compiled while it runs, and is there for what does not grow with the second. */
const SIZES = [2_000, 10_000] as const;
const TARGET = 1.3;
/** As many at a time as a worker changes. */
const WIDTH = 16;
const initiator = { actingUserId: '11', requestId: 'bench' };

type BenchWorld = Awaited<ReturnType<typeof benchWorld>>;

/** What planning and applying cost, beside bare transactions of the same items, and in memory. */
export async function runPlansBench(report: Report, engines: Engines): Promise<void> {
  const rows: Cell[][] = [];
  for (const issues of SIZES) {
    rows.push(await measure(report, engines, issues));
  }
  report.table({
    columns: [
      'issues',
      'calls',
      'read units',
      'write units',
      { name: 'CPU, times that of the bare', isTime: true },
      { name: 'wall time, times that of the bare', isTime: true },
      { name: 'most memory in use, MB', isTime: true },
    ],
    rows,
  });
}

async function measure(report: Report, engines: Engines, issues: number): Promise<Cell[]> {
  // Before the others: the transactions that they keep are none of the work's memory.
  const looked = await benchWorld(engines, { groups: issues });
  const meter = createMeter(looked.counter);
  meter.begin();
  await planAndApply(looked, issues, meter.look);
  const { calls, reads, writes, inUseMb } = meter.end();
  const world = await benchWorld(engines, { groups: issues });
  const whole = await timed(() => planAndApply(world, issues, () => {}));
  const transactions = world.counter
    .takeTransactions()
    .filter((one) => JSON.stringify(one).includes('"OUTCOMES#'));
  const bareWorld = await benchWorld(engines, { groups: issues });
  const bare = await timed(() => sendAgain(bareWorld, transactions));
  report.time(
    `${issues} issues: ${whole.cpuMs.toFixed(0)} ms of CPU in ${whole.wallMs.toFixed(0)} ms; bare ${bare.cpuMs.toFixed(0)} ms in ${bare.wallMs.toFixed(0)} ms`,
  );
  return [
    issues,
    calls / issues,
    reads / issues,
    writes / issues,
    atMost(whole.cpuMs / bare.cpuMs, TARGET),
    atMost(whole.wallMs / bare.wallMs, TARGET),
    inUseMb,
  ];
}

/** Plans that somebody gets all issues, and applies that; looks at every step. */
async function planAndApply(
  { stores }: BenchWorld,
  issues: number,
  look: () => void,
): Promise<void> {
  const deps = withStoredRules({ ...stores, ...surroundings(), shareAmong: () => {} });
  const hasTime = () => {
    look();
    return true;
  };
  const { id: planId } = await makePlan(deps, {
    ...{ organizationId: '1', kind: 'update', projects: ['shop'], note: null, ids: [], initiator },
    source: { kind: 'query', query: 'is:unresolved', callerUserId: '11' },
    update: assignedTo('user:12'),
  });
  await buildPlan(deps, { planId, fencingToken: 0, requestId: 'bench', hasTime });
  const { id: operationId } = await applyPlan(deps, {
    ...{ organizationId: '1', planId, initiator },
    requireMay: () => undefined,
  });
  await workOnOperation(deps, {
    ...{ operationId, fencingToken: 0, requestId: 'bench' },
    ...{ hasTime, isWithinSlice: () => true, pauseMs: 0 },
  });
  const done = await stores.operations.byId(operationId, new Date().toISOString());
  if (done?.counts.applied !== issues) {
    throw new Error(`The plan was applied to ${done?.counts.applied} of ${issues} issues.`);
  }
}

/** Sends transactions to another table, which holds what theirs had held. */
async function sendAgain(
  { counter, table }: BenchWorld,
  transactions: readonly TransactWriteCommandInput[],
): Promise<void> {
  await mapConcurrently(WIDTH, transactions, ({ TransactItems = [] }) => {
    const moved = TransactItems.map((item) =>
      Object.fromEntries(
        Object.entries(item).map(([kind, write]) => [kind, { ...write, TableName: table }]),
      ),
    ) as TransactWriteCommandInput['TransactItems'];
    return counter.client.send(new TransactWriteCommand({ TransactItems: moved }));
  });
}
