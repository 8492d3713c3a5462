import { createHash } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ProjectId } from '../../domain/ids.ts';
import { commitWithRetry } from '../../retry.ts';
import { anyOf, attributeIsAtMost, doesNotExist, exists } from '../conditions.ts';
import { seenKeys } from '../keys/seen-keys.ts';
import { number, read } from '../rows.ts';
import type { Table } from '../table.ts';
import { orThrottled } from '../throttling.ts';
import type { Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';

/** How long an event is known to have been counted. */
const DELIVERY_RETENTION_SECONDS = 24 * 60 * 60;

/**
 * An event that was counted before; `isUnfinished` where its owners are still to be evaluated.
 */
export type Delivery = { readonly isUnfinished: boolean };

export type DeliveryStore = ReturnType<typeof createDeliveryStore>;

/** Which events were counted, per project, so that a second delivery changes nothing. */
export function createDeliveryStore(table: Table) {
  return {
    /**
     * The deliveries of these events within 24 hours before `now`, by the event's id. 100 events a
     * round trip.
     */
    async known(
      projectId: ProjectId,
      eventIds: readonly string[],
      now: string,
    ): Promise<Map<string, Delivery>> {
      const items = await table.batchGet(eventIds.map((id) => deliveryKey(projectId, id)));
      const alive = new Map(
        items
          // The table removes what has expired when it finds the time.
          .filter((item) => read(item, 'expiresAt', number) > secondsOf(now))
          .map((item) => [item.pk, { isUnfinished: item.isUnfinished === true }]),
      );
      return new Map(
        eventIds.flatMap((id) => {
          const delivery = alive.get(deliveryKey(projectId, id).pk);
          return delivery === undefined ? [] : [[id, delivery] as const];
        }),
      );
    },

    /**
     * Records that nothing is left to do for an event, which may be done twice: no transaction, at
     * half its price. One round trip.
     *
     * @throws DomainError `conflict` where others do not stop writing to its row
     */
    async finish(projectId: ProjectId, eventId: string): Promise<void> {
      const update = updateRow(
        deliveryKey(projectId, eventId),
        { remove: ['isUnfinished'] },
        exists,
      );
      await commitWithRetry(() =>
        orThrottled(
          table.client.send(new UpdateCommand({ TableName: table.name, ...update })),
        ).then(() => ({ committed: true }) as const, refusalBy),
      );
    },
  };
}

/** What ended a plain write of a delivery without writing it. */
function refusalBy(error: unknown): { readonly committed: false; readonly refused: string[] } {
  // The same event is being counted elsewhere.
  if (error instanceof TransactionConflictException) {
    return { committed: false, refused: [] };
  }
  // It has expired.
  if (error instanceof ConditionalCheckFailedException) {
    return { committed: false, refused: ['delivery'] };
  }
  throw error;
}

/**
 * Records that an event is counted, in the transaction that counts it; refused for one that was
 * counted before.
 */
export function recordDelivery(
  projectId: ProjectId,
  eventId: string,
  { now, isUnfinished }: { readonly now: string; readonly isUnfinished: boolean },
): Write<'delivery'> {
  return {
    name: 'delivery',
    put: {
      Item: {
        ...deliveryKey(projectId, eventId),
        entity: 'delivery',
        projectId,
        ...(isUnfinished ? { isUnfinished } : {}),
        expiresAt: secondsOf(now) + DELIVERY_RETENTION_SECONDS,
      },
      ...anyOf(doesNotExist, attributeIsAtMost('expiresAt', secondsOf(now))),
    },
  };
}

/** A name from outside, of whatever length, as a part of a key: its SHA-256 in hexadecimal. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function deliveryKey(projectId: ProjectId, eventId: string) {
  return seenKeys.delivery(projectId, hashOf(eventId));
}

function secondsOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}
