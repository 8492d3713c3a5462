import { createCacheClient } from '../../shared/cache/client.ts';
import type { Stores } from '../../shared/wiring.ts';
import { readAftermath } from './measure/aftermath.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { eventRecorder } from './measure/seen.ts';
import { createMeter, eachOf, tableDollars } from './measure/spent.ts';
import { atLeast, atMost, type Cell, type Report } from './page/report.ts';
import { dollars } from './updates.ts';

/** The largest batch of the function. */
const BATCH = 40;
const TARGETS = { known: 4, burst: 0.3, new: 12, aSecond: 500 };
/** Batches that begin issues at the same time. */
const WORKERS = 4;
/** Lists note the counts up to 7 one by one, from 8 on in ranges: with 9 a range is not left. */
const EVENTS_BEFORE = 8;
/** Transactions a second that one row takes, each over before the next begins: some 20 ms. */
const TRANSACTIONS_A_SECOND = 50;

/** Events in the table: on issues that there are, and such that begin issues. */
export async function runEventsBench(report: Report, engines: Engines): Promise<void> {
  const world = await benchWorld(engines, { groups: 1 });
  const cache = createCacheClient({ ...engines.cache, auth: { kind: 'none' } });
  const begins = { committed: 0, refused: 0 };
  const record = eventRecorder(countingBegins(world.stores, begins), cache);
  const measure = createMeter(world, readAftermath());
  const names = (from: number, count = BATCH) =>
    Array.from({ length: count }, (_, at) => `new ${from + at}`);
  // What a project does for its first event is no part of the others.
  await record(['known']);
  const cases = [
    { name: 'the second of an issue', events: ['known'] },
    {
      name: 'one on a known issue',
      before: () => times(EVENTS_BEFORE - 2, () => record(['known'])),
      events: ['known'],
      target: TARGETS.known,
    },
    {
      name: `${BATCH} on a known issue`,
      events: Array.from({ length: BATCH }, () => 'known'),
      target: TARGETS.burst,
    },
    { name: 'one that begins an issue', events: ['alone'], target: TARGETS.new },
    { name: `${BATCH} that begin issues`, events: names(0), target: TARGETS.new },
    {
      name: `${BATCH} that begin issues, no more of which are evaluated this minute`,
      // They are evaluated up to fifty a minute and project.
      before: () => record(names(500)),
      events: names(600),
      target: TARGETS.new,
    },
    {
      name: `${BATCH} on as many known issues`,
      before: () => times(EVENTS_BEFORE - 1, () => record(names(0))),
      events: names(0),
      target: TARGETS.known,
    },
  ];
  const rows: Cell[][] = [];
  for (const { name, events, target, before } of cases) {
    await before?.();
    let tookMs = 0;
    const all = await measure(async () => {
      const startMs = performance.now();
      await record(events);
      tookMs = performance.now() - startMs;
    });
    const each = eachOf(all, events.length);
    rows.push([
      name,
      all.sequence,
      each.calls,
      target === undefined ? each.writes : atMost(each.writes, target),
      each.reads,
      dollars(tableDollars(each)),
      each.records,
      each.events,
      Math.round((1_000 * events.length) / tookMs),
    ]);
  }
  Object.assign(begins, { committed: 0, refused: 0 });
  await Promise.all(
    Array.from({ length: WORKERS }, (_, worker) => record(names(1_000 * (worker + 1)))),
  );
  await cache.close();
  report.table({
    columns: [
      'events',
      'in sequence, all',
      'calls',
      'write units',
      'read units',
      'a million',
      'records',
      'bus events',
      { name: 'a second', isTime: true },
    ],
    rows,
  });
  const aTransaction = (WORKERS * BATCH) / begins.committed;
  const aSecond = Math.round(aTransaction * TRANSACTIONS_A_SECOND);
  report.line(
    `${WORKERS} batches that begin issues at the same time: ${WORKERS * BATCH} issues in ${begins.committed} transactions of the project's counter; with ${TRANSACTIONS_A_SECOND} of them a second, ${atLeast(aSecond, TARGETS.aSecond)} issues a second.`,
  );
  report.time(`${begins.refused} transactions had to be tried again.`);
}

/** Stores that count the transactions that begin issues. */
function countingBegins(stores: Stores, counted: { committed: number; refused: number }): Stores {
  const begin: Stores['seenGroups']['begin'] = async (input) => {
    const outcome = await stores.seenGroups.begin(input);
    counted[outcome.committed ? 'committed' : 'refused'] += 1;
    return outcome;
  };
  return { ...stores, seenGroups: { ...stores.seenGroups, begin } };
}

async function times(count: number, work: () => Promise<void>): Promise<void> {
  for (let left = count; left > 0; left--) {
    await work();
  }
}
