import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { requestReconciliation } from '../../shared/operations/bulk/accept-operation.ts';
import { workOnOperation } from '../../shared/operations/bulk/work-on-operation.ts';
import { surroundings, withStoredRules } from '../support/operations.ts';
import { eventIn } from '../support/owners.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { readsAndWrites } from './measure/counting-client.ts';
import { timed } from './measure/timed.ts';
import { atMost, type Cell, type Report } from './page/report.ts';

type Scenario = {
  readonly name: string;
  readonly issues: number;
  readonly rules: number;
  /** How much text each event has beside what rules look at. */
  readonly eventKb: number;
};

const scenarios: readonly Scenario[] = [
  { name: '1,000 issues', issues: 1_000, rules: 10, eventKb: 0 },
  { name: '10,000 issues', issues: 10_000, rules: 10, eventKb: 0 },
  { name: '1,000 issues, 10,000 rules', issues: 1_000, rules: 10_000, eventKb: 0 },
  { name: '200 issues, 10,000 rules, 300 KB events', issues: 200, rules: 10_000, eventKb: 300 },
];

/** What an assignment takes, the row that records it, and the share of the page's own row. */
const TARGET_WRITES = 11.2;
const AT_ONCE = 16;
const MB = 1_000_000;

/** A reconciliation that gives every issue of a project to somebody, an issue of it. */
export async function runReconcileBench(report: Report, engines: Engines): Promise<void> {
  const rows: Cell[][] = [];
  for (const scenario of scenarios) {
    rows.push(await measure(engines, scenario));
  }
  report.table({
    columns: [
      'what',
      'calls',
      'read units',
      'write units',
      { name: 'most memory in use, MB', isTime: true },
      { name: 'wall ms', isTime: true },
    ],
    rows,
  });
}

async function measure(engines: Engines, { name, issues, rules, eventKb }: Scenario) {
  const world = await benchWorld(engines, { groups: issues, codeowners: rulesText(rules) });
  await keepEvents(world, rules, eventKb);
  const deps = withStoredRules({ ...world.stores, ...surroundings(), shareAmong: () => {} });
  const initiator = { actingUserId: '11', requestId: 'bench' };
  const request = { organizationId: '1', project: 'shop', dryRun: false, initiator };
  const { id: operationId } = await requestReconciliation(deps, request);
  world.counter.take();
  const collect = garbageCollector();
  const spent = { calls: 0, reads: 0, writes: 0 };
  let inUse = 0;
  // What the meter keeps is none of the work's memory.
  const takeSpent = () => {
    const calls = world.counter.take();
    world.counter.takeTransactions();
    const { reads, writes } = readsAndWrites(calls);
    spent.calls += calls.length;
    spent.reads += reads;
    spent.writes += writes;
  };
  const hasTime = () => {
    takeSpent();
    collect();
    inUse = Math.max(inUse, process.memoryUsage().heapUsed);
    return true;
  };
  const { wallMs } = await timed(() =>
    workOnOperation(deps, {
      ...{ operationId, fencingToken: 0, requestId: 'bench' },
      ...{ hasTime, isWithinSlice: () => true, pauseMs: 0 },
    }),
  );
  takeSpent();
  const done = await world.stores.operations.byId(operationId, new Date().toISOString());
  if (done?.counts.applied !== issues) {
    throw new Error(`${done?.counts.applied} of ${issues} issues were given to somebody.`);
  }
  return [
    name,
    spent.calls / issues,
    spent.reads / issues,
    atMost(spent.writes / issues, TARGET_WRITES),
    Math.round(inUse / MB),
    Math.round(wallMs),
  ];
}

/** What is in use shows once the rest is collected. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function rulesText(count: number): string {
  return Array.from({ length: count }, (_, at) => `/lib/m${at}/ bob@acme.io`).join('\n');
}

/** Keeps an event of each issue; its error is in a file that one of the rules is about. */
async function keepEvents(
  { stores, groupIds }: Awaited<ReturnType<typeof benchWorld>>,
  rules: number,
  eventKb: number,
): Promise<void> {
  for (let start = 0; start < groupIds.length; start += AT_ONCE) {
    const some = groupIds.slice(start, start + AT_ONCE).map((id, index) =>
      stores.seenGroups.keepEvaluated(
        { id, organizationId: '1', projectId: '31' },
        {
          eventId: `of-${id}`,
          timestamp: '2026-11-29T12:00:00.000Z',
          platform: 'python',
          event: {
            ...eventIn(`lib/m${(start + index) % rules}/cart.py`),
            message: 'x'.repeat(eventKb * 1_000),
          },
        },
      ),
    );
    await Promise.all(some);
  }
}
