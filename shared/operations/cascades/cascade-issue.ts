import { toEventRecord } from '../../domain/events.ts';
import type { GroupId } from '../../domain/ids.ts';
import { markForDeletion } from '../../domain/projects/deletion.ts';
import type { GroupRemovalStore } from '../../stores/issues/group-removal.ts';
import type { GroupStore } from '../../stores/issues/groups.ts';
import { eventContext, systemInitiator } from '../event-context.ts';
import { type CascadeGroupsDeps, removePage } from './cascade-groups.ts';

export type CascadeIssueDeps = CascadeGroupsDeps & {
  readonly groups: Pick<GroupStore, 'byId'>;
  readonly groupRemoval: Pick<GroupRemovalStore, 'releaseFingerprints' | 'continueLater'>;
  readonly newEventId: () => string;
};

/**
 * Removes an issue that was deleted, with all that lies with it. Safe to repeat. When the time runs
 * out, the rest is left to another worker.
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
  await deps.groupRemoval.releaseFingerprints(group);
  if (await removePage(deps, [{ ...group, isMarkedForDeletion: false }], null, input.hasTime)) {
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
