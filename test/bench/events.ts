import { createCacheClient } from '../../shared/cache/client.ts';
import { readAftermath } from './measure/aftermath.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { eventRecorder } from './measure/seen.ts';
import { createMeter, eachOf, tableDollars } from './measure/spent.ts';
import { atMost, type Cell, type Report } from './page/report.ts';
import { dollars } from './updates.ts';

/** The largest batch of the function. */
const BATCH = 40;
const TARGETS = { known: 4, burst: 0.3, new: 12 };

/** Events in the table: on issues that there are, and such that begin issues. */
export async function runEventsBench(report: Report, engines: Engines): Promise<void> {
  const world = await benchWorld(engines, { groups: 1 });
  const cache = createCacheClient({ ...engines.cache, auth: { kind: 'none' } });
  const record = eventRecorder(world.stores, cache);
  const measure = createMeter(world, readAftermath());
  const begun = (from: number) => Array.from({ length: BATCH }, (_, at) => `new ${from + at}`);
  // What a project does for its first event, and an issue for its second, is no part of the others.
  await record(['known']);
  await record(['known']);
  const cases = [
    { name: 'one on a known issue', fingerprints: ['known'], target: TARGETS.known },
    {
      name: `${BATCH} on a known issue`,
      fingerprints: Array.from({ length: BATCH }, () => 'known'),
      target: TARGETS.burst,
    },
    { name: 'one that begins an issue', fingerprints: ['alone'], target: TARGETS.new },
    { name: `${BATCH} that begin issues`, fingerprints: begun(0), target: TARGETS.new },
    { name: `${BATCH} on as many known issues`, fingerprints: begun(0), target: TARGETS.known },
  ];
  const rows: Cell[][] = [];
  for (const { name, fingerprints, target } of cases) {
    let tookMs = 0;
    const all = await measure(async () => {
      const startMs = performance.now();
      await record(fingerprints);
      tookMs = performance.now() - startMs;
    });
    const each = eachOf(all, fingerprints.length);
    rows.push([
      name,
      all.sequence,
      each.calls,
      atMost(each.writes, target),
      each.reads,
      dollars(tableDollars(each)),
      each.records,
      each.events,
      Math.round((1_000 * fingerprints.length) / tookMs),
    ]);
  }
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
}
