import { formatActor } from '../../domain/actor.ts';
import type { GroupId, UserId } from '../../domain/ids.ts';
import type { Subscription } from '../../domain/issues/subscription.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { gsi3 } from '../keys/index-keys.ts';
import { groupId } from '../row-fields.ts';
import { read } from '../rows.ts';
import type { Item, Table } from '../table.ts';
import { type SubscribedGroup, subscriptionFromItem, userRowItem } from './user-rows.ts';

export type SubscriptionStore = ReturnType<typeof createSubscriptionStore>;

/** The subscriptions that people have made themselves. */
export function createSubscriptionStore(table: Table) {
  return {
    /** One user's own subscriptions among these groups, by group. 100 groups a round trip. */
    async ofUser(
      userId: UserId,
      groupIds: readonly GroupId[],
    ): Promise<Map<GroupId, Subscription>> {
      const items = await table.batchGet(
        groupIds.map((groupId) => groupKeys.subscription(groupId, 'user', userId)),
      );
      return new Map(
        items.flatMap((item) => {
          const subscription = subscriptionFromItem(item);
          return subscription === null ? [] : [[read(item, 'groupId', groupId), subscription]];
        }),
      );
    },
  };
}

/**
 * A subscription's row as the table holds it: a user's own, and that of a team. Nothing in the
 * product makes one for a team any more: those that follow for holding a group are listed with its
 * assignment.
 */
export function subscriptionItem(group: SubscribedGroup, subscription: Subscription): Item {
  const { subscriber, ...rest } = subscription;
  if (subscriber.type === 'user') {
    return userRowItem(group, { userId: subscriber.id, subscription });
  }
  return {
    ...groupKeys.subscription(group.id, subscriber.type, subscriber.id),
    entity: 'subscription',
    groupId: group.id,
    organizationId: group.organizationId,
    projectId: group.projectId,
    subscriber: formatActor(subscriber),
    ...rest,
    gsi1pk: gsi3.followedBy(group.organizationId, formatActor(subscriber)),
    gsi1sk: group.id,
  };
}
