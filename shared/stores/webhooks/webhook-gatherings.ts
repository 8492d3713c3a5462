import { createHash } from 'node:crypto';
import type { WebhookId } from '../../domain/ids.ts';
import { deliveryIdOf, type NewDelivery } from '../../domain/webhooks/attempts.ts';
import type { GatheredChange } from '../../domain/webhooks/webhook-body.ts';
import { doesNotExist, versionIs } from '../conditions.ts';
import { webhookKeys } from '../keys/webhook-keys.ts';
import { list, number, rowReader, text } from '../rows.ts';
import { byPrefix, type Table } from '../table.ts';
import { transactWithRetry } from '../transact-with-retry.ts';
import type { Transact } from '../transaction.ts';
import { expiryAfter, gatheredDue, newDeliveryWrites, touchedAt } from './webhook-deliveries.ts';

export type WebhookGatheringStore = ReturnType<typeof createWebhookGatheringStore>;

/** What changes are gathered by: their type, and the operation or request that made them. */
export type GatheringKey = { readonly type: string; readonly cause: string };

/** Changes that wait to be sent together, and how many bodies were made of earlier ones. */
export type Gathering = {
  readonly type: string;
  /** Null before the first body. */
  readonly version: number | null;
  readonly changes: readonly GatheredChange[];
};

/** A body holds at most so many changes. */
const MOST_CHANGES = 100;

/** A transaction takes 100 writes. */
const DELETES_AT_A_TIME = 50;

/** Changes on their way to endpoints that get those of one operation together. */
export function createWebhookGatheringStore(table: Table, transact: Transact) {
  async function forgetChanges(
    webhookId: WebhookId,
    key: string,
    eventIds: readonly string[],
  ): Promise<void> {
    for (let start = 0; start < eventIds.length; start += DELETES_AT_A_TIME) {
      await transactWithRetry(
        transact,
        eventIds.slice(start, start + DELETES_AT_A_TIME).map((eventId) => ({
          name: 'change',
          delete: { Key: webhookKeys.gathered(webhookId, key, eventId) },
        })),
      );
    }
  }

  return {
    /**
     * Adds a change to those of its key, to be sent at `at`, unless the endpoint has it. False
     * where it has. One round trip.
     */
    async add(
      webhookId: WebhookId,
      { type, cause }: GatheringKey,
      { change, occurredAt, at }: AddedChange,
    ): Promise<boolean> {
      const { eventId } = change;
      const key = keyOf({ type, cause });
      const alone = webhookKeys.delivery(webhookId, deliveryIdOf(eventId, occurredAt));
      const common = { expiresAt: expiryAfter(at) };
      const outcome = await transactWithRetry(transact, [
        {
          name: 'marker',
          put: {
            Item: {
              ...webhookKeys.gatheredMarker(webhookId, eventId),
              entity: 'webhookTold',
              ...common,
            },
            ...doesNotExist,
          },
        },
        { name: 'alone', check: { Key: alone, ...doesNotExist } },
        {
          name: 'change',
          put: {
            Item: {
              ...webhookKeys.gathered(webhookId, key, eventId),
              entity: 'webhookChange',
              type,
              ...change,
              ...common,
            },
          },
        },
        gatheredDue(webhookId, at, { key, newest: eventId }),
      ]);
      return outcome.committed;
    },

    /**
     * The changes of a key that were not sent yet, as many as one body takes; undefined where there
     * are none. Those of the last body are forgotten first: whoever made it may have died before.
     */
    async read(webhookId: WebhookId, key: string): Promise<Gathering | undefined> {
      const head = await table.get(webhookKeys.gathering(webhookId, key));
      const last = head === undefined ? null : headFromItem(head);
      await forgetChanges(webhookId, key, last?.eventIds ?? []);
      const { items } = await table.queryPage({
        ...byPrefix(webhookKeys.partition(webhookId), webhookKeys.gatheredPrefix(key)),
        Limit: MOST_CHANGES,
      });
      const [type] = items.map((item) => typeFromItem(item).type);
      return type === undefined
        ? undefined
        : { type, version: last?.version ?? null, changes: items.map(changeFromItem) };
    },

    /**
     * Makes one delivery of some changes of a key. False where somebody else has made one since
     * they were read.
     */
    async close(
      webhookId: WebhookId,
      key: string,
      { version, delivery, eventIds }: ClosedGathering,
    ): Promise<boolean> {
      const head = {
        ...webhookKeys.gathering(webhookId, key),
        entity: 'webhookGathering',
        version: (version ?? 0) + 1,
        eventIds,
        expiresAt: expiryAfter(touchedAt(delivery)),
      };
      const outcome = await transactWithRetry(transact, [
        { name: 'head', put: { Item: head, ...versionIs(version) } },
        ...newDeliveryWrites(webhookId, delivery),
      ]);
      if (outcome.committed) {
        await forgetChanges(webhookId, key, eventIds);
      }
      return outcome.committed;
    },
  };
}

type AddedChange = {
  readonly change: GatheredChange;
  readonly occurredAt: string;
  /** When it is to be sent. */
  readonly at: string;
};

type ClosedGathering = {
  readonly version: number | null;
  readonly delivery: NewDelivery;
  readonly eventIds: readonly string[];
};

/** A cause can be any text. */
function keyOf({ type, cause }: GatheringKey): string {
  return createHash('sha256')
    .update(JSON.stringify([type, cause]))
    .digest('hex')
    .slice(0, 32);
}

const headFromItem = rowReader<{
  readonly version: number;
  readonly eventIds: readonly string[];
}>({ version: number, eventIds: list(text) });

const typeFromItem = rowReader<{ readonly type: string }>({ type: text });

const changeFromItem = rowReader<GatheredChange>({ eventId: text, timestamp: text, entry: text });
