import type { OwnerCaches } from '../cache/owner-caches.ts';
import type { EventDetail } from '../domain/events.ts';

/**
 * Repeats the cache effects of a committed change, so that a request that died after its commit, or found the cache down,
 * leaves no stale key behind for longer than the event takes. Throws where the cache cannot be reached: then the event
 * comes again.
 */
export async function repeatInvalidation(
  deps: { readonly ownerCaches: Pick<OwnerCaches, 'invalidateGroups'> },
  event: { readonly type: string; readonly detail: EventDetail },
): Promise<void> {
  const { groupId } = event.detail;
  if (event.type !== 'issue.unassigned' || groupId === undefined) return;
  const result = await deps.ownerCaches.invalidateGroups([groupId]);
  if (!result.ok) throw result.error;
}
