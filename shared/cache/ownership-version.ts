import type { Cluster } from 'ioredis';
import { LONGEST_ENTRY_LIFE_SECONDS } from '../domain/ownership/freshness.ts';
import type { CacheClient, CacheResult } from './client.ts';
import { parseSeconds } from './entry.ts';
import {
  followedOwnershipVersionKey,
  organizationOwnershipVersionKey,
  ownershipVersionKey,
} from './keys.ts';
import { createScript } from './script.ts';

/**
 * As long as the longest-lived entry that is compared with it: what is older than a version that
 * expired, has expired too.
 */
const LIFE_SECONDS = LONGEST_ENTRY_LIFE_SECONDS;

/**
 * The project's clock: one shard keeps it, so that the times of answers and of rule changes can be
 * compared.
 */
export type OwnershipClock = {
  /** Now, in unix seconds: the time to put on an answer that is read from here on. */
  asOfSeconds: number;
  /**
   * When the project's rules last changed, in unix seconds; null when that was never, or a day ago.
   */
  changedAtSeconds: number | null;
};

/** A project whose cached answers are read, and the organization that it belongs to. */
export type OwnershipScope = { readonly organizationId: string; readonly projectId: string };

const readScript = createScript(
  'batonReadOwnershipVersion',
  `local time = redis.call('TIME')
return {string.format('%d.%06d', time[1], time[2]), redis.call('GET', KEYS[1]), redis.call('GET', KEYS[2])}`,
);

const NOW = `local time = redis.call('TIME')
local now = string.format('%d.%06d', time[1], time[2])
local before = tonumber(redis.call('GET', KEYS[1]) or '')`;

const writeScript = createScript(
  'batonWriteOwnershipVersion',
  `${NOW}
-- A failover may move the clock back, which must not bring stale answers back to life.
if before and before > tonumber(now) then now = string.format('%.6f', before) end
redis.call('SET', KEYS[1], now, 'EX', ARGV[1])
return now`,
);

/**
 * Each change of an organization gets another value: it is only ever compared for being the same.
 */
const writeOrganizationScript = createScript(
  'batonWriteOrganizationOwnershipVersion',
  `${NOW}
if before and before >= tonumber(now) then now = string.format('%.6f', before + 0.000001) end
redis.call('SET', KEYS[1], now, 'EX', ARGV[1])
return now`,
);

/**
 * Raises the project's version for a change in its organization. What is read from here on is just
 * newer than that, unless a failover has moved the clock back: then nothing is until the clock has
 * caught up.
 */
const followScript = createScript(
  'batonFollowOwnershipVersion',
  `${NOW}
local changed = now
local asOf = string.format('%.6f', tonumber(now) + 0.000001)
if before and before >= tonumber(now) then
  changed = string.format('%.6f', before)
  asOf = now
end
redis.call('SET', KEYS[1], changed, 'EX', ARGV[1])
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[1])
return {asOf, changed}`,
);

/**
 * Send it together with the reads of the answers that are to be judged by it: the project's clock
 * and the version of its organization are asked for at the same time. The first read of a project
 * after its organization changed raises the project's version, with one command more: answers and
 * changes are compared on the project's shard only.
 */
export async function readOwnershipClock(
  cluster: Cluster,
  { organizationId, projectId }: OwnershipScope,
): Promise<OwnershipClock> {
  const keys = [ownershipVersionKey(projectId), followedOwnershipVersionKey(projectId)];
  const [reply, ofOrganization] = await Promise.all([
    readScript(cluster, keys),
    cluster.get(organizationOwnershipVersionKey(organizationId)),
  ]);
  const [asOf, changedAt, followed] = reply as [string, string | null, string | null];
  if (ofOrganization === null || ofOrganization === followed) {
    return { asOfSeconds: Number(asOf), changedAtSeconds: parseSeconds(changedAt) };
  }
  const following = await followScript(cluster, keys, [LIFE_SECONDS, ofOrganization]);
  const [asOfNow, changedNow] = following as [string, string];
  return { asOfSeconds: Number(asOfNow), changedAtSeconds: Number(changedNow) };
}

/**
 * Declares every cached answer of the project stale: in both owner caches of all its groups, and in
 * the cache of its ownership rows. One write, whatever the number of groups. Due once after a
 * change of the rules has been committed, and again from its event. The value is the time of the
 * change, in unix seconds.
 */
export function writeOwnershipVersion(
  client: CacheClient,
  projectId: string,
): Promise<CacheResult<number>> {
  return client.attempt(async (cluster) =>
    Number(await writeScript(cluster, [ownershipVersionKey(projectId)], [LIFE_SECONDS])),
  );
}

/**
 * The same for every project of an organization, in one write as well: each project follows with
 * the next read of it. Due after a change of what owners are named by.
 */
export function writeOrganizationOwnershipVersion(
  client: CacheClient,
  organizationId: string,
): Promise<CacheResult<number>> {
  const keys = [organizationOwnershipVersionKey(organizationId)];
  return client.attempt(async (cluster) =>
    Number(await writeOrganizationScript(cluster, keys, [LIFE_SECONDS])),
  );
}
