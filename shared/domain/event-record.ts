import type { EventRecord, EventType } from './events.ts';
import { isRecord, parseJsonOrNull } from './json.ts';

/** An event as it goes to the bus: its type, and its envelope as JSON. */
export type RecordedEnvelope = {
  readonly eventId: string;
  readonly type: string;
  readonly detail: string;
};

/**
 * The attributes of a record that hold its events. Records of before December 2026 hold one event:
 * its type and its envelope.
 */
export type EventAttributes = {
  readonly events?: unknown;
  readonly detailType?: unknown;
  readonly detail?: unknown;
};

/**
 * The events of one transaction as one text: what their envelopes have in common once, and of each
 * the rest. Of two events of an assignment that saves two fifths.
 */
export function packEvents(events: readonly EventRecord[]): string {
  const [first, ...others] = events.map(({ detail }) => Object.entries(detail));
  const shared = (first ?? []).filter(
    ([name, value]) =>
      !ownFields.has(name) &&
      others.every((fields) => fields.some(([other, its]) => other === name && its === value)),
  );
  const isShared = new Set(shared.map(([name]) => name));
  return JSON.stringify({
    shared: Object.fromEntries(shared),
    events: events.map(({ type, detail }) => ({
      type,
      ...Object.fromEntries(Object.entries(detail).filter(([name]) => !isShared.has(name))),
    })),
  });
}

/** What tells one event from another, also where it is the only one of its record. */
const ownFields = new Set(['eventId', 'data']);

/** The types of some events, each once, in their order. */
export function typesOf(events: readonly EventRecord[]): EventType[] {
  return [...new Set(events.map(({ type }) => type))];
}

/**
 * The events that a record holds, each in its whole envelope; null where it holds none, or anything
 * that is no event.
 */
export function unpackEvents(record: EventAttributes): readonly RecordedEnvelope[] | null {
  const { events, detailType, detail } = record;
  if (typeof events !== 'string') {
    return onlyEvent(detailType, detail);
  }
  const packed = parseJsonOrNull(events);
  if (!isRecord(packed) || !isRecord(packed.shared) || !Array.isArray(packed.events)) {
    return null;
  }
  const { shared } = packed;
  const unpacked = packed.events.map((event) => eventIn(shared, event));
  return unpacked.includes(null) ? null : unpacked.filter((event) => event !== null);
}

function eventIn(shared: object, event: unknown): RecordedEnvelope | null {
  if (!isRecord(event)) {
    return null;
  }
  const { type, eventId, data, ...own } = event;
  return typeof type === 'string' && typeof eventId === 'string'
    ? { eventId, type, detail: JSON.stringify({ eventId, ...shared, ...own, data }) }
    : null;
}

/** The event of a record of before December 2026. */
function onlyEvent(type: unknown, detail: unknown): readonly RecordedEnvelope[] | null {
  if (typeof type !== 'string' || typeof detail !== 'string') {
    return null;
  }
  const envelope = parseJsonOrNull(detail);
  return isRecord(envelope) && typeof envelope.eventId === 'string'
    ? [{ eventId: envelope.eventId, type, detail }]
    : null;
}
