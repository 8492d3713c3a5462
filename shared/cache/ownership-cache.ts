import { isFresh } from '../domain/ownership/freshness.ts';
import type { CacheClient, CacheResult } from './client.ts';
import { parseJson } from './entry.ts';
import {
  followedOwnershipVersionKey,
  issueOwnersRateLimitKey,
  ownershipVersionKey,
  projectCodeownersKey,
  projectOwnershipKey,
} from './keys.ts';
import {
  type OwnershipScope,
  readOwnershipClock,
  writeOrganizationOwnershipVersion,
  writeOwnershipVersion,
} from './ownership-version.ts';

const LIFE_SECONDS = 3600;

/**
 * A row as it was cached: `null` is the remembered absence of a row, `undefined` means that only
 * the table knows.
 */
export type CachedRow<Row> = Row | null | undefined;

/** What the cache knows of a project's rules. */
export type OwnershipCacheEntry<Ownership, Codeowners> = {
  /**
   * The project's clock, for the rows that are written back after the table was read. Unix seconds.
   */
  asOfSeconds: number;
  ownership: CachedRow<Ownership>;
  codeowners: CachedRow<Codeowners>;
};

/**
 * Reads of a project's ownership settings and of its CODEOWNERS, the absence of them included,
 * remembered for an hour. An entry that is not strictly newer than the last rule change counts as
 * absent. Every function answers with a value, also when the cache is down.
 *
 * @typeParam Ownership @typeParam Codeowners rows as JSON gives them back
 */
export function createOwnershipCache<Ownership, Codeowners>(client: CacheClient) {
  function fill(key: string, row: unknown, asOfSeconds: number): Promise<CacheResult<unknown>> {
    const value = JSON.stringify([row ?? false, asOfSeconds]);
    return client.attempt((cluster) => cluster.set(key, value, 'EX', LIFE_SECONDS));
  }

  return {
    /** Reads both rows in one round trip; see `readOwnershipClock` for the second. */
    read(scope: OwnershipScope): Promise<CacheResult<OwnershipCacheEntry<Ownership, Codeowners>>> {
      const { projectId } = scope;
      return client.attempt(async (cluster) => {
        const [{ asOfSeconds, changedAtSeconds }, [ownership, codeowners]] = await Promise.all([
          readOwnershipClock(cluster, scope),
          cluster.mget(projectOwnershipKey(projectId), projectCodeownersKey(projectId)),
        ]);
        return {
          asOfSeconds,
          ownership: parseRow<Ownership>(ownership, changedAtSeconds),
          codeowners: parseRow<Codeowners>(codeowners, changedAtSeconds),
        };
      });
    },

    /**
     * Remembers the ownership settings that were read after `asOfSeconds`, or that there are none.
     */
    fillOwnership(projectId: string, row: Ownership | null, asOfSeconds: number) {
      return fill(projectOwnershipKey(projectId), row, asOfSeconds);
    },

    /** Remembers the CODEOWNERS that were read after `asOfSeconds`, or that there are none. */
    fillCodeowners(projectId: string, row: Codeowners | null, asOfSeconds: number) {
      return fill(projectCodeownersKey(projectId), row, asOfSeconds);
    },

    /**
     * Declares both rows stale, and both owner caches of every group of the project: one write.
     * Value: when, unix seconds.
     */
    invalidate(projectId: string): Promise<CacheResult<number>> {
      return writeOwnershipVersion(client, projectId);
    },

    /** The same for every project of an organization, in one write. */
    invalidateOrganization(organizationId: string): Promise<CacheResult<number>> {
      return writeOrganizationOwnershipVersion(client, organizationId);
    },

    /**
     * Deletes all that the cache holds under a project that is gone; its groups' keys go with the
     * groups.
     */
    remove(projectId: string): Promise<CacheResult<number>> {
      const keys = [
        ownershipVersionKey(projectId),
        followedOwnershipVersionKey(projectId),
        projectOwnershipKey(projectId),
        projectCodeownersKey(projectId),
        issueOwnersRateLimitKey(projectId),
      ];
      return client.attempt((cluster) => cluster.del(keys));
    },
  };
}

export type OwnershipCache<Ownership, Codeowners> = ReturnType<
  typeof createOwnershipCache<Ownership, Codeowners>
>;

function parseRow<Row>(
  text: string | null | undefined,
  changedAtSeconds: number | null,
): CachedRow<Row> {
  const value = parseJson(text);
  if (!Array.isArray(value)) {
    return undefined;
  }
  const [row, atSeconds] = value;
  if (typeof atSeconds !== 'number' || !isFresh(atSeconds, changedAtSeconds)) {
    return undefined;
  }
  // What stands here was written by `fill`, from a row of this type.
  return row === false ? null : (row as Row);
}
