import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import { allOf, attributesAre, exists, isLive } from '../conditions.ts';
import { directoryKeys, groupKeys } from '../keys.ts';
import { read, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import type { Transact } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { groupFromItem } from './groups.ts';
import { type ListEntry, listEntryOf } from './issue-lists.ts';
import { bookmarkListKeys } from './user-flags.ts';

export type IssueListEntryStore = ReturnType<typeof createIssueListEntryStore>;

/**
 * Enters groups from before December 2026 in the lists of their organizations, and their bookmarks
 * in the lists of the users. What is written since then is entered as it is written.
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
     * Enters a group and its bookmarks, the group last: one that was interrupted is found again.
     * Answers false where the group has changed meanwhile, and has to be entered again. Two round
     * trips, one more for each bookmark.
     */
    async enter(groupId: GroupId): Promise<boolean> {
      const [item, bookmarks] = await Promise.all([
        table.get(groupKeys.group(groupId)),
        table.queryAll(byPrefix(groupKeys.partition(groupId), groupKeys.bookmarkPrefix)),
      ]);
      const entry = item === undefined ? null : missingOf(item);
      if (item === undefined || entry === null) {
        return true;
      }
      const { group } = groupFromItem(item);
      for (const bookmark of bookmarks.filter(({ gsi1pk }) => gsi1pk === undefined)) {
        const keys = bookmarkListKeys(group, read(bookmark, 'userId', text));
        await transact([{ name: 'bookmark', update: updateRow(bookmark, { set: keys }, exists) }]);
      }
      const { status, timesSeen, userCount, lastSeen } = group;
      const asRead = attributesAre({ status, timesSeen, userCount, lastSeen });
      const outcome = await transact([
        {
          name: 'group',
          update: updateRow(groupKeys.group(groupId), { set: entry }, allOf(isLive, asRead)),
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

/** What a group's row has to hold to stand in the lists; null where it does. */
function missingOf(item: Item): ListEntry | null {
  const entry = listEntryOf(groupFromItem(item).group);
  return Object.keys(entry).every((name) => item[name] !== undefined) ? null : entry;
}
