import type { OwnershipCache } from '../../cache/ownership-cache.ts';
import { toEventRecord } from '../../domain/events.ts';
import type { ProjectId } from '../../domain/ids.ts';
import {
  addSeconds,
  cascadeContinues,
  type Deletion,
  timeLeftMs,
} from '../../domain/projects/deletion.ts';
import { commitWithRetry } from '../../retry.ts';
import type { DeletionStore } from '../../stores/projects/deletions.ts';
import type { ProjectLeftoverStore } from '../../stores/projects/project-leftovers.ts';
import type { CascadeTime } from '../deps.ts';
import { eventContext, systemInitiator } from '../event-context.ts';
import { type CascadeGroupsDeps, cascadeGroups } from './cascade-groups.ts';

export type ContinueDeps = {
  readonly deletions: Pick<DeletionStore, 'continueLater'>;
  readonly clock: () => string;
  readonly newEventId: () => string;
};

export type CascadeProjectDeps = CascadeGroupsDeps &
  ContinueDeps & {
    readonly deletions: Pick<DeletionStore, 'ofProject' | 'begin' | 'finish'>;
    readonly projectLeftovers: ProjectLeftoverStore;
    readonly ownershipCache: Pick<OwnershipCache<unknown, unknown>, 'remove'>;
  };

/**
 * A deletion that is due so soon is waited for; one that is due later is left to the schedule that
 * looks after them.
 */
export const LONGEST_WAIT_MS = 60_000;
/** A worker that has not been heard of for so long is dead, with all deliveries of its message. */
const WATCH_SECONDS = 60 * 60;

/**
 * Removes a project whose deletion was accepted, with everything that belongs to it: the
 * notification settings first, then the groups, the rows of the project, and its own row last. Each
 * step can be repeated, by a worker after a crash as by two concurrent ones, so the steps are
 * simply walked again. When the time runs out, another worker continues with the next fencing
 * token.
 */
export async function cascadeProject(
  deps: CascadeProjectDeps,
  input: CascadeTime & {
    readonly projectId: ProjectId;
    /** The fencing token of the message. */
    readonly fencingToken: number;
    readonly requestId: string;
  },
): Promise<void> {
  const { projectId, hasTime } = input;
  const deletion = await begin(deps, projectId, input.fencingToken);
  if (deletion === undefined) {
    return;
  }
  let items = await deps.projectLeftovers.removeNotificationSettings(projectId);
  if (!hasTime() || !(await cascadeGroups(deps, projectId, input))) {
    await continueLater(deps, deletion, input.requestId);
    return;
  }
  items += await deps.projectLeftovers.removeOwnRows(projectId);
  items += await deps.projectLeftovers.removeSlugs({ ...deletion, id: projectId });
  await forgetProject(deps, projectId);
  const outcome = await commitWithRetry(() => deps.deletions.finish(deletion, deps.clock(), items));
  if (!outcome.committed) {
    return;
  }
  const { requestedAt } = deletion;
  deps.log.info('A project was deleted.', { projectId, requestedAt });
}

/**
 * The deletion, begun; undefined where there is none (any more), where it is not due, or is another
 * worker's.
 */
async function begin(
  deps: CascadeProjectDeps,
  projectId: ProjectId,
  fencingToken: number,
): Promise<Deletion | undefined> {
  const found = await deps.deletions.ofProject(projectId);
  if (found === undefined || fencingToken < found.fencingToken) {
    return undefined;
  }
  if (found.state === 'done') {
    return undefined;
  }
  if (found.state === 'deleting') {
    return found;
  }
  const waitMs = timeLeftMs(found, deps.clock());
  if (waitMs > LONGEST_WAIT_MS) {
    return undefined;
  }
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  const startedAt = deps.clock();
  await commitWithRetry(() =>
    deps.deletions.begin(found, startedAt, addSeconds(startedAt, WATCH_SECONDS)),
  );
  // Refused or not: it may have been taken back, begun by another worker, or taken back and asked
  // for again.
  const now = await deps.deletions.ofProject(projectId);
  return now?.state === 'deleting' ? now : undefined;
}

/**
 * Passes the next fencing token on with a message; false where another worker has done so already.
 */
export async function continueLater(
  deps: ContinueDeps,
  deletion: Deletion,
  requestId: string,
): Promise<boolean> {
  const { organizationId, projectId } = deletion;
  const now = deps.clock();
  const event = toEventRecord(cascadeContinues(deletion.fencingToken + 1), {
    ...eventContext(deps, systemInitiator(requestId), now),
    organizationId,
    projectId,
  });
  const outcome = await commitWithRetry(() =>
    deps.deletions.continueLater(deletion, event, addSeconds(now, WATCH_SECONDS)),
  );
  return outcome.committed;
}

/**
 * What the cache holds of a project lives for a day at most, and is not worth holding up a deletion
 * for.
 */
async function forgetProject(deps: CascadeProjectDeps, projectId: ProjectId): Promise<void> {
  const result = await deps.ownershipCache.remove(projectId);
  if (result.ok) {
    return;
  }
  deps.count('cache.invalidation_failed', { cache: 'ownership' });
  deps.log.warn('The caches of a deleted project were left to expire.', {
    projectId,
    reason: result.error.message,
  });
}
