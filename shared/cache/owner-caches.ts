import type { GroupId, ProjectId } from '../domain/ids.ts';
import { isFresh, LONGEST_ENTRY_LIFE_SECONDS } from '../domain/ownership/freshness.ts';
import type { CacheClient, CacheResult } from './client.ts';
import { type FillBasis, fillEntry, parseJson, parseSeconds } from './entry.ts';
import { assigneeExistsKey, ownerExistsKey } from './keys.ts';
import {
  type OwnershipScope,
  readOwnershipClock,
  writeOwnershipVersion,
} from './ownership-version.ts';

/** "No assignee" has a short life, because an assignment does not delete it. */
const LIFE_SECONDS = {
  assigned: LONGEST_ENTRY_LIFE_SECONDS,
  unassigned: 60,
  evaluated: LONGEST_ENTRY_LIFE_SECONDS,
};
/** The number of groups whose keys are deleted in one round trip: the largest bulk update. */
const GROUPS_PER_ROUND_TRIP = 1000;

/** The cached facts about a group. Facts that are older than the project's rules are left out. */
export type OwnerCacheEntry = {
  /** The project's clock, for answers that are cached after the table was read. Unix seconds. */
  asOfSeconds: number;
  /** Whether the group has an assignee; null where it is not cached. */
  assigneeExists: boolean | null;
  /**
   * When the owners of the group were last evaluated, in unix seconds; null when they are due
   * again.
   */
  evaluatedAtSeconds: number | null;
};

/**
 * The two caches that save the event pipeline its reads: whether a group has an assignee, and when
 * its owners were last evaluated. Nothing depends on them: every function returns a value, also
 * when the cache is down, and the caller counts the failures. Keys that could not be deleted are
 * deleted again by the event of the same change.
 */
export function createOwnerCaches(client: CacheClient) {
  /**
   * Deletes keys on any shards in one round trip; the keys of one item are on one shard. Returns
   * how many keys existed.
   */
  function remove(keysPerGroup: readonly string[][]): Promise<CacheResult<number>> {
    return client.attempt(async (cluster) => {
      // Not a pipeline: ioredis refuses pipelines over several nodes. Commands that are sent
      // together share a round trip too.
      const removed = await Promise.all(keysPerGroup.map((keys) => cluster.del(keys)));
      return removed.reduce((sum, count) => sum + count, 0);
    });
  }

  return {
    /**
     * Deletes the cached fact whether the group has an assignee, or those of all groups of the
     * project. With a group the value is the number of keys that existed; without, the time of the
     * change (`writeOwnershipVersion`, which covers both caches).
     */
    invalidateAssigneeExistsCache(
      projectId: ProjectId,
      groupId?: GroupId,
    ): Promise<CacheResult<number>> {
      return groupId === undefined
        ? writeOwnershipVersion(client, projectId)
        : remove([[assigneeExistsKey(groupId)]]);
    },

    /**
     * Makes the next event of the group, or of any group of the project, evaluate the owners again.
     * Values as above.
     */
    invalidateDebounceIssueOwnersEvaluationCache(
      projectId: ProjectId,
      groupId?: GroupId,
    ): Promise<CacheResult<number>> {
      return groupId === undefined
        ? writeOwnershipVersion(client, projectId)
        : remove([[ownerExistsKey(groupId)]]);
    },

    /**
     * Deletes both keys of each group, in one round trip for each 1,000 groups, and returns how
     * many keys existed. To be called after unassignments were committed, and again from their
     * events.
     */
    async invalidateGroups(groupIds: readonly GroupId[]): Promise<CacheResult<number>> {
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
     * Reads the cached facts about a group, in one round trip (`readOwnershipClock` may need a
     * second).
     */
    read(scope: OwnershipScope, groupId: GroupId): Promise<CacheResult<OwnerCacheEntry>> {
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
     * Caches that the group has an assignee for a day, or that it has none for a minute. See
     * `fillEntry`.
     */
    fillAssigneeExists(
      groupId: GroupId,
      exists: boolean,
      basis: FillBasis,
    ): Promise<CacheResult<boolean>> {
      const value = JSON.stringify([exists, basis.asOfSeconds]);
      const lifeSeconds = exists ? LIFE_SECONDS.assigned : LIFE_SECONDS.unassigned;
      return fillEntry(client, { key: assigneeExistsKey(groupId), value, lifeSeconds }, basis);
    },

    /** Caches for a day that the owners of the group were evaluated. See `fillEntry`. */
    fillOwnerExists(groupId: GroupId, basis: FillBasis): Promise<CacheResult<boolean>> {
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
