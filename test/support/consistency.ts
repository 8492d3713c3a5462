import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { EventDetail } from '../../shared/domain/events.ts';
import { groupKeys } from '../../shared/stores/keys/group-keys.ts';
import { OUTBOX_SHARDS, outboxKeys } from '../../shared/stores/keys/outbox-keys.ts';
import { eventsOfItem } from '../../shared/stores/outbox.ts';
import type { Item, Table } from '../../shared/stores/table.ts';

export type SubscriptionState = {
  readonly subscriber: string;
  readonly reason: string;
  readonly isActive: boolean;
};

export type GroupState = {
  readonly assignment: Item | undefined;
  readonly activities: readonly Item[];
  /** Those that people have, in rows of their own or for being listed as followers. */
  readonly subscriptions: readonly SubscriptionState[];
  /** The events of this group that the outbox holds, by type. */
  readonly events: readonly { readonly type: string; readonly detail: EventDetail }[];
};

/**
 * Everything that the table holds of a group, its recorded events included. Two Queries are no
 * snapshot: what a killed process had sent may still arrive between them, so they are repeated
 * until the group stood still.
 */
export async function readGroupState(table: Table, groupId: string): Promise<GroupState> {
  for (let before = await readPartition(table, groupId); ; ) {
    const events = await recordedEvents(table);
    const items = await readPartition(table, groupId);
    if (isDeepStrictEqual(items, before)) {
      return groupState(items, events, groupId);
    }
    before = items;
  }
}

/** The subscriptions of a group, as it is now. */
export async function readSubscriptions(
  table: Table,
  groupId: string,
): Promise<readonly SubscriptionState[]> {
  return subscriptionsIn(await readPartition(table, groupId));
}

function readPartition(table: Table, groupId: string): Promise<Item[]> {
  return table.queryAll({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': groupKeys.partition(groupId) },
    ConsistentRead: true,
  });
}

function groupState(
  items: readonly Item[],
  events: GroupState['events'],
  groupId: string,
): GroupState {
  const of = (entity: string) => items.filter((item) => item.entity === entity);
  return {
    assignment: of('assignment')[0],
    activities: of('activity'),
    subscriptions: subscriptionsIn(items),
    events: events.filter((event) => event.detail.groupId === groupId),
  };
}

/**
 * What the rows of a group say of subscriptions, as the notes on decisions tell it: who is listed
 * as a follower is subscribed for holding the group, unless a row of theirs says otherwise, and
 * where followers are listed a row with that reason is left from before.
 */
function subscriptionsIn(items: readonly Item[]): SubscriptionState[] {
  const assignment = items.find(({ entity }) => entity === 'assignment');
  const isListed = assignment?.followerPages !== undefined;
  const rows = items
    .filter(({ entity, reason }) => entity === 'subscription' && reason !== undefined)
    .map(
      ({ subscriber, reason, isActive }) => ({ subscriber, reason, isActive }) as SubscriptionState,
    )
    .filter(({ reason, isActive }) => !(isListed && reason === 'assigned' && isActive));
  const pages = items.filter(
    ({ entity, version }) => entity === 'followers' && version === assignment?.version,
  );
  const lists = Number(assignment?.followerPages) > 0 ? pages : [assignment];
  const followers = isListed ? lists.flatMap((list) => (list?.followers ?? []) as string[]) : [];
  const listed = followers
    .filter((follower) => rows.every(({ subscriber }) => subscriber !== follower))
    .map((subscriber) => ({ subscriber, reason: 'assigned', isActive: true }));
  return [...rows, ...listed].sort((a, b) => (a.subscriber < b.subscriber ? -1 : 1));
}

/** The events that the outbox holds from this hour and those beside it. */
export async function recordedEvents(
  table: Table,
): Promise<{ type: string; detail: EventDetail }[]> {
  const hours = [-1, 0, 1].map((offset) =>
    new Date(Date.now() + offset * 3_600_000).toISOString().slice(0, 13),
  );
  const partitions = hours.flatMap((hour) =>
    Array.from({ length: OUTBOX_SHARDS }, (_, shard) => outboxKeys.partition(hour, shard)),
  );
  const pages = await Promise.all(
    partitions.map((pk) =>
      table.queryAll({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
      }),
    ),
  );
  return pages.flat().flatMap(eventsIn);
}

/** The events of a record, as their consumers read them. */
export function eventsIn(item: Item): { type: string; detail: EventDetail }[] {
  return eventsOfItem(item).map(({ type, detail }) => ({ type, detail: JSON.parse(detail) }));
}

/**
 * That assignment, activities, subscriptions and events of a group tell one story: each
 * version has exactly one of each, they agree on who holds the group, and only the holders are
 * subscribed for holding it.
 */
export function expectOneStory(state: GroupState, membersOf: (actor: string) => string[]): void {
  const version = (state.assignment?.version as number | undefined) ?? 0;
  const changes = state.events.filter(
    ({ type }) => type === 'issue.assigned' || type === 'issue.unassigned',
  );
  const versions = changes.map(({ detail }) => detail.version).sort((a, b) => a - b);
  expect(versions).toEqual(Array.from({ length: version }, (_, index) => index + 1));
  const told = (field: 'type' | 'history') =>
    state.activities
      .map((item) => item[field])
      .filter((word) => word === 'assigned' || word === 'unassigned');
  const expected = [...changes]
    .sort((a, b) => a.detail.version - b.detail.version)
    .map(({ type }) => type.slice('issue.'.length));
  expect(told('type')).toEqual(expected);
  expect(told('history')).toEqual(expected);

  const last = changes.find(({ detail }) => detail.version === version);
  const holder = (last?.detail.data.assignee ?? null) as { type: string; id: string } | null;
  const holderText = holder === null ? null : `${holder.type}:${holder.id}`;
  expect(state.assignment?.assignee ?? null).toBe(holderText);
  const subscribed = state.subscriptions
    .filter((row) => row.reason === 'assigned')
    .map((row) => row.subscriber)
    .sort();
  expect(subscribed).toEqual(holderText === null ? [] : membersOf(holderText).sort());
}
