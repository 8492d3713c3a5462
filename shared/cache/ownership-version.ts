import type { Cluster } from 'ioredis';
import type { OrganizationId, ProjectId } from '../domain/ids.ts';
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
 * The life of the longest-lived entry that is compared with a version: when a version expires,
 * every entry older than it has expired too.
 */
const LIFE_SECONDS = LONGEST_ENTRY_LIFE_SECONDS;

/**
 * The project's clock, kept by one shard, so that the times of answers and rule changes can be
 * compared.
 */
export type OwnershipClock = {
  /** The present time in unix seconds: the time of an answer that is read after this. */
  asOfSeconds: number;
  /**
   * When the project's rules last changed, in unix seconds; null without a change within the last
   * day.
   */
  changedAtSeconds: number | null;
};

/** A project whose cached answers are read, and the organization that it belongs to. */
export type OwnershipScope = {
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
};

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
 * Each change of an organization gets another value, since values are only compared for equality.
 */
const writeOrganizationScript = createScript(
  'batonWriteOrganizationOwnershipVersion',
  `${NOW}
if before and before >= tonumber(now) then now = string.format('%.6f', before + 0.000001) end
redis.call('SET', KEYS[1], now, 'EX', ARGV[1])
return now`,
);

/**
 * Raises the project's version for a change in its organization. Answers that are read after this
 * are just newer than the version, unless a failover moved the clock back: then all answers count
 * as stale until the clock has caught up.
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
 * Reads the project's clock and the version of its organization. To be sent together with the reads
 * of the cached answers. The first read of a project after a change in its organization raises the
 * project's version with one more command: answers and changes are only compared on the project's
 * shard.
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
 * Makes every cached answer of the project stale: both owner caches of all its groups, and its
 * ownership rows. One write for any number of groups. To be called after a change of the rules was
 * committed, and again from its event. The value is the time of the change, in unix seconds.
 */
export function writeOwnershipVersion(
  client: CacheClient,
  projectId: ProjectId,
): Promise<CacheResult<number>> {
  return client.attempt(async (cluster) =>
    Number(await writeScript(cluster, [ownershipVersionKey(projectId)], [LIFE_SECONDS])),
  );
}

/**
 * Does so for every project of an organization, in one write: each project follows with its next
 * read. To be called after the meaning of owners' names changed.
 */
export function writeOrganizationOwnershipVersion(
  client: CacheClient,
  organizationId: OrganizationId,
): Promise<CacheResult<number>> {
  const keys = [organizationOwnershipVersionKey(organizationId)];
  return client.attempt(async (cluster) =>
    Number(await writeOrganizationScript(cluster, keys, [LIFE_SECONDS])),
  );
}
