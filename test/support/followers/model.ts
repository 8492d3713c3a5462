import { groupKeys } from '../../../shared/stores/keys/group-keys.ts';
import { byPrefix, type Item } from '../../../shared/stores/table.ts';
import { updateRow } from '../../../shared/stores/updates.ts';
import { NOW } from '../builders.ts';
import { readSubscriptions, type SubscriptionState } from '../consistency.ts';
import type { TestWorld } from '../world.ts';

/**
 * Rewrites what a group's rows say of subscriptions as releases before December 2026 did: a
 * subscription of its own for each follower, and nothing listed. It means the same.
 */
export async function asBefore({ stores }: TestWorld, groupId: string): Promise<void> {
  const assignment = await stores.table.get(groupKeys.assignment(groupId));
  const subscriptions = await readSubscriptions(stores.table, groupId);
  if (assignment === undefined) {
    return;
  }
  const { followers: _followers, followerPages: _pages, ...row } = assignment;
  const followers = subscriptions.filter(({ reason }) => reason === 'assigned');
  const names = new Set(followers.map(({ subscriber }) => subscriber));
  const rows = await stores.table.queryAll(
    byPrefix(groupKeys.partition(groupId), groupKeys.subscriptionPrefix),
  );
  const left = rows.filter(
    ({ reason, subscriber }) => reason === 'assigned' && !names.has(String(subscriber)),
  );
  await stores.transact([
    { name: 'assignment', put: { Item: row } },
    ...left.map((item) => ({
      name: 'left',
      update: updateRow(item, { remove: ['reason', 'isActive', 'dateAdded'] }),
    })),
    ...followers.map((one) => ({ name: 'follower', update: followerRow(row, groupId, one) })),
  ]);
}

function followerRow(assignment: Item, groupId: string, subscription: SubscriptionState) {
  const [type, id] = subscription.subscriber.split(':') as ['user' | 'team', string];
  const { organizationId, projectId } = assignment;
  return updateRow(groupKeys.subscription(groupId, type, id), {
    set: {
      entity: 'subscription',
      ...{ groupId, organizationId, projectId, ...subscription, dateAdded: NOW },
    },
  });
}

/** What people follow, and why, as the rules tell it: a row for each, and nothing else. */
export type SubscriptionModel = {
  readonly holder: string | null;
  readonly rows: ReadonlyMap<string, { readonly reason: string; readonly isActive: boolean }>;
};

export const nothingFollowed: SubscriptionModel = { holder: null, rows: new Map() };

/** Somebody gets the group, with whom they stand for; null for nobody. */
export function modelAssign(
  model: SubscriptionModel,
  target: string | null,
  { subscribed, belonging }: { readonly subscribed: string[]; readonly belonging: string[] },
): SubscriptionModel {
  const rows = new Map(model.rows);
  for (const subscriber of target === null ? [] : subscribed) {
    if (!rows.has(subscriber)) {
      rows.set(subscriber, { reason: 'assigned', isActive: true });
    }
  }
  const keep = new Set(target === null ? [] : [...subscribed, ...belonging]);
  for (const [subscriber, { reason }] of model.holder === target ? [] : [...rows]) {
    if (reason === 'assigned' && !keep.has(subscriber)) {
      rows.delete(subscriber);
    }
  }
  return { holder: target, rows };
}

/** Somebody is subscribed who has no row yet. */
export function modelSubscribe(
  model: SubscriptionModel,
  subscriber: string,
  reason: string,
): SubscriptionModel {
  return model.rows.has(subscriber)
    ? model
    : modelSet(model, subscriber, { reason, isActive: true });
}

export function modelSet(
  model: SubscriptionModel,
  subscriber: string,
  row: { readonly reason: string; readonly isActive: boolean },
): SubscriptionModel {
  return { ...model, rows: new Map(model.rows).set(subscriber, row) };
}

/** Somebody's row goes; with a reason only one that has it. */
export function modelDrop(
  model: SubscriptionModel,
  subscriber: string,
  onlyReason?: string,
): SubscriptionModel {
  const rows = new Map(model.rows);
  if (onlyReason === undefined || rows.get(subscriber)?.reason === onlyReason) {
    rows.delete(subscriber);
  }
  return { ...model, rows };
}

/** The model's rows as the state of a group tells them. */
export function modelSubscriptions({ rows }: SubscriptionModel): SubscriptionState[] {
  return [...rows]
    .map(([subscriber, row]) => ({ subscriber, ...row }))
    .sort((a, b) => (a.subscriber < b.subscriber ? -1 : 1));
}
