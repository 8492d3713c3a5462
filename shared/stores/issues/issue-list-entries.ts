import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import { allOf, attributesAre, exists, isLive } from '../conditions.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { groupKeys } from '../keys/group-keys.ts';
import type { Item, Table } from '../table.ts';
import type { Transact } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { groupFromItem } from './groups.ts';
import { type ListEntry, listEntryOf } from './issue-lists.ts';
import { gatherUserRows } from './user-row-moves.ts';

export type IssueListEntryStore = ReturnType<typeof createIssueListEntryStore>;

/**
 * Enters groups from before December 2026 in the lists of their organizations, and gathers the
 * bookmarks and views of each user into one row, which is in the list of their bookmarks. What
 * is written since then is written so.
 */
export function createIssueListEntryStore(table: Table, transact: Transact) {
  return {
    /** Those of these groups that are not entered. 100 groups a round trip. */
    async missing(groupIds: readonly GroupId[]): Promise<GroupId[]> {
      const items = await table.batchGet(groupIds.map(groupKeys.group));
      return items
        .filter((item) => missingOf(item) !== null)
        .map((item) => groupFromItem(item).group.id);
    },

    /**
     * Enters a group and what its users have set of it, the group last: one that was interrupted
     * is found again. Answers false where the group has changed meanwhile, and has to be entered
     * again. Four round trips, two more for each 16 bookmarks and views.
     */
    async enter(groupId: GroupId): Promise<boolean> {
      const item = await table.get(groupKeys.group(groupId));
      const entry = item === undefined ? null : missingOf(item);
      if (item === undefined || entry === null) {
        return true;
      }
      const { group } = groupFromItem(item);
      await gatherUserRows({ table, transact }, group);
      const { status, timesSeen, userCount, lastSeen } = group;
      const asRead = attributesAre({ status, timesSeen, userCount, lastSeen });
      const outcome = await transact([
        {
          name: 'group',
          update: updateRow(
            groupKeys.group(groupId),
            { set: { ...entry, hasUserRows: true } },
            allOf(isLive, asRead),
          ),
        },
      ]);
      return outcome.committed;
    },

    /** From now on the lists of an organization are taken to be complete. One round trip. */
    async complete(organizationId: OrganizationId): Promise<void> {
      await transact([
        {
          name: 'organization',
          update: updateRow(
            directoryKeys.organization(organizationId),
            { set: { hasIssueLists: true } },
            exists,
          ),
        },
      ]);
    },
  };
}

/** What a group's row has to hold to be entered; null where it is, and its users' rows are. */
function missingOf(item: Item): ListEntry | null {
  const entry = listEntryOf(groupFromItem(item).group);
  const isEntered = Object.keys(entry).every((name) => item[name] !== undefined);
  return isEntered && item.hasUserRows === true ? null : entry;
}
