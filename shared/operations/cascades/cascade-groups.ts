import type { ProjectId } from '../../domain/ids.ts';
import { type StoredGroupStatus, storedGroupStatuses } from '../../domain/issues/group.ts';
import type { GroupRemovalStore, GroupToDelete } from '../../stores/issues/group-removal.ts';
import type { CascadeTime, Clock } from '../deps.ts';
import { type ForgetOwnersDeps, forgetOwners } from '../issues/forget-owners.ts';

export type CascadeGroupsDeps = ForgetOwnersDeps & {
  readonly groupRemoval: Pick<GroupRemovalStore, 'page' | 'markForDeletion' | 'empty' | 'remove'>;
  readonly clock: Clock;
};

/** So many walks in a row must find nothing before nothing is believed to be left. */
const QUIET_WALKS = 2;

/**
 * Removes all groups of a project that takes no new ones, page by page. The lists are walked again
 * until two walks, a pause apart, find nothing: a group whose birth was committed a moment before
 * the deletion, or that changed its list during a walk, shows in a later one. Answers whether it
 * came to that end before the time did.
 */
export async function cascadeGroups(
  deps: CascadeGroupsDeps,
  projectId: ProjectId,
  time: CascadeTime,
): Promise<boolean> {
  for (let quiet = 0; quiet < QUIET_WALKS; ) {
    const walk = { found: 0, isComplete: true };
    for (const status of storedGroupStatuses) {
      const list = await walkList(deps, projectId, status, time);
      walk.found += list.found;
      walk.isComplete = list.isComplete;
      if (!walk.isComplete) {
        return false;
      }
    }
    quiet = walk.found === 0 ? quiet + 1 : 0;
    if (quiet < QUIET_WALKS) {
      await new Promise((resolve) => setTimeout(resolve, time.pauseMs));
    }
  }
  return true;
}

/** Removes the groups of one list. Those that are gone and still listed count as found. */
async function walkList(
  deps: CascadeGroupsDeps,
  projectId: ProjectId,
  status: StoredGroupStatus,
  { hasTime }: CascadeTime,
): Promise<{ readonly found: number; readonly isComplete: boolean }> {
  let found = 0;
  let after: Record<string, unknown> | undefined;
  do {
    const { groups, next } = await deps.groupRemoval.page({
      projectId,
      status,
      ...(after === undefined ? {} : { after }),
    });
    found += groups.length;
    if (!(await removePage(deps, groups, projectId, hasTime))) {
      return { found, isComplete: false };
    }
    after = next;
    if (after !== undefined && !hasTime()) {
      return { found, isComplete: false };
    }
  } while (after !== undefined);
  return { found, isComplete: true };
}

/**
 * Removes all that lies with a discarded group, whose own row stays. Answers whether the time
 * sufficed.
 */
export async function emptyDiscarded(
  deps: CascadeGroupsDeps,
  group: GroupToDelete,
  hasTime: () => boolean,
): Promise<boolean> {
  const marked = await deps.groupRemoval.markForDeletion([group], deps.clock());
  const ids = marked.map(({ id }) => id);
  const { isComplete } = await deps.groupRemoval.empty(marked, hasTime);
  if (isComplete) {
    await forgetOwners(deps, ids);
  }
  return isComplete;
}

/**
 * Removes a page of groups with all that lies with them: first they are marked, then emptied, and
 * their own rows go last. `tally` is the project whose deletion counts them; null for none. Answers
 * whether the time sufficed.
 */
export async function removePage(
  deps: CascadeGroupsDeps,
  groups: readonly GroupToDelete[],
  tally: string | null,
  hasTime: () => boolean,
): Promise<boolean> {
  const marked = await deps.groupRemoval.markForDeletion(groups, deps.clock());
  if (marked.length === 0) {
    return true;
  }
  const ids = marked.map(({ id }) => id);
  const emptied = await deps.groupRemoval.empty(marked, hasTime);
  if (!emptied.isComplete) {
    return false;
  }
  await Promise.all([deps.groupRemoval.remove(marked, emptied, tally), forgetOwners(deps, ids)]);
  return true;
}
