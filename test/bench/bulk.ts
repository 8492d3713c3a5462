import { assignedTo } from '../support/operations.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { updateInBulk } from './measure/bulk-update.ts';
import { readsAndWrites } from './measure/counting-client.ts';
import { median } from './measure/median.ts';
import { sendSmallest } from './measure/smallest.ts';
import { type Timed, timed } from './measure/timed.ts';
import { atMost, type Report } from './page/report.ts';

const GROUPS = 200;
const ROUNDS = 3;
const TARGET = { calls: 1.1, ratio: 1.3 };

/**
 * A bulk assignment of 200 issues, against the smallest transactions that keep the promise, at
 * the same concurrency, over the same issues in another table. The ratio of each round is taken
 * within the round.
 */
export async function runBulkBench(report: Report, engines: Engines): Promise<void> {
  const ratios = { cpu: [] as number[], wall: [] as number[], calls: 0, writes: 0, bare: 0 };
  const heapBefore = process.memoryUsage().heapUsed;
  // The first round of each is compiled while it runs, and does not count.
  for (let round = 0; round <= ROUNDS; round++) {
    const whole = await assignAll(engines);
    const bare = await assignBare(engines);
    report.time(
      `round ${round}: ${inMs(whole.time)}; the smallest ${inMs(bare.time)}${round === 0 ? '; does not count' : ''}`,
    );
    if (round > 0) {
      ratios.cpu.push(whole.time.cpuMs / bare.time.cpuMs);
      ratios.wall.push(whole.time.wallMs / bare.time.wallMs);
    }
    Object.assign(ratios, { calls: whole.calls, writes: whole.writes, bare: bare.writes });
  }
  const heapMb = (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20;
  report.time(`the heap grew by ${heapMb.toFixed(1)} MB over all rounds`);
  report.table({
    columns: [`of ${GROUPS} issues`, 'figure'],
    rows: [
      ['CPU, times that of the smallest', atMost(median(ratios.cpu), TARGET.ratio)],
      ['wall time, times that of the smallest', atMost(median(ratios.wall), TARGET.ratio)],
      ['calls an issue', atMost(ratios.calls / GROUPS, TARGET.calls)],
      ['write units an issue', ratios.writes / GROUPS],
      ['write units of the smallest', ratios.bare / GROUPS],
    ],
  });
}

async function assignAll(engines: Engines) {
  const world = await benchWorld(engines, { groups: GROUPS });
  const time = await timed(async () => {
    const outcome = await updateInBulk(world, assignedTo('user:12'));
    if (outcome.updated.length !== GROUPS) {
      throw new Error(`${outcome.updated.length} of ${GROUPS} issues were assigned.`);
    }
  });
  const calls = world.counter.take();
  return { time, calls: calls.length, ...readsAndWrites(calls) };
}

async function assignBare(engines: Engines) {
  const world = await benchWorld(engines, { groups: GROUPS });
  const time = await timed(() =>
    sendSmallest(world, { to: 'user:12', version: null, operationId: '1' }),
  );
  return { time, ...readsAndWrites(world.counter.take()) };
}

function inMs({ cpuMs, wallMs }: Timed): string {
  return `${cpuMs.toFixed(0)} ms of CPU in ${wallMs.toFixed(0)} ms`;
}
