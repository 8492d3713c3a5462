import type { Cluster } from 'ioredis';
import { LONGEST_ENTRY_LIFE_SECONDS } from '../domain/ownership/freshness.ts';
import type { CacheClient, CacheResult } from './client.ts';
import { parseSeconds } from './entry.ts';
import { ownershipVersionKey } from './keys.ts';
import { createScript } from './script.ts';

/** As long as the longest-lived entry that is compared with it: what is older than a version that expired, has expired too. */
const LIFE_SECONDS = LONGEST_ENTRY_LIFE_SECONDS;

/** The project's clock: one shard keeps it, so that the times of answers and of rule changes can be compared. */
export type OwnershipClock = {
  /** Now, in unix seconds: the time to put on an answer that is read from here on. */
  asOfSeconds: number;
  /** When the project's rules last changed, in unix seconds; null when that was never, or a day ago. */
  changedAtSeconds: number | null;
};

const readScript = createScript(
  'batonReadOwnershipVersion',
  `local time = redis.call('TIME')
return {string.format('%d.%06d', time[1], time[2]), redis.call('GET', KEYS[1])}`,
);

const writeScript = createScript(
  'batonWriteOwnershipVersion',
  `local time = redis.call('TIME')
local changed = string.format('%d.%06d', time[1], time[2])
-- A failover may move the clock back, which must not bring stale answers back to life.
local before = tonumber(redis.call('GET', KEYS[1]) or '')
if before and before > tonumber(changed) then changed = string.format('%.6f', before) end
redis.call('SET', KEYS[1], changed, 'EX', ARGV[1])
return changed`,
);

/** One command; send it together with the reads of the answers that are to be judged by it. */
export async function readOwnershipClock(
  cluster: Cluster,
  projectId: string,
): Promise<OwnershipClock> {
  const reply = await readScript(cluster, [ownershipVersionKey(projectId)]);
  const [asOf, changedAt] = reply as [string, string | null];
  return { asOfSeconds: Number(asOf), changedAtSeconds: parseSeconds(changedAt) };
}

/**
 * Declares every cached answer of the project stale: in both owner caches of all its groups, and in the cache of its
 * ownership rows. One write, whatever the number of groups. Due once after a change of the rules has been committed, and
 * again from its event. The value is the time of the change, in unix seconds.
 */
export function writeOwnershipVersion(
  client: CacheClient,
  projectId: string,
): Promise<CacheResult<number>> {
  return client.attempt(async (cluster) =>
    Number(await writeScript(cluster, [ownershipVersionKey(projectId)], [LIFE_SECONDS])),
  );
}
