import type { Log } from '../deps.ts';

/** An event on its way to the bus: its type, and its envelope as JSON. */
export type OutgoingEvent = { readonly type: string; readonly detail: string };

/** Puts up to 10 events on the bus; answers, in their order, why each was refused, or null for one that arrived. */
export type PutEvents = (events: readonly OutgoingEvent[]) => Promise<(string | null)[]>;

const entriesPerCall = 10;

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
