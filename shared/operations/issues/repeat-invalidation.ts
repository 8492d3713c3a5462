import type { CacheResult } from '../../cache/client.ts';
import type { OwnerCaches } from '../../cache/owner-caches.ts';
import type { OwnershipCache } from '../../cache/ownership-cache.ts';
import { assertNever } from '../../domain/errors.ts';
import type { BusEvent } from '../../domain/events.ts';
import { hasOutlivedEntries } from '../../domain/ownership/freshness.ts';
import type { ImportedRules, ProjectOwnership } from '../../domain/ownership/project-ownership.ts';
import type { Clock, Log } from '../deps.ts';

export type RepeatInvalidationDeps = {
  readonly ownerCaches: Pick<OwnerCaches, 'invalidateGroups'>;
  readonly ownershipCache: Pick<
    OwnershipCache<ProjectOwnership, ImportedRules>,
    'invalidate' | 'invalidateOrganization'
  >;
  readonly clock: Clock;
  readonly log: Log;
};

type InvalidatingEvent = BusEvent<
  | 'issue.unassigned'
  | 'ownership.changed'
  | 'ownership.names_changed'
  | 'project.team_added'
  | 'project.team_removed'
  | 'team.deleted'
  | 'team.member_left'
>;

/**
 * Repeats the cache effects of a committed change, so that a request that died after its commit, or
 * found the cache down, leaves no stale key behind for longer than the event takes. Throws where
 * the cache cannot be reached: then the event comes again, until the cache is back or until all
 * that was cached before the change has expired by itself.
 */
export async function repeatInvalidation(
  deps: RepeatInvalidationDeps,
  event: InvalidatingEvent,
): Promise<void> {
  const result = await repeat(deps, event);
  if (result.ok) {
    return;
  }
  const { eventId, occurredAt } = event.detail;
  if (!hasOutlivedEntries(occurredAt, deps.clock())) {
    throw result.error;
  }
  deps.log.warn('The cache was away for longer than its entries live; nothing is left to delete.', {
    type: event.type,
    eventId,
    occurredAt,
    reason: result.error.message,
  });
}

async function repeat(
  deps: RepeatInvalidationDeps,
  event: InvalidatingEvent,
): Promise<CacheResult<number>> {
  switch (event.type) {
    case 'issue.unassigned':
      return deps.ownerCaches.invalidateGroups([event.detail.groupId]);
    case 'ownership.changed':
    // A project's rules may name its teams and their members only.
    case 'project.team_added':
    case 'project.team_removed':
      return deps.ownershipCache.invalidate(event.detail.projectId);
    case 'ownership.names_changed':
    case 'team.deleted':
    case 'team.member_left':
      return deps.ownershipCache.invalidateOrganization(event.detail.organizationId);
    default:
      return assertNever(event);
  }
}
