import type { Organization } from '../../domain/directory.ts';
import type { GroupId } from '../../domain/ids.ts';
import type { FollowersUse } from '../../domain/issues/followers.ts';
import { isVisible } from '../../domain/issues/group.ts';
import {
  type GroupChanges,
  type GroupFacts,
  startChanges,
} from '../../domain/issues/group-changes.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import { systemInitiator } from '../event-context.ts';
import { type ChangeGroupDeps, changeGroup, completeAhead } from '../issues/change-group.ts';

/** What is done to those of listed groups that are what the list says. */
export type ListedChange = {
  readonly organization: Organization;
  readonly requestId: string;
  /** The list may lag behind the group itself. */
  readonly isListed: (facts: Pick<GroupFacts, 'group' | 'assignment'>) => boolean;
  readonly usesOf: (groupId: GroupId) => FollowersUse;
  readonly change: (changes: GroupChanges) => GroupChanges;
};

/** Groups changed at the same time. */
const WIDTH = 32;

/**
 * Changes those of a page of listed groups that are what the list says, which are read together:
 * one call a group, and few a page. Answers how many they were, with those that could not be
 * decided on yet.
 */
export async function changeListed(
  deps: ChangeGroupDeps,
  groupIds: readonly GroupId[],
  { organization, requestId, isListed, usesOf, change }: ListedChange,
): Promise<number> {
  const rows = [...(await deps.groups.withAssignments(groupIds)).values()].filter(
    (row) => isVisible(row.group.status) && isListed(row),
  );
  const ahead = await completeAhead(deps, rows, organization, ({ group }) => usesOf(group.id));
  const found = await mapConcurrently(WIDTH, rows, async ({ group: { id: groupId } }) => {
    const facts = ahead.get(groupId);
    let wasListed = false;
    const outcome = await changeGroup(
      deps,
      {
        groupId,
        organization,
        uses: usesOf(groupId),
        initiator: systemInitiator(requestId),
        ...(facts !== undefined && { facts }),
      },
      (current, now) => {
        const changes = startChanges(current, { now, actingUserId: null });
        wasListed = isListed(current);
        return wasListed ? change(changes) : changes;
      },
    );
    return outcome.kind === 'conflict' || (outcome.kind === 'committed' && wasListed);
  });
  return found.filter(Boolean).length;
}
