/** An event for the bus: its type, and its envelope as JSON. */
export type OutgoingEvent = { readonly type: string; readonly detail: string };

/**
 * Puts as many events on the bus as one call takes; answers, in their order, why each was refused,
 * or null for one that arrived.
 */
export type PutEvents = (events: readonly OutgoingEvent[]) => Promise<(string | null)[]>;

/**
 * What one call takes. EventBridge counts a little more than the details, hence the distance to its
 * 1 MB.
 */
const ENTRIES_PER_CALL = 10;
const BYTES_PER_CALL = 1_000_000;

/** Events in their order, as many together as one call takes. */
export async function* callsOf<Event extends OutgoingEvent>(
  events: AsyncIterable<Event> | Iterable<Event>,
): AsyncGenerator<Event[]> {
  let call: Event[] = [];
  let bytes = 0;
  for await (const event of events) {
    const size = Buffer.byteLength(event.detail);
    if (call.length === ENTRIES_PER_CALL || (call.length > 0 && bytes + size > BYTES_PER_CALL)) {
      yield call;
      call = [];
      bytes = 0;
    }
    call.push(event);
    bytes += size;
  }
  if (call.length > 0) {
    yield call;
  }
}
