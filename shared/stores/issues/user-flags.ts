import type { GroupId, OrganizationId, UserId } from '../../domain/ids.ts';
import type { Subscription } from '../../domain/issues/subscription.ts';
import {
  flagsOf,
  type OwnFlags,
  type SetBefore,
  type UserRow,
} from '../../domain/issues/user-flags.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { gsi3 } from '../keys/index-keys.ts';
import { groupId } from '../row-fields.ts';
import { read, text } from '../rows.ts';
import { byPrefix, type Consistency, type Table } from '../table.ts';
import { isOfUser, subscriptionFromItem, userRowFromItem } from './user-rows.ts';

/** A group, and whether it is known that what its users have set of it lies in one row each. */
export type GroupOfUsers = { readonly id: GroupId; readonly hasUserRows?: boolean | undefined };

/** What users have set of a group, and the subscriptions of teams. */
export type SetOfGroup = {
  readonly users: readonly UserRow[];
  readonly subscriptions: readonly Subscription[];
};

export type UserFlagStore = ReturnType<typeof createUserFlagStore>;

/** Bookmarks, and who has seen what. */
export function createUserFlagStore(table: Table) {
  return {
    /**
     * What a user has set of each of these groups. 100 groups a round trip, 33 of those from before
     * December 2026.
     */
    async ofUser(
      userId: UserId,
      groups: readonly GroupOfUsers[],
      consistency?: Consistency,
    ): Promise<Map<GroupId, OwnFlags>> {
      const items = await table.batchGet(
        groups.flatMap(({ id, hasUserRows }) => [
          groupKeys.subscription(id, 'user', userId),
          ...(hasUserRows ? [] : [groupKeys.bookmark(id, userId), groupKeys.seen(id, userId)]),
        ]),
        consistency,
      );
      const found = new Map(items.map((item) => [`${item.entity} ${item.groupId}`, item]));
      return new Map(
        groups.map(({ id }) => {
          const item = found.get(`subscription ${id}`);
          const before = {
            isBookmarked: found.has(`bookmark ${id}`),
            hasSeen: found.has(`seen ${id}`),
          };
          return [id, flagsOf(item && userRowFromItem(item), before)];
        }),
      );
    },

    /** What anybody has set of a group. One Query. */
    async ofGroup(groupId: GroupId): Promise<SetOfGroup> {
      const items = await table.queryAll(
        byPrefix(groupKeys.partition(groupId), groupKeys.subscriptionPrefix),
      );
      return {
        users: items.filter(isOfUser).map(userRowFromItem),
        subscriptions: items.flatMap((item) => subscriptionFromItem(item) ?? []),
      };
    },

    /** What rows from before December 2026 say of a group. Two Queries at once. */
    async beforeUserRows(groupId: GroupId): Promise<SetBefore> {
      const [seen, bookmarks] = await Promise.all(
        [groupKeys.seenPrefix, groupKeys.bookmarkPrefix].map((prefix) =>
          table.queryAll(byPrefix(groupKeys.partition(groupId), prefix)),
        ),
      );
      return {
        seen: new Map(
          seen?.map((item) => [read(item, 'userId', text), read(item, 'lastSeen', text)]),
        ),
        bookmarkedBy: new Set(bookmarks?.map((item) => read(item, 'userId', text))),
      };
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
  };
}
