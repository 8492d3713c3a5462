import { toEventRecord } from '../../domain/events.ts';
import type { GroupId } from '../../domain/ids.ts';
import type { Group } from '../../domain/issues/group.ts';
import { isDiscarded, markForDeletion } from '../../domain/projects/deletion.ts';
import type { GroupRemovalStore } from '../../stores/issues/group-removal.ts';
import type { GroupStore } from '../../stores/issues/groups.ts';
import { eventContext, systemInitiator } from '../event-context.ts';
import { emptyGroup, type RemoveGroupDeps, removeGroup } from './remove-group.ts';

export type CascadeIssueDeps = RemoveGroupDeps & {
  readonly groups: Pick<GroupStore, 'byId'>;
  readonly groupRemoval: Pick<GroupRemovalStore, 'releaseFingerprints' | 'continueLater'>;
  readonly newEventId: () => string;
};

/**
 * Removes an issue that was deleted, with all that lies with it; one that was discarded keeps its
 * own row and the fingerprints that lead to it. Safe to repeat. When the time runs out, the rest is
 * left to another worker.
 */
export async function cascadeIssue(
  deps: CascadeIssueDeps,
  input: {
    readonly groupId: GroupId;
    readonly requestId: string;
    readonly hasTime: () => boolean;
  },
): Promise<void> {
  const group = (await deps.groups.byId(input.groupId))?.group;
  if (group?.status !== 'pending_deletion') {
    return;
  }
  if (await removeRows(deps, group, input.hasTime)) {
    return;
  }
  const { id: groupId, organizationId, projectId, statusVersion } = group;
  await deps.groupRemoval.continueLater(
    toEventRecord(
      { ...markForDeletion(group).event, version: statusVersion },
      {
        ...eventContext(deps, systemInitiator(input.requestId), deps.clock()),
        groupId,
        organizationId,
        projectId,
      },
    ),
  );
}

/** Answers whether the time sufficed. */
async function removeRows(
  deps: CascadeIssueDeps,
  group: Group,
  hasTime: () => boolean,
): Promise<boolean> {
  if (isDiscarded(group)) {
    return (await emptyGroup(deps, group, hasTime)) !== false;
  }
  await deps.groupRemoval.releaseFingerprints(group);
  return removeGroup(deps, group, hasTime);
}
