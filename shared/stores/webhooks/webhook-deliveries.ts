import type { WebhookId } from '../../domain/ids.ts';
import {
  type Attempt,
  type Delivery,
  deliveryIdOf,
  deliveryStatuses,
  type NewDelivery,
} from '../../domain/webhooks/attempts.ts';
import { DELIVERY_RETENTION_SECONDS } from '../../domain/webhooks/endpoint.ts';
import { attributeIs, doesNotExist } from '../conditions.ts';
import { webhookKeys } from '../keys/webhook-keys.ts';
import { list, nullable, number, object, oneOf, orElse, read, rowReader, text } from '../rows.ts';
import type { Item, QueryInput, Table } from '../table.ts';
import { transactWithRetry } from '../transact-with-retry.ts';
import type { AnyWrite, Transact, Write } from '../transaction.ts';
import { noteDue, type WebhookAddress } from './webhook-sending.ts';

export type WebhookDeliveryStore = ReturnType<typeof createWebhookDeliveryStore>;

/** Something that is to be done for an endpoint at a time. */
export type DueWork = {
  readonly at: string;
  /** The sort key of its row, by which it is removed. */
  readonly sortKey: string;
} & (
  | { readonly kind: 'delivery'; readonly deliveryId: string }
  /** Changes that were gathered under a key are to be sent together; `newest` came last. */
  | { readonly kind: 'gathered'; readonly key: string; readonly newest: string }
  /** What was not delivered since a time is to be sent again; `from` is where the walk goes on. */
  | { readonly kind: 'recovery'; readonly from: string }
);

/** What was sent to endpoints and is to be sent, for seven days. */
export function createWebhookDeliveryStore(table: Table, transact: Transact) {
  const commit = async (writes: readonly AnyWrite[]): Promise<boolean> =>
    (await transactWithRetry(transact, writes)).committed;

  return {
    /**
     * Adds the delivery of an event, unless the endpoint has it. `wasChanged` says that the
     * endpoint may have gathered events before. False where it was there. One round trip.
     */
    insert(
      webhookId: WebhookId,
      delivery: NewDelivery,
      { wasChanged }: { readonly wasChanged: boolean },
    ): Promise<boolean> {
      const gathered = webhookKeys.gatheredMarker(webhookId, delivery.eventId);
      return commit([
        ...newDeliveryWrites(webhookId, delivery),
        ...(wasChanged
          ? [{ name: 'gathered', check: { Key: gathered, ...doesNotExist } } as const]
          : []),
      ]);
    },

    /** Adds a delivery that a person asked for, and says that there is something to send. */
    async request(of: WebhookAddress, delivery: NewDelivery, now: string): Promise<void> {
      await commit([...newDeliveryWrites(of.webhookId, delivery), noteDue(of, now)]);
    },

    /** Has what was not delivered since a time sent again. */
    async requestRecovery(of: WebhookAddress, since: string, now: string): Promise<void> {
      await commit([
        duePut(of.webhookId, now, `${webhookKeys.dueRecoveryPrefix}${deliveryIdOf('', since)}`),
        noteDue(of, now),
      ]);
    },

    /**
     * Replaces a delivery that was read. False where it has changed since. `requested` says whose
     * it is where a person asked for it. One round trip.
     */
    replace(
      webhookId: WebhookId,
      before: Delivery,
      after: Delivery,
      requested: { readonly of: WebhookAddress; readonly now: string } | null = null,
    ): Promise<boolean> {
      const isAsRead = attributeIs('revision', before.revision);
      const moves = before.nextAttemptAt !== after.nextAttemptAt;
      return commit([
        { name: 'delivery', put: { Item: deliveryItem(webhookId, after), ...isAsRead } },
        ...(moves ? undueWrites(webhookId, before) : []),
        ...(moves ? dueWrites(webhookId, after) : []),
        ...(requested === null ? [] : [noteDue(requested.of, requested.now)]),
      ]);
    },

    /** One delivery; undefined where there is none, or it is older than seven days. */
    async byId(webhookId: WebhookId, deliveryId: string): Promise<Delivery | undefined> {
      const item = await table.get(webhookKeys.delivery(webhookId, deliveryId));
      return item && deliveryFromItem(item);
    },

    /** Deliveries by their ids, consistently. 100 a round trip. */
    async byIds(
      webhookId: WebhookId,
      deliveryIds: readonly string[],
    ): Promise<Map<string, Delivery>> {
      const items = await table.batchGet(
        deliveryIds.map((id) => webhookKeys.delivery(webhookId, id)),
      );
      return new Map(items.map(deliveryFromItem).map((one) => [one.id, one]));
    },

    /** What a delivery says; undefined where it is gone. One round trip. */
    async bodyOf(webhookId: WebhookId, deliveryId: string): Promise<string | undefined> {
      const item = await table.get(webhookKeys.body(webhookId, deliveryId));
      return item && read(item, 'body', text);
    },

    /**
     * A page of deliveries from one on, itself left out, towards older or newer ones; none that
     * began before `oldest`. One Query.
     */
    async page(
      webhookId: WebhookId,
      { from, oldest, limit, newestFirst }: DeliveryPageInput,
    ): Promise<readonly Delivery[]> {
      const low = deliveryIdOf('', oldest);
      const [first, last] = newestFirst ? [low, from ?? '~'] : [from ?? low, '~'];
      const query: QueryInput = {
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: {
          ':pk': webhookKeys.partition(webhookId),
          ':first': webhookKeys.delivery(webhookId, first).sk,
          ':last': webhookKeys.delivery(webhookId, last).sk,
        },
        ConsistentRead: true,
        ScanIndexForward: !newestFirst,
        Limit: limit + 1,
      };
      const found: Delivery[] = [];
      for await (const items of table.queryPages(query)) {
        found.push(...items.map(deliveryFromItem).filter(({ id }) => id !== from));
        if (found.length >= limit) {
          break;
        }
      }
      return found.slice(0, limit);
    },

    /** What is to be done by a time, or whenever for null; the earliest first. One Query. */
    async due(webhookId: WebhookId, until: string | null, limit: number): Promise<DueWork[]> {
      const { items } = await table.queryPage({
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: {
          ':pk': webhookKeys.partition(webhookId),
          ':first': webhookKeys.duePrefix,
          ':last': `${webhookKeys.duePrefix}${until ?? ''}~`,
        },
        ConsistentRead: true,
        Limit: limit,
      });
      return items.map(dueWorkFromItem);
    },

    /** Forgets that something was to be done. */
    async forgetDue(webhookId: WebhookId, sortKeys: readonly string[]): Promise<void> {
      await commit(
        sortKeys.map((sk) => ({
          name: 'due',
          delete: { Key: { pk: webhookKeys.partition(webhookId), sk } },
        })),
      );
    },

    /** Forgets that changes were to be sent, unless others came since that was read. */
    async forgetGathered(
      webhookId: WebhookId,
      { sortKey, newest }: DueWork & { readonly kind: 'gathered' },
    ): Promise<void> {
      const Key = { pk: webhookKeys.partition(webhookId), sk: sortKey };
      await commit([{ name: 'due', delete: { Key, ...attributeIs('newest', newest) } }]);
    },

    /** Goes on with a recovery from another delivery on, or ends it. */
    async advanceRecovery(
      webhookId: WebhookId,
      work: DueWork & { readonly kind: 'recovery' },
      from: string | null,
      now: string,
    ): Promise<void> {
      const done: Write<'due'> = {
        name: 'due',
        delete: { Key: { pk: webhookKeys.partition(webhookId), sk: work.sortKey } },
      };
      await commit([
        done,
        ...(from === null
          ? []
          : [duePut(webhookId, now, `${webhookKeys.dueRecoveryPrefix}${from}`)]),
      ]);
    },
  };
}

type DeliveryPageInput = {
  readonly from: string | null;
  readonly oldest: string;
  readonly limit: number;
  readonly newestFirst: boolean;
};

/** The writes that add a delivery, refused where it is there. */
export function newDeliveryWrites(
  webhookId: WebhookId,
  { body, ...delivery }: NewDelivery,
): Write<'delivery' | 'body' | 'due'>[] {
  const Item = {
    ...webhookKeys.body(webhookId, delivery.id),
    entity: 'webhookBody',
    body,
    // A delivery that is asked for again in its last hour is tried for days.
    expiresAt: expiryAfter(touchedAt(delivery)) + DELIVERY_RETENTION_SECONDS,
  };
  return [
    { name: 'delivery', put: { Item: deliveryItem(webhookId, delivery), ...doesNotExist } },
    { name: 'body', put: { Item } },
    ...dueWrites(webhookId, delivery),
  ];
}

/** The writes that have a delivery sent when it is due. */
function dueWrites(webhookId: WebhookId, { id, nextAttemptAt }: Delivery): Write<'due'>[] {
  return nextAttemptAt === null ? [] : [duePut(webhookId, nextAttemptAt, id)];
}

function undueWrites(webhookId: WebhookId, { id, nextAttemptAt }: Delivery): Write<'due'>[] {
  return nextAttemptAt === null
    ? []
    : [{ name: 'due', delete: { Key: webhookKeys.due(webhookId, nextAttemptAt, id) } }];
}

/** Says that changes gathered under a key are to be sent at a time, after one more came. */
export function gatheredDue(
  webhookId: WebhookId,
  at: string,
  { key, newest }: { readonly key: string; readonly newest: string },
): Write<'due'> {
  return {
    name: 'due',
    put: { Item: { ...dueItem(webhookId, at, `${webhookKeys.dueGatheredPrefix}${key}`), newest } },
  };
}

function duePut(webhookId: WebhookId, at: string, what: string): Write<'due'> {
  return { name: 'due', put: { Item: dueItem(webhookId, at, what) } };
}

function dueItem(webhookId: WebhookId, at: string, what: string): Item {
  const expiresAt = expiryAfter(at);
  return { ...webhookKeys.due(webhookId, at, what), entity: 'webhookDue', at, what, expiresAt };
}

/** Rows of deliveries go by themselves; what is asked for again stays for as long once more. */
export function expiryAfter(now: string): number {
  return Math.floor(Date.parse(now) / 1_000) + DELIVERY_RETENTION_SECONDS;
}

/** When a delivery was last touched, or will be. */
export function touchedAt({ id, attempts, nextAttemptAt }: Delivery): string {
  const began = new Date(Number(id.slice(0, 13))).toISOString();
  return [began, attempts.at(-1)?.at ?? '', nextAttemptAt ?? ''].reduce((a, b) => (a > b ? a : b));
}

function deliveryItem(webhookId: WebhookId, delivery: Delivery): Item {
  return {
    ...webhookKeys.delivery(webhookId, delivery.id),
    entity: 'webhookDelivery',
    ...delivery,
    expiresAt: expiryAfter(touchedAt(delivery)),
  };
}

const deliveryFromItem = rowReader<Delivery>({
  id: text,
  eventId: text,
  type: text,
  status: oneOf(deliveryStatuses),
  attempts: list(
    object<Attempt>({
      at: text,
      code: nullable(number),
      ms: number,
      error: nullable(text),
      response: text,
    }),
  ),
  tries: number,
  nextAttemptAt: nullable(text),
  revision: number,
});

const dueFromItem = rowReader<{
  readonly at: string;
  readonly what: string;
  readonly newest: string;
}>({ at: text, what: text, newest: orElse(text, '') });

function dueWorkFromItem(item: Item): DueWork {
  const { at, what, newest } = dueFromItem(item);
  const due = { at, sortKey: item.sk };
  if (what.startsWith(webhookKeys.dueGatheredPrefix)) {
    return {
      ...due,
      kind: 'gathered',
      key: what.slice(webhookKeys.dueGatheredPrefix.length),
      newest,
    };
  }
  if (what.startsWith(webhookKeys.dueRecoveryPrefix)) {
    return { ...due, kind: 'recovery', from: what.slice(webhookKeys.dueRecoveryPrefix.length) };
  }
  return { ...due, kind: 'delivery', deliveryId: what };
}
