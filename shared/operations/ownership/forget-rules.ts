import type { OwnershipCache } from '../../cache/ownership-cache.ts';
import type { OrganizationId, ProjectId } from '../../domain/ids.ts';
import type { ImportedRules, ProjectOwnership } from '../../domain/ownership/project-ownership.ts';
import type { Count, Log } from '../deps.ts';

export type ForgetRulesDeps = {
  readonly ownershipCache: Pick<OwnershipCache<ProjectOwnership, ImportedRules>, 'invalidate'>;
  readonly log: Log;
  readonly count: Count;
};

/**
 * Declares stale all that the caches know of a project whose rules were just changed, in one write.
 * A cache that is down is logged and counted and fails nothing; the event of the change does it
 * again.
 */
export async function forgetRules(deps: ForgetRulesDeps, projectId: ProjectId): Promise<void> {
  const result = await deps.ownershipCache.invalidate(projectId);
  if (result.ok) {
    return;
  }
  deps.count('cache.invalidation_failed', { cache: 'ownership' });
  deps.log.warn('The ownership cache could not be reached; the event repeats the change.', {
    projectId,
    reason: result.error.message,
  });
}

export type ForgetNamesDeps = {
  readonly ownershipCache: Pick<
    OwnershipCache<ProjectOwnership, ImportedRules>,
    'invalidateOrganization'
  >;
  readonly log: Log;
  readonly count: Count;
};

/**
 * Declares stale all that the caches know of the projects of an organization, in one write: due
 * after a commit that changed who a name in rules or CODEOWNERS stands for. A failure is treated
 * as `forgetRules` treats it.
 */
export async function forgetNames(
  deps: ForgetNamesDeps,
  organizationId: OrganizationId,
): Promise<void> {
  const result = await deps.ownershipCache.invalidateOrganization(organizationId);
  if (result.ok) {
    return;
  }
  deps.count('cache.invalidation_failed', { cache: 'ownership' });
  deps.log.warn('The ownership cache could not be reached; the event repeats the change.', {
    organizationId,
    reason: result.error.message,
  });
}
