import type { OrganizationId, ProjectId } from '../domain/ids.ts';
import { isFresh } from '../domain/ownership/freshness.ts';
import { createChangedTexts } from './changed-texts.ts';
import type { CacheClient, CacheResult } from './client.ts';
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

/** A cached row: null is a cached absence of the row, undefined means that nothing is cached. */
export type CachedRow<Row> = Row | null | undefined;

/** The cached rows of a project. */
export type OwnershipCacheEntry<Ownership, Codeowners> = {
  /** The project's clock, for rows that are cached after the table was read. Unix seconds. */
  asOfSeconds: number;
  ownership: CachedRow<Ownership>;
  codeowners: CachedRow<Codeowners>;
};

/**
 * Caches a project's ownership settings and its CODEOWNERS, or the absence of them, for an hour. An
 * entry that is not newer than the last rule change counts as absent. Every function returns a
 * value, also when the cache is down. Rules may be half a megabyte of text, which travels only when
 * it is not what this process read last.
 */
export function createOwnershipCache<Ownership, Codeowners>(client: CacheClient) {
  const texts = createChangedTexts();

  function fill(key: string, row: unknown, asOfSeconds: number): Promise<CacheResult<unknown>> {
    const value = JSON.stringify([row ?? false, asOfSeconds]);
    return client.attempt((cluster) => cluster.set(key, value, 'EX', LIFE_SECONDS));
  }

  return {
    /** Reads both rows in one round trip (`readOwnershipClock` may need a second). */
    read(scope: OwnershipScope): Promise<CacheResult<OwnershipCacheEntry<Ownership, Codeowners>>> {
      const { projectId } = scope;
      return client.attempt(async (cluster) => {
        const [{ asOfSeconds, changedAtSeconds }, [ownership, codeowners]] = await Promise.all([
          readOwnershipClock(cluster, scope),
          texts.read(cluster, [projectOwnershipKey(projectId), projectCodeownersKey(projectId)]),
        ]);
        return {
          asOfSeconds,
          ownership: parseRow<Ownership>(ownership, changedAtSeconds),
          codeowners: parseRow<Codeowners>(codeowners, changedAtSeconds),
        };
      });
    },

    /** Caches the ownership settings, or their absence, as read after `asOfSeconds`. */
    fillOwnership(projectId: ProjectId, row: Ownership | null, asOfSeconds: number) {
      return fill(projectOwnershipKey(projectId), row, asOfSeconds);
    },

    /** Caches the CODEOWNERS, or their absence, as read after `asOfSeconds`. */
    fillCodeowners(projectId: ProjectId, row: Codeowners | null, asOfSeconds: number) {
      return fill(projectCodeownersKey(projectId), row, asOfSeconds);
    },

    /**
     * Makes both rows, and both owner caches of every group of the project, stale in one write. The
     * value is the time of the change, in unix seconds.
     */
    invalidate(projectId: ProjectId): Promise<CacheResult<number>> {
      return writeOwnershipVersion(client, projectId);
    },

    /** Does so for every project of an organization, in one write. */
    invalidateOrganization(organizationId: OrganizationId): Promise<CacheResult<number>> {
      return writeOrganizationOwnershipVersion(client, organizationId);
    },

    /**
     * Deletes the keys of a project that was deleted. The keys of its groups are deleted with the
     * groups.
     */
    remove(projectId: ProjectId): Promise<CacheResult<number>> {
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

function parseRow<Row>(value: unknown, changedAtSeconds: number | null): CachedRow<Row> {
  if (!Array.isArray(value)) {
    return undefined;
  }
  const [row, atSeconds] = value;
  if (typeof atSeconds !== 'number' || !isFresh(atSeconds, changedAtSeconds)) {
    return undefined;
  }
  // The value was written by `fill`, from a row of this type.
  return row === false ? null : (row as Row);
}
