import type { CacheResult } from '../../cache/client.ts';
import type { OwnerCaches } from '../../cache/owner-caches.ts';
import type { OwnershipCache } from '../../cache/ownership-cache.ts';
import type { EventDetail } from '../../domain/events.ts';
import type { ImportedRules, ProjectOwnership } from '../../domain/ownership/project-ownership.ts';

export type RepeatInvalidationDeps = {
  readonly ownerCaches: Pick<OwnerCaches, 'invalidateGroups'>;
  readonly ownershipCache: Pick<OwnershipCache<ProjectOwnership, ImportedRules>, 'invalidate'>;
};

/**
 * Repeats the cache effects of a committed change, so that a request that died after its commit, or found the cache down,
 * leaves no stale key behind for longer than the event takes. Throws where the cache cannot be reached: then the event
 * comes again.
 */
export async function repeatInvalidation(
  deps: RepeatInvalidationDeps,
  event: { readonly type: string; readonly detail: EventDetail },
): Promise<void> {
  const result = await repeat(deps, event);
  if (result?.ok === false) throw result.error;
}

function repeat(
  deps: RepeatInvalidationDeps,
  { type, detail }: { readonly type: string; readonly detail: EventDetail },
): Promise<CacheResult<number>> | undefined {
  const { groupId, projectId } = detail;
  if (type === 'issue.unassigned' && groupId !== undefined)
    return deps.ownerCaches.invalidateGroups([groupId]);
  if (type === 'ownership.changed' && projectId !== undefined)
    return deps.ownershipCache.invalidate(projectId);
  return undefined;
}
