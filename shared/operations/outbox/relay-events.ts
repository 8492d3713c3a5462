import { mapConcurrently } from '../../map-concurrently.ts';
import type { Count, Log } from '../deps.ts';
import { callsOf, type OutgoingEvent, type PutEvents } from './put-events.ts';
import { type EventsOfRecords, type SayWebhooksDeps, sayWebhooks } from './say-webhooks.ts';

/** Calls of the bus at the same time: it keeps no order, and a batch of the stream may need 20. */
const CONCURRENT_CALLS = 10;

/** A lag up to this many seconds is the stream's own, and not worth a line of the log. */
const ORDINARY_LAG_SECONDS = 5;

export type RelayDeps = SayWebhooksDeps & {
  readonly putEvents: PutEvents;
  readonly log: Log;
  readonly count: Count;
};

/** An event, and which of the batch's records it belongs to. */
type EventOfRecord = OutgoingEvent & { readonly record: number };

/**
 * Puts the events of records on the bus, several calls at the same time, and answers how many of
 * the records are dealt with: those before the first of which the bus refused an event. That one
 * and what follows it come again. A record that holds no events (null) is counted and passed over,
 * since the bus would refuse it every time and hold up all that follow it in the stream.
 */
export async function relayEvents(deps: RelayDeps, records: EventsOfRecords): Promise<number> {
  const told = await sayWebhooks(deps, records);
  const events = told.flatMap((recorded, record) =>
    (recorded ?? []).map((event): EventOfRecord => ({ ...event, record })),
  );
  const calls: EventOfRecord[][] = [];
  for await (const call of callsOf(events)) {
    calls.push(call);
  }
  const refused = (
    await mapConcurrently(CONCURRENT_CALLS, calls, (call) => refusedOf(deps, call))
  ).flat();
  const [first] = refused.sort((a, b) => a.record - b.record);
  if (first !== undefined) {
    deps.log.error('The bus refused an event; it will be put again.', {
      type: first.type,
      reason: first.reason,
    });
    return first.record;
  }
  const unreadable = records.filter((recorded) => recorded === null).length;
  if (unreadable > 0) {
    deps.count('outbox.unreadable', {}, unreadable);
    deps.log.error('Records of the outbox hold no events; they are passed over.', { unreadable });
  }
  return records.length;
}

/** The events of one call that the bus refused, each with its reason. */
async function refusedOf(
  { putEvents }: { readonly putEvents: PutEvents },
  call: readonly EventOfRecord[],
) {
  const reasons = await putEvents(call);
  return call.flatMap((event, at) => {
    const reason = reasons[at] ?? null;
    return reason === null ? [] : [{ ...event, reason }];
  });
}

/**
 * How many seconds the oldest event of a batch took from its commit to the bus, by the second in
 * which the stream saw the commit; 0 where that is no longer than it always takes.
 */
export function lagSeconds(committedAtSeconds: number | undefined, nowMs: number): number {
  const lag = Math.floor(nowMs / 1_000) - (committedAtSeconds ?? Number.POSITIVE_INFINITY);
  return lag > ORDINARY_LAG_SECONDS ? lag : 0;
}

/** Counts how late a batch is, as `outbox.lag_seconds`, where it is. */
export function countLag(
  { count }: { readonly count: Count },
  committedAtSeconds: number | undefined,
  nowMs: number,
): void {
  const lag = lagSeconds(committedAtSeconds, nowMs);
  if (lag > 0) {
    count('outbox.lag_seconds', {}, lag);
  }
}
