import { isFresh, LONGEST_ENTRY_LIFE_SECONDS } from '../domain/ownership/freshness.ts';
import type { CacheClient, CacheResult } from './client.ts';
import { type FillBasis, fillEntry, parseJson, parseSeconds } from './entry.ts';
import { assigneeExistsKey, ownerExistsKey } from './keys.ts';
import {
  type OwnershipScope,
  readOwnershipClock,
  writeOwnershipVersion,
} from './ownership-version.ts';

/** "Nobody" lives short, because an assignment does not delete it. */
const LIFE_SECONDS = {
  assigned: LONGEST_ENTRY_LIFE_SECONDS,
  unassigned: 60,
  evaluated: LONGEST_ENTRY_LIFE_SECONDS,
};
/** Groups whose keys are deleted in one round trip: the largest bulk update. */
const GROUPS_PER_ROUND_TRIP = 1000;

/**
 * What the owner caches know of a group. Answers that are older than the project's rules are left
 * out.
 */
export type OwnerCacheEntry = {
  /**
   * The project's clock, for the answers that are written back after the table was read. Unix
   * seconds.
   */
  asOfSeconds: number;
  /** Whether the group has an assignee; null when only the table knows. */
  assigneeExists: boolean | null;
  /**
   * When the rules were last evaluated for the group, in unix seconds; null when it is time to do
   * it again.
   */
  evaluatedAtSeconds: number | null;
};

/**
 * The two caches that spare the event pipeline its reads: whether a group has an assignee, and when
 * its owners were last evaluated. Nothing depends on them: every function answers with a value,
 * also when the cache is down, and the caller counts the failures. What could not be deleted now is
 * deleted again from the event of the same change.
 */
export function createOwnerCaches(client: CacheClient) {
  /**
   * Deletes keys of any shards in one round trip; the keys of one item share a shard. Answers how
   * many there were.
   */
  function remove(keysPerGroup: readonly string[][]): Promise<CacheResult<number>> {
    return client.attempt(async (cluster) => {
      // Not a pipeline of ioredis, which refuses keys that live on several nodes. Commands that are
      // sent together share a round trip just as well.
      const removed = await Promise.all(keysPerGroup.map((keys) => cluster.del(keys)));
      return removed.reduce((sum, count) => sum + count, 0);
    });
  }

  return {
    /**
     * Forgets whether the group has an assignee, or whether any group of the project has. With a
     * group the value is the number of keys there were; without, the time of the change
     * (`writeOwnershipVersion`, which covers both caches).
     */
    invalidateAssigneeExistsCache(
      projectId: string,
      groupId?: string,
    ): Promise<CacheResult<number>> {
      return groupId === undefined
        ? writeOwnershipVersion(client, projectId)
        : remove([[assigneeExistsKey(groupId)]]);
    },

    /**
     * Lets the next event of the group, or of any group of the project, evaluate the rules. Values
     * as above.
     */
    invalidateDebounceIssueOwnersEvaluationCache(
      projectId: string,
      groupId?: string,
    ): Promise<CacheResult<number>> {
      return groupId === undefined
        ? writeOwnershipVersion(client, projectId)
        : remove([[ownerExistsKey(groupId)]]);
    },

    /**
     * Deletes both keys of each group, in one round trip per 1,000 groups, and answers how many
     * keys there were. Due after unassignments have been committed, and again from their events.
     */
    async invalidateGroups(groupIds: readonly string[]): Promise<CacheResult<number>> {
      let removed = 0;
      for (let start = 0; start < groupIds.length; start += GROUPS_PER_ROUND_TRIP) {
        const page = groupIds.slice(start, start + GROUPS_PER_ROUND_TRIP);
        const result = await remove(page.map((id) => [assigneeExistsKey(id), ownerExistsKey(id)]));
        if (!result.ok) {
          return result;
        }
        removed += result.value;
      }
      return { ok: true, value: removed };
    },

    /**
     * Reads what is known of a group, in one round trip; see `readOwnershipClock` for the second.
     */
    read(scope: OwnershipScope, groupId: string): Promise<CacheResult<OwnerCacheEntry>> {
      return client.attempt(async (cluster) => {
        const [{ asOfSeconds, changedAtSeconds }, [assignee, evaluated]] = await Promise.all([
          readOwnershipClock(cluster, scope),
          cluster.mget(assigneeExistsKey(groupId), ownerExistsKey(groupId)),
        ]);
        const fresh = (atSeconds: number) => isFresh(atSeconds, changedAtSeconds);
        const known = parseAssignee(assignee);
        const evaluatedAt = parseSeconds(evaluated);
        return {
          asOfSeconds,
          assigneeExists: known && fresh(known.atSeconds) ? known.exists : null,
          evaluatedAtSeconds: evaluatedAt !== null && fresh(evaluatedAt) ? evaluatedAt : null,
        };
      });
    },

    /**
     * Remembers that the group has an assignee, for a day, or that it has none, for a minute. See
     * `fillEntry`.
     */
    fillAssigneeExists(
      groupId: string,
      exists: boolean,
      basis: FillBasis,
    ): Promise<CacheResult<boolean>> {
      const value = JSON.stringify([exists, basis.asOfSeconds]);
      const lifeSeconds = exists ? LIFE_SECONDS.assigned : LIFE_SECONDS.unassigned;
      return fillEntry(client, { key: assigneeExistsKey(groupId), value, lifeSeconds }, basis);
    },

    /** Remembers for a day that the rules were evaluated for the group. See `fillEntry`. */
    fillOwnerExists(groupId: string, basis: FillBasis): Promise<CacheResult<boolean>> {
      const value = JSON.stringify(basis.asOfSeconds);
      const lifeSeconds = LIFE_SECONDS.evaluated;
      return fillEntry(client, { key: ownerExistsKey(groupId), value, lifeSeconds }, basis);
    },
  };
}

export type OwnerCaches = ReturnType<typeof createOwnerCaches>;

function parseAssignee(
  text: string | null | undefined,
): { exists: boolean; atSeconds: number } | null {
  const value = parseJson(text);
  if (!Array.isArray(value)) {
    return null;
  }
  const [exists, atSeconds] = value;
  return typeof exists === 'boolean' && typeof atSeconds === 'number'
    ? { exists, atSeconds }
    : null;
}
