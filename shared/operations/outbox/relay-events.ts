import type { Log } from '../deps.ts';

/** An event on its way to the bus: its type, and its envelope as JSON. */
export type OutgoingEvent = { readonly type: string; readonly detail: string };

/** Puts up to 10 events on the bus; answers, in their order, why each was refused, or null for one that arrived. */
export type PutEvents = (events: readonly OutgoingEvent[]) => Promise<(string | null)[]>;

const entriesPerCall = 10;

/** A lag up to this many seconds is the stream's own, and not worth a line of the log. */
const ordinaryLagSeconds = 5;

/**
 * Puts recorded events on the bus, in order, and stops at the first that the bus refuses: what follows it comes again with
 * it. Answers how many arrived before that.
 */
export async function relayEvents(
  deps: { readonly putEvents: PutEvents; readonly log: Log },
  events: readonly OutgoingEvent[],
): Promise<number> {
  for (let start = 0; start < events.length; start += entriesPerCall) {
    const refusals = await deps.putEvents(events.slice(start, start + entriesPerCall));
    const refused = refusals.findIndex((refusal) => refusal !== null);
    if (refused >= 0) {
      deps.log.error('The bus refused an event; it will be put again.', {
        type: events[start + refused]?.type,
        reason: refusals[refused],
      });
      return start + refused;
    }
  }
  return events.length;
}

/**
 * How many seconds the oldest event of a batch took from its commit to the bus, by the second in which the stream saw the
 * commit; 0 where that is no longer than it always takes.
 */
export function lagSeconds(committedAtSeconds: number | undefined, nowMs: number): number {
  const lag = Math.floor(nowMs / 1_000) - (committedAtSeconds ?? Number.POSITIVE_INFINITY);
  return lag > ordinaryLagSeconds ? lag : 0;
}
