import { type Actor, formatActor } from '../../domain/actor.ts';
import type { GroupId, OrganizationId, ProjectId, UserId } from '../../domain/ids.ts';
import type { Assignment } from '../../domain/issues/assignee.ts';
import {
  type Subscription,
  type SubscriptionChange,
  type SubscriptionReason,
  storedReasons,
} from '../../domain/issues/subscription.ts';
import { anyOf, attributeIs, doesNotExist } from '../conditions.ts';
import { gsi3 } from '../index-keys.ts';
import { groupKeys } from '../keys.ts';
import { actor, groupId } from '../row-fields.ts';
import { flag, oneOf, read, rowReader, text } from '../rows.ts';
import { byPrefix, type Consistency, type Item, type Table } from '../table.ts';
import type { Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';

export type SubscriptionStore = ReturnType<typeof createSubscriptionStore>;

/** Which group a subscription belongs to, for its row. */
export type SubscribedGroup = {
  readonly id: string;
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
};

/** Who is subscribed to which group, and why. */
export function createSubscriptionStore(table: Table) {
  return {
    /** All subscriptions of a group, active or not. One Query. */
    async ofGroup(groupId: GroupId): Promise<Subscription[]> {
      const items = await table.queryAll(
        byPrefix(groupKeys.partition(groupId), groupKeys.subscriptionPrefix),
      );
      return items.map(subscriptionFromItem);
    },

    /**
     * The subscriptions of those who follow these groups for holding them, by group: all that are
     * listed with the assignments. 100 subscriptions a round trip.
     */
    async ofFollowers(
      assignments: readonly Pick<Assignment, 'groupId' | 'followers'>[],
    ): Promise<Map<string, Subscription[]>> {
      const items = await table.batchGet(
        assignments.flatMap(({ groupId, followers = [] }) =>
          followers.map(({ type, id }) => groupKeys.subscription(groupId, type, id)),
        ),
      );
      const found = new Map<string, Subscription[]>(assignments.map((one) => [one.groupId, []]));
      for (const item of items) {
        found.get(read(item, 'groupId', groupId))?.push(subscriptionFromItem(item));
      }
      return found;
    },

    /** One user's own subscriptions among these groups, by group. 100 groups a round trip. */
    async ofUser(
      userId: UserId,
      groupIds: readonly GroupId[],
      consistency?: Consistency,
    ): Promise<Map<string, Subscription>> {
      const items = await table.batchGet(
        groupIds.map((groupId) => groupKeys.subscription(groupId, 'user', userId)),
        consistency,
      );
      return new Map(
        items.map((item) => [read(item, 'groupId', groupId), subscriptionFromItem(item)]),
      );
    },
  };
}

/** Writes the change of one subscriber's row. */
export function writeSubscription(
  group: SubscribedGroup,
  change: SubscriptionChange,
  now: string,
): Write<`subscription of ${string}`> {
  const { subscriber } = change;
  const Key = groupKeys.subscription(group.id, subscriber.type, subscriber.id);
  const name = `subscription of ${subscriber.type}:${subscriber.id}` as const;
  switch (change.kind) {
    case 'ensure':
      return { name, update: ensureRow(group, subscriber, change.reason, now) };
    case 'put':
      return {
        name,
        put: {
          Item: subscriptionItem(group, {
            subscriber,
            reason: change.reason,
            isActive: change.isActive,
            dateAdded: now,
          }),
        },
      };
    case 'delete':
      return { name, delete: { Key, ...onlyWithReason(change.onlyReason) } };
  }
}

/**
 * Inserts without asking first whether there is a row: every attribute keeps the value that it has.
 */
function ensureRow(
  group: SubscribedGroup,
  subscriber: Actor,
  reason: SubscriptionReason,
  now: string,
) {
  const row = subscriptionItem(group, {
    subscriber,
    reason,
    isActive: true,
    dateAdded: now,
  });
  const { pk, sk, ...attributes } = row;
  return updateRow({ pk, sk }, { setIfAbsent: attributes });
}

/** A row that is gone already counts as deleted; one with another reason by now stays. */
function onlyWithReason(reason: SubscriptionReason | null) {
  return reason === null ? {} : anyOf(doesNotExist, attributeIs('reason', reason));
}

/** A subscription's row as the table holds it. */
export function subscriptionItem(group: SubscribedGroup, subscription: Subscription): Item {
  const { subscriber, ...rest } = subscription;
  return {
    ...groupKeys.subscription(group.id, subscriber.type, subscriber.id),
    entity: 'subscription',
    groupId: group.id,
    organizationId: group.organizationId,
    projectId: group.projectId,
    subscriber: formatActor(subscriber),
    ...rest,
    ...(subscriber.type === 'team'
      ? {
          gsi1pk: gsi3.followedBy(group.organizationId, formatActor(subscriber)),
          gsi1sk: group.id,
        }
      : {}),
  };
}

const subscriptionFromItem = rowReader<Subscription>({
  subscriber: actor,
  reason: oneOf(storedReasons),
  isActive: flag,
  dateAdded: text,
});
