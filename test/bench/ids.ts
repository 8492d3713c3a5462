import { randomUUID } from 'node:crypto';
import { Cluster } from 'ioredis';
import { createCacheClient } from '../../shared/cache/client.ts';
import { createSequence } from '../../shared/cache/sequence.ts';
import { mapConcurrently } from '../../shared/map-concurrently.ts';
import { SNOWFLAKE_SETTINGS } from '../support/snowflake.ts';
import type { Engines } from './measure/bench-world.ts';
import { atMost, type Cell, type Report } from './page/report.ts';

const SINGLES = 2_000;
/** What one second and the 300 before it hold. */
const BURST = 4_800;
const PER_SECOND = 16;
const WIDTH = 32;
const TARGET_TRIPS = 1;

/**
 * Ids one by one, 4,800 at once, and 8 clients at once, beside the plain look-back (one INCR a
 * step, second by second) on the same server in the same run. Round trips are what the server
 * counts.
 */
export async function runIdsBench(report: Report, engines: Engines): Promise<void> {
  const observer = new Cluster([engines.cache]);
  const counted = async () => {
    const stats = await observer.info('commandstats');
    const calls = (command: string) =>
      Number(stats.match(new RegExp(`cmdstat_${command}:calls=(\\d+)`))?.[1] ?? 0);
    return { scripts: calls('evalsha') + calls('eval'), increments: calls('incr') };
  };
  const clients = Array.from({ length: 8 }, () =>
    createCacheClient({ ...engines.cache, auth: { kind: 'none' } }),
  );
  const minters = clients.map((client) =>
    createSequence({
      client,
      settings: SNOWFLAKE_SETTINGS,
      claimNamespace: async (_, incarnation) => incarnation,
    }),
  );
  const rows: Cell[][] = [];
  const measure = async (
    name: string,
    count: number,
    mint: (namespace: string) => Promise<string[]>,
    isPlain = false,
  ) => {
    const namespace = `bench-${randomUUID()}`;
    await minters[0]?.mint(namespace, 0);
    await Promise.all(minters.map((minter) => minter.mint(`${namespace}-warm`, 0)));
    const before = await counted();
    const startMs = performance.now();
    const ids = await mint(namespace);
    const ms = performance.now() - startMs;
    const after = await counted();
    const trips = after.scripts - before.scripts + after.increments - before.increments;
    const different = new Set(ids).size;
    if (different !== count) {
      throw new Error(`${name}: ${different} different ids of ${count}.`);
    }
    const perId = trips / count;
    rows.push([
      name,
      count,
      trips,
      isPlain ? perId : atMost(perId, TARGET_TRIPS),
      Math.round((count / ms) * 1000),
    ]);
    return ms;
  };

  const [minter] = minters;
  if (minter === undefined) {
    throw new Error('There is no client.');
  }
  await measure('one after the other', SINGLES, async (namespace) => {
    const ids: string[] = [];
    for (let index = 0; index < SINGLES; index++) {
      ids.push(...(await minter.mint(namespace)));
    }
    return ids;
  });
  const ours = await measure(`a burst, ${WIDTH} at a time`, BURST, (namespace) =>
    burstOf(() => minter.mint(namespace)),
  );
  await measure('the same burst by 8 clients', BURST, (namespace) =>
    burstOf((index) => minters[index % minters.length]?.mint(namespace) ?? Promise.resolve([])),
  );
  await measure('the same burst, 48 ids a call', BURST, async (namespace) =>
    (
      await mapConcurrently(WIDTH, Array.from({ length: BURST / 48 }), () =>
        minter.mint(namespace, 48),
      )
    ).flat(),
  );
  const plain = await measure(
    'plain look-back, the same burst',
    BURST,
    () => plainLookBack(observer),
    true,
  );
  report.table({
    columns: ['ids', 'how many', 'round trips', 'an id', { name: 'ids a second', isTime: true }],
    rows,
  });
  report.time(`the plain look-back takes ${(plain / ours).toFixed(0)} times as long`);
  await Promise.all(clients.map((client) => client.close()));
  observer.disconnect();
}

async function burstOf(mint: (index: number) => Promise<string[]>): Promise<string[]> {
  const ids = await mapConcurrently(WIDTH, Array.from({ length: BURST }), (_, index) =>
    mint(index),
  );
  return ids.flat();
}

/** Asks second after second, from a held clock backwards, until one has a number left. */
async function plainLookBack(redis: Cluster): Promise<string[]> {
  const space = randomUUID();
  return mapConcurrently(WIDTH, Array.from({ length: BURST }), async () => {
    for (let back = 0; back < BURST / PER_SECOND; back++) {
      const number = await redis.incr(`${space}:${back}`);
      if (number === 1) {
        await redis.expire(`${space}:${back}`, 300);
      }
      if (number <= PER_SECOND) {
        return `${back}:${number}`;
      }
    }
    throw new Error('No available ID');
  });
}
