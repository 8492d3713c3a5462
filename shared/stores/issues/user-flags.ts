import type { GroupId, OrganizationId, UserId } from '../../domain/ids.ts';
import type { UserFlagChange } from '../../domain/issues/group-changes.ts';
import { gsi3 } from '../index-keys.ts';
import { groupKeys } from '../keys.ts';
import { groupId } from '../row-fields.ts';
import { read, rowReader, text } from '../rows.ts';
import { byPrefix, type Consistency, type Item, type Table } from '../table.ts';
import type { Write } from '../transaction.ts';
import type { SubscribedGroup } from './subscriptions.ts';

/** Whether one user has bookmarked and seen one group. */
export type UserFlags = { readonly isBookmarked: boolean; readonly hasSeen: boolean };

export type UserFlagStore = ReturnType<typeof createUserFlagStore>;

/** Bookmarks, and who has seen what. */
export function createUserFlagStore(table: Table) {
  return {
    /** A user's flags of each of these groups. 50 groups a round trip. */
    async ofUser(
      userId: UserId,
      groupIds: readonly GroupId[],
      consistency?: Consistency,
    ): Promise<Map<string, UserFlags>> {
      const items = await table.batchGet(
        groupIds.flatMap((id) => [groupKeys.bookmark(id, userId), groupKeys.seen(id, userId)]),
        consistency,
      );
      const has = new Set(items.map((item) => `${item.entity} ${item.groupId}`));
      return new Map(
        groupIds.map((id) => [
          id,
          { isBookmarked: has.has(`bookmark ${id}`), hasSeen: has.has(`seen ${id}`) },
        ]),
      );
    },

    /**
     * A page of the groups that a user has bookmarked in an organization, `limit` at most, and
     * whether there are more. It may lag behind the latest writes for a moment; bookmarks from
     * before December 2026 are entered by a migration. One Query.
     */
    async groupsBookmarkedBy(input: {
      readonly organizationId: OrganizationId;
      readonly userId: UserId;
      readonly limit: number;
    }): Promise<{ groupIds: GroupId[]; more: boolean }> {
      const page = await table.queryPage({
        IndexName: gsi3.name,
        KeyConditionExpression: 'gsi1pk = :pk',
        ExpressionAttributeValues: {
          ':pk': gsi3.bookmarkedBy(input.organizationId, input.userId),
        },
        Limit: input.limit,
      });
      return {
        groupIds: page.items.map((item) => read(item, 'groupId', groupId)),
        more: page.next !== undefined,
      };
    },

    /** Who has seen a group, and when. One Query. */
    async seenBy(groupId: GroupId): Promise<{ userId: UserId; lastSeen: string }[]> {
      const items = await table.queryAll(
        byPrefix(groupKeys.partition(groupId), groupKeys.seenPrefix),
      );
      return items.map(seenFromItem);
    },
  };
}

const seenFromItem = rowReader<{ userId: UserId; lastSeen: string }>({
  userId: text,
  lastSeen: text,
});

/** Sets and removes one user's flags of a group. */
export function writeUserFlags(
  group: SubscribedGroup,
  userFlags: UserFlagChange,
  now: string,
): Write<'seen' | 'bookmark'>[] {
  const { userId, hasSeen, isBookmarked } = userFlags;
  const writes: Write<'seen' | 'bookmark'>[] = [];
  if (hasSeen !== undefined) {
    writes.push(
      hasSeen
        ? { name: 'seen', put: { Item: seenItem(group, userId, now) } }
        : { name: 'seen', delete: { Key: groupKeys.seen(group.id, userId) } },
    );
  }
  if (isBookmarked !== undefined) {
    writes.push(
      isBookmarked
        ? { name: 'bookmark', put: { Item: bookmarkItem(group, userId, now) } }
        : { name: 'bookmark', delete: { Key: groupKeys.bookmark(group.id, userId) } },
    );
  }
  return writes;
}

/** That a user has seen a group, as the table holds it. */
export function seenItem(group: SubscribedGroup, userId: UserId, lastSeen: string): Item {
  return {
    ...groupKeys.seen(group.id, userId),
    entity: 'seen',
    groupId: group.id,
    projectId: group.projectId,
    userId,
    lastSeen,
  };
}

/** That a user has bookmarked a group, as the table holds it. */
export function bookmarkItem(group: SubscribedGroup, userId: UserId, dateAdded: string): Item {
  return {
    ...groupKeys.bookmark(group.id, userId),
    entity: 'bookmark',
    groupId: group.id,
    projectId: group.projectId,
    userId,
    dateAdded,
    ...bookmarkListKeys(group, userId),
  };
}

/** A bookmark stands in the list of those of its user. */
export function bookmarkListKeys(
  { id, organizationId }: Pick<SubscribedGroup, 'id' | 'organizationId'>,
  userId: UserId,
) {
  return { gsi1pk: gsi3.bookmarkedBy(organizationId, userId), gsi1sk: id };
}
