import type { Count, Log } from '../deps.ts';

/** An event for the bus: its type, and its envelope as JSON. */
export type OutgoingEvent = { readonly type: string; readonly detail: string };

/**
 * Puts up to 10 events on the bus; answers, in their order, why each was refused, or null for one
 * that arrived.
 */
export type PutEvents = (events: readonly OutgoingEvent[]) => Promise<(string | null)[]>;

const ENTRIES_PER_CALL = 10;

/** A lag up to this many seconds is the stream's own, and not worth a line of the log. */
const ORDINARY_LAG_SECONDS = 5;

/**
 * Puts recorded events on the bus, in order, and stops at the first that the bus refuses: what
 * follows it comes again with it. A record that is no event (null) is counted and passed over,
 * since the bus would refuse it every time and hold up all that follow it in the stream. Answers
 * how many are dealt with.
 */
export async function relayEvents(
  deps: { readonly putEvents: PutEvents; readonly log: Log; readonly count: Count },
  records: readonly (OutgoingEvent | null)[],
): Promise<number> {
  const events = records.flatMap((event, index) => (event === null ? [] : [{ event, index }]));
  const unreadable = records.length - events.length;
  for (let start = 0; start < events.length; start += ENTRIES_PER_CALL) {
    const page = events.slice(start, start + ENTRIES_PER_CALL);
    const refusals = await deps.putEvents(page.map(({ event }) => event));
    const refused = page[refusals.findIndex((refusal) => refusal !== null)];
    if (refused !== undefined) {
      deps.log.error('The bus refused an event; it will be put again.', {
        type: refused.event.type,
        reason: refusals.find((refusal) => refusal !== null),
      });
      return refused.index;
    }
  }
  if (unreadable > 0) {
    deps.count('outbox.unreadable', {}, unreadable);
    deps.log.error('Records of the outbox are no events; they are passed over.', { unreadable });
  }
  return records.length;
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
