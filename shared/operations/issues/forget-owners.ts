import type { OwnerCaches } from '../../cache/owner-caches.ts';
import type { GroupId } from '../../domain/ids.ts';
import type { Count, Log } from '../deps.ts';

export type ForgetOwnersDeps = {
  readonly ownerCaches: Pick<OwnerCaches, 'invalidateGroups'>;
  readonly log: Log;
  readonly count: Count;
};

/**
 * Deletes both owner-cache keys of groups that were just unassigned: one round trip. A cache that
 * is down is logged and counted and fails nothing; the event of the unassignment deletes the keys
 * again. Answers whether they are gone.
 */
export async function forgetOwners(
  deps: ForgetOwnersDeps,
  groupIds: readonly GroupId[],
): Promise<boolean> {
  if (groupIds.length === 0) {
    return true;
  }
  const result = await deps.ownerCaches.invalidateGroups(groupIds);
  if (result.ok) {
    return true;
  }
  deps.count('cache.invalidation_failed', { cache: 'owners' }, groupIds.length);
  deps.log.warn('The owner caches could not be reached; the event repeats the deletion.', {
    groupIds: groupIds.slice(0, 20),
    groups: groupIds.length,
    reason: result.error.message,
  });
  return false;
}
