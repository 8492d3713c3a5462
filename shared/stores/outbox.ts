import type { EventRecord } from '../domain/events.ts';
import { outboxKeys } from './keys.ts';
import type { Write } from './transaction.ts';

/** How long an event can be put on the bus again. */
export const outboxRetentionSeconds = 7 * 24 * 60 * 60;

/**
 * The write that makes an event happen: it commits with what the event tells of, and travels from there through the
 * table's stream to the bus.
 */
export function recordEvent(event: EventRecord): Write {
  const { eventId, occurredAt } = event.detail;
  return {
    name: `event ${event.type}`,
    put: {
      Item: {
        ...outboxKeys.record(occurredAt, eventId),
        entity: 'outbox',
        eventId,
        detailType: event.type,
        detail: JSON.stringify(event.detail),
        expiresAt: Math.floor(Date.parse(occurredAt) / 1000) + outboxRetentionSeconds,
      },
    },
  };
}
