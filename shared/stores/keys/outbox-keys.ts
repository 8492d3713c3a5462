import { type Key, shardOf } from '../keys.ts';

/** How many partitions the event records of one hour are spread over. */
export const OUTBOX_SHARDS = 16;

/** Event records: an hour of them is spread over some partitions. */
export const outboxKeys = {
  partition: (hour: string, shard: number) => `OUTBOX#${hour}#${shard}`,
  /**
   * `occurredAt` is ISO 8601: its first 13 characters are the hour. The shard follows from the
   * event's id.
   */
  record: (occurredAt: string, eventId: string): Key => ({
    pk: `OUTBOX#${occurredAt.slice(0, 13)}#${shardOf(eventId, OUTBOX_SHARDS)}`,
    sk: `${occurredAt}#${eventId}`,
  }),
  /** Sort keys from this one on belong to events of this time and later. */
  from: (occurredAt: string) => occurredAt,
};
