import {
  packEvents,
  type RecordedEnvelope,
  typesOf,
  unpackEvents,
} from '../domain/event-record.ts';
import type { EventRecord } from '../domain/events.ts';
import { OUTBOX_SHARDS, outboxKeys } from './keys/outbox-keys.ts';
import { damaged } from './rows.ts';
import type { Item, QueryInput, Table } from './table.ts';
import { transactWithRetry } from './transact-with-retry.ts';
import type { Transact, Write } from './transaction.ts';

/** How long an event can be put on the bus again. */
export const OUTBOX_RETENTION_SECONDS = 7 * 24 * 60 * 60;

const HOUR_MS = 60 * 60 * 1_000;
/** Records of one shard that are in memory at a time. */
const PAGE_SIZE = 100;

/** An event as it was recorded; `detail` is its envelope as JSON, `occurredAt` ISO 8601 in UTC. */
export type RecordedEvent = RecordedEnvelope & { readonly occurredAt: string };

/**
 * Which recorded events: from `since` to just before `until`, both ISO 8601 in UTC with
 * milliseconds.
 */
export type RecordedEventFilter = {
  readonly since: string;
  readonly until: string;
  /** Only events of this type; all where it is null. */
  readonly type: string | null;
};

export type OutboxStore = ReturnType<typeof createOutboxStore>;

/**
 * The events that transactions have recorded, to be read again. What records them is
 * `recordEvents`.
 */
export function createOutboxStore(table: Table) {
  return {
    /**
     * Recorded events, the oldest first. Hour by hour, the 16 shards are merged by their sort keys,
     * with one page of each in memory. At least 16 Queries an hour.
     */
    async *eventsSince(filter: RecordedEventFilter): AsyncGenerator<RecordedEvent> {
      for (const hour of hoursOf(filter)) {
        const shards = Array.from({ length: OUTBOX_SHARDS }, (_, shard) =>
          itemsOf(table, shardQuery(outboxKeys.partition(hour, shard), filter)),
        );
        for await (const item of mergeBySortKey(shards)) {
          const events = eventsOfItem(item);
          yield* events.filter(({ type }) => filter.type === null || type === filter.type);
        }
      }
    },
  };
}

export type OutboxRecorder = ReturnType<typeof createOutboxRecorder>;

/** Records events that follow from no other write. */
export function createOutboxRecorder(transact: Transact) {
  return {
    /** Records events, all of them or none. One round trip. */
    async record(events: readonly EventRecord[]): Promise<void> {
      await transactWithRetry(transact, recordEvents(events));
    },
  };
}

/**
 * The write that records the events of a transaction, all of them in one row; none where nothing
 * happened. It commits with the rows that the events are about, and reaches the bus through the
 * table's stream.
 */
export function recordEvents(events: readonly EventRecord[]): Write<'events'>[] {
  const [first, ...others] = events;
  if (first === undefined) {
    return [];
  }
  return [{ name: 'events', put: { Item: outboxItem(first, ...others) } }];
}

/** The write that records the only event of a transaction. */
export function recordEvent(event: EventRecord): Write<'events'> {
  return { name: 'events', put: { Item: outboxItem(event) } };
}

/** The record of some events as the table holds it; the first of them gives its key. */
export function outboxItem(first: EventRecord, ...others: readonly EventRecord[]): Item {
  const { eventId, occurredAt } = first.detail;
  const events = [first, ...others];
  return {
    ...outboxKeys.record(occurredAt, eventId),
    entity: 'outbox',
    eventTypes: typesOf(events),
    events: packEvents(events),
    expiresAt: Math.floor(Date.parse(occurredAt) / 1000) + OUTBOX_RETENTION_SECONDS,
  };
}

/** The hours that a time span touches, as they are written in keys: `2026-01-31T09`. */
function* hoursOf({ since, until }: RecordedEventFilter): Generator<string> {
  const end = Date.parse(until);
  for (let at = Math.floor(Date.parse(since) / HOUR_MS) * HOUR_MS; at < end; at += HOUR_MS) {
    yield new Date(at).toISOString().slice(0, 13);
  }
}

function shardQuery(pk: string, { since, until, type }: RecordedEventFilter): QueryInput {
  return {
    // A record's sort key goes on after its time, so those of `until` itself lie beyond the range.
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :since AND :until',
    ...(type === null
      ? {}
      : { FilterExpression: 'contains(eventTypes, :type) OR detailType = :type' }),
    ExpressionAttributeValues: {
      ':pk': pk,
      ':since': outboxKeys.from(since),
      ':until': outboxKeys.from(until),
      ...(type === null ? {} : { ':type': type }),
    },
    ConsistentRead: true,
    Limit: PAGE_SIZE,
  };
}

async function* itemsOf(table: Table, query: QueryInput): AsyncGenerator<Item> {
  for await (const page of table.queryPages(query)) {
    yield* page;
  }
}

/** Joins lists that are sorted by sort key into one; all of them are started in parallel. */
async function* mergeBySortKey(lists: readonly AsyncGenerator<Item>[]): AsyncGenerator<Item> {
  const heads = await Promise.all(lists.map(async (list) => ({ list, item: await nextOf(list) })));
  for (;;) {
    const first = heads.reduce((lowest, head) =>
      isBefore(head.item, lowest.item) ? head : lowest,
    );
    if (first.item === undefined) {
      return;
    }
    yield first.item;
    first.item = await nextOf(first.list);
  }
}

async function nextOf(list: AsyncGenerator<Item>): Promise<Item | undefined> {
  const { done, value } = await list.next();
  return done === true ? undefined : value;
}

/** A list that has ended comes last. */
function isBefore(item: Item | undefined, other: Item | undefined): boolean {
  return item !== undefined && (other === undefined || item.sk < other.sk);
}

/** The events of a record. */
export function eventsOfItem(item: Item): RecordedEvent[] {
  // The sort key begins with the time.
  const occurredAt = item.sk.slice(0, item.sk.indexOf('#'));
  const { events: packed, detailType, detail } = item;
  const events = unpackEvents({ events: packed, detailType, detail });
  if (events === null) {
    return damaged('the text of events', packed, { row: item, path: 'events' });
  }
  return events.map((event) => ({ ...event, occurredAt }));
}
