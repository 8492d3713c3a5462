import type { GroupRemovalStore, GroupToDelete } from '../../stores/issues/group-removal.ts';
import type { Clock } from '../deps.ts';
import { type ForgetOwnersDeps, forgetOwners } from '../issues/forget-owners.ts';

export type RemoveGroupDeps = ForgetOwnersDeps & {
  readonly groupRemoval: Pick<GroupRemovalStore, 'markForDeletion' | 'empty' | 'remove'>;
  readonly clock: Clock;
};

/**
 * Removes all that lies with a group, whose own row stays. Answers whether the time sufficed; null
 * where the group is gone.
 */
export async function emptyGroup(
  deps: RemoveGroupDeps,
  group: GroupToDelete,
  hasTime: () => boolean,
): Promise<boolean | null> {
  if (!(await deps.groupRemoval.markForDeletion(group, deps.clock()))) {
    return null;
  }
  const { isComplete } = await deps.groupRemoval.empty([group.id], hasTime);
  if (isComplete) {
    await forgetOwners(deps, [group.id]);
  }
  return isComplete;
}

/**
 * Removes a group with all that lies with it: first it is marked, then emptied, and its own row
 * goes last. Answers whether the time sufficed.
 */
export async function removeGroup(
  deps: RemoveGroupDeps,
  group: GroupToDelete,
  hasTime: () => boolean,
): Promise<boolean> {
  const isEmpty = await emptyGroup(deps, group, hasTime);
  if (isEmpty) {
    await deps.groupRemoval.remove(group);
  }
  return isEmpty !== false;
}
