import type { OrganizationId, WebhookId } from '../../domain/ids.ts';
import type { EndpointHealth } from '../../domain/webhooks/attempts.ts';
import {
  allOf,
  attributeIs,
  attributeIsAbove,
  attributeIsAbsent,
  attributeIsNotAbove,
} from '../conditions.ts';
import { gsi2 } from '../keys/index-keys.ts';
import { webhookKeys } from '../keys/webhook-keys.ts';
import { organizationId } from '../row-fields.ts';
import { nullable, number, orElse, read, rowReader, text } from '../rows.ts';
import type { Table } from '../table.ts';
import { transactWithRetry } from '../transact-with-retry.ts';
import type { Transact, Write } from '../transaction.ts';
import { type Changes, updateRow } from '../updates.ts';

export type WebhookSendingStore = ReturnType<typeof createWebhookSendingStore>;

/** An endpoint as messages name it. */
export type WebhookAddress = {
  readonly organizationId: OrganizationId;
  readonly webhookId: WebhookId;
};

/** A worker's claim on sending to an endpoint. */
export type SendingLease = { readonly id: string; readonly untilMs: number };

/** How it goes with an endpoint, and until when an alarm is on its way that wakes a worker. */
export type SendingState = EndpointHealth & { readonly alarmAtMs: number };

/**
 * Who sends to an endpoint, and when there is something to send. One worker at a time sends to one
 * endpoint; a message that comes meanwhile has it look once more before it ends.
 */
export function createWebhookSendingStore(table: Table, transact: Transact) {
  async function update(
    webhookId: WebhookId,
    changes: Changes,
    condition: Parameters<typeof updateRow>[2],
  ): Promise<boolean> {
    const update = updateRow(webhookKeys.sending(webhookId), changes, condition);
    return (await transactWithRetry(transact, [{ name: 'sending', update }])).committed;
  }

  return {
    /** How it goes with some endpoints, by their ids. 100 a round trip. */
    async healthOf(webhookIds: readonly WebhookId[]): Promise<Map<WebhookId, EndpointHealth>> {
      const items = await table.batchGet(webhookIds.map((id) => webhookKeys.sending(id)));
      return new Map(items.map((item) => [read(item, 'webhookId', text), stateFromItem(item)]));
    },

    /**
     * Claims an endpoint; undefined where another worker has it. The schedule finds the endpoint
     * again when the claim has run out. Two round trips.
     */
    async claim(
      { organizationId, webhookId }: WebhookAddress,
      lease: SendingLease,
      nowMs: number,
    ): Promise<SendingState | undefined> {
      const isFree = attributeIsNotAbove('leaseUntilMs', nowMs);
      const committed = await update(
        webhookId,
        {
          set: {
            entity: 'webhookSending',
            organizationId,
            webhookId,
            leaseId: lease.id,
            leaseUntilMs: lease.untilMs,
            ...dueAt(new Date(lease.untilMs).toISOString(), webhookId),
          },
          remove: ['again'],
        },
        isFree,
      );
      if (!committed) {
        return undefined;
      }
      const item = await table.get(webhookKeys.sending(webhookId));
      return item && stateFromItem(item);
    },

    /** Has the worker that sends look once more; false where none does by now. */
    haveLookAgain(webhookId: WebhookId, nowMs: number): Promise<boolean> {
      const isTaken = attributeIsAbove('leaseUntilMs', nowMs);
      return update(webhookId, { set: { again: true } }, isTaken);
    },

    /** Takes note of having been told to look once more. False where the claim has run out. */
    lookAgain(webhookId: WebhookId, lease: SendingLease): Promise<boolean> {
      return update(webhookId, { remove: ['again'] }, attributeIs('leaseId', lease.id));
    },

    /**
     * Ends the claim, with what came of it and when there is something to send again. False where
     * somebody has said meanwhile that there is, or the claim has run out.
     */
    release(
      webhookId: WebhookId,
      lease: SendingLease,
      { state, nextAt }: { readonly state: SendingState; readonly nextAt: string | null },
    ): Promise<boolean> {
      const due = nextAt === null ? null : dueAt(nextAt, webhookId);
      return update(
        webhookId,
        {
          set: { ...state, ...due },
          remove: ['leaseId', 'leaseUntilMs', ...(due === null ? ['gsi2pk', 'gsi2sk'] : [])],
        },
        allOf(attributeIs('leaseId', lease.id), attributeIsAbsent('again')),
      );
    },

    /** Ends the claim of a worker that has failed, also where it was told to look once more. */
    async giveUp(
      webhookId: WebhookId,
      lease: SendingLease,
      { state, nextAt }: { readonly state: SendingState; readonly nextAt: string },
    ): Promise<void> {
      await update(
        webhookId,
        {
          set: { ...state, ...dueAt(nextAt, webhookId) },
          remove: ['leaseId', 'leaseUntilMs', 'again'],
        },
        attributeIs('leaseId', lease.id),
      );
    },

    /** Forgets an endpoint that is gone. */
    async forget(webhookId: WebhookId): Promise<void> {
      await transactWithRetry(transact, [
        { name: 'sending', delete: { Key: webhookKeys.sending(webhookId) } },
      ]);
    },

    /** A page of the endpoints that there is something to send to by now. One round trip. */
    async due(
      now: string,
      limit: number,
      after: Readonly<Record<string, unknown>> | undefined,
    ): Promise<{
      readonly endpoints: readonly WebhookAddress[];
      readonly next: Record<string, unknown> | undefined;
    }> {
      const { items, next } = await table.queryPage({
        IndexName: gsi2.name,
        KeyConditionExpression: 'gsi2pk = :pk AND gsi2sk < :now',
        ExpressionAttributeValues: { ':pk': gsi2.webhook, ':now': gsi2.due(now, '~') },
        Limit: limit,
        ...(after === undefined ? {} : { ExclusiveStartKey: { ...after } }),
      });
      return { endpoints: items.map(addressFromItem), next };
    },
  };
}

/** Says in a transaction that there is something to send to an endpoint from now on. */
export function noteDue(
  { organizationId, webhookId }: WebhookAddress,
  now: string,
): Write<'sending'> {
  const set = {
    entity: 'webhookSending',
    organizationId,
    webhookId,
    again: true,
    ...dueAt(now, webhookId),
  };
  return { name: 'sending', update: updateRow(webhookKeys.sending(webhookId), { set }) };
}

function dueAt(at: string, webhookId: WebhookId) {
  return { gsi2pk: gsi2.webhook, gsi2sk: gsi2.due(at, webhookId) };
}

const addressFromItem = rowReader<WebhookAddress>({ organizationId, webhookId: text });

const stateFromItem = rowReader<SendingState>({
  lastSuccessAt: nullable(text),
  failingSince: nullable(text),
  alarmAtMs: orElse(number, 0),
});
