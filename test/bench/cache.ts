import { randomUUID } from 'node:crypto';
import { createCacheClient } from '../../shared/cache/client.ts';
import { createOwnerCaches } from '../../shared/cache/owner-caches.ts';
import { createOwnershipCache } from '../../shared/cache/ownership-cache.ts';
import { createRateLimits } from '../../shared/cache/rate-limits.ts';
import { createSequence } from '../../shared/cache/sequence.ts';
import { startSwallowingProxy } from '../support/doubles/swallowing-proxy.ts';
import { SNOWFLAKE_SETTINGS } from '../support/snowflake.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { eventRecorder } from './measure/seen.ts';
import { atMost, type Cell, type Report } from './page/report.ts';

const RULE_COUNT = 10_000;
const GROUPS = 100;

/** What goes through a proxy in front of the cache. */
export async function runCacheBench(report: Report, engines: Engines): Promise<void> {
  const proxy = await startSwallowingProxy(engines.cache);
  const client = createCacheClient({ ...proxy, auth: { kind: 'none' } });
  const rows: Cell[][] = [];
  const measure = async (name: string, target: number | null, work: () => Promise<unknown>) => {
    const before = proxy.traffic();
    await work();
    const after = proxy.traffic();
    const commands = after.commands - before.commands;
    rows.push([
      name,
      target === null ? commands : atMost(commands, target),
      after.sent - before.sent,
      after.answered - before.answered,
    ]);
  };

  const work = workOf(client);
  for (const run of Object.values(work)) {
    await run();
  }
  await measure('an id', 1, work.id);
  await measure('the limit of a request', 1, work.limit);
  await measure('an ownership change, of a project of any size', 1, work.rulesChanged);
  await measure('an issue is unassigned', 1, work.unassigned);
  await measure(`${GROUPS} issues are unassigned`, null, work.manyUnassigned);

  const world = await benchWorld(engines, { groups: 1, rules: rulesOf(RULE_COUNT) });
  const record = eventRecorder(world.stores, client);
  const event = {
    exception: { values: [{ stacktrace: { frames: [{ filename: 'src/cart/1.py' }] } }] },
  };
  // Issues that begin, so that their owners are evaluated each time.
  const begin = () => record([randomUUID()], { event });
  await measure(
    `owners by ${RULE_COUNT.toLocaleString('en-US')} rules, the first time`,
    null,
    begin,
  );
  await measure('the same for another issue', null, begin);
  await work.rulesChanged();
  await measure('after the rules have changed', null, begin);
  await measure('and once more', null, begin);
  await client.close();
  await proxy.close();
  report.table({
    columns: ['work', 'commands', 'bytes to the cache', 'bytes from it'],
    rows,
  });
}

function workOf(client: ReturnType<typeof createCacheClient>) {
  const caches = createOwnerCaches(client);
  const ownershipCache = createOwnershipCache(client);
  const limits = createRateLimits(client);
  const namespace = `bench-${randomUUID()}`;
  const sequence = createSequence({
    client,
    settings: SNOWFLAKE_SETTINGS,
    claimNamespace: async (_, incarnation) => incarnation,
  });
  const many = Array.from({ length: GROUPS }, (_, index) => String(100_000 + index));
  return {
    id: () => sequence.mint(namespace),
    limit: () => limits.allowRequest('user:11', 'bench', 1_000),
    rulesChanged: () => ownershipCache.invalidate('31'),
    unassigned: () => caches.invalidateGroups(many.slice(0, 1)),
    manyUnassigned: () => caches.invalidateGroups(many),
  };
}

function rulesOf(count: number): string {
  return Array.from({ length: count }, (_, at) => `path:src/part_${at % 100}/${at}/* #core`).join(
    '\n',
  );
}
