import { DomainError } from '../errors.ts';
import { type Fields, parseForeignJson, recordOf } from '../json.ts';

/** One item of an envelope: what it says it is, and its bytes. */
type Item = { readonly type: unknown; readonly payload: Uint8Array };

/** What of an envelope matters here: the id of its event, and the event if it holds one. */
export type Envelope = { readonly eventId: unknown; readonly event: Fields | null };

const NEW_LINE = 10;

/**
 * Reads an envelope as SDKs send it: a line of JSON, then items, each a line of JSON and a payload
 * of as many bytes as the line says, or up to the end of the line. Items that are no events are
 * left out. It holds one event at most, so what is taken of it is all or nothing, and a few bytes
 * cannot cause much work.
 *
 * @throws SyntaxError for what is no envelope, or holds an event that is no JSON
 * @throws DomainError `request.malformed` for two events
 */
export function readEnvelope(bytes: Uint8Array): Envelope {
  const [header, afterHeader] = lineAt(bytes, 0);
  const { event_id: eventId } = objectIn(header);
  let event: Fields | null = null;
  let at = afterHeader;
  while (at < bytes.length) {
    const [line, afterLine] = lineAt(bytes, at);
    if (line.length === 0) {
      at = afterLine;
      continue;
    }
    const [{ type, payload }, next] = itemAt(bytes, objectIn(line), afterLine);
    if (type === 'event') {
      if (event !== null) {
        throw new DomainError('request.malformed', 'An envelope holds one event at most.');
      }
      event = objectIn(payload);
    }
    at = next;
  }
  return { eventId: eventId ?? null, event };
}

/** Reads the one event that `/store/` takes. Throws SyntaxError for what is no object of JSON. */
export function readStored(bytes: Uint8Array): Envelope {
  const event = objectIn(bytes);
  return { eventId: event.event_id ?? null, event };
}

function itemAt(
  bytes: Uint8Array,
  { type, length }: Fields,
  start: number,
): readonly [Item, number] {
  if (length === undefined || length === null) {
    const [payload, next] = lineAt(bytes, start);
    return [{ type, payload }, next];
  }
  const end = start + Number(length);
  if (!Number.isSafeInteger(end) || end < start || end > bytes.length) {
    throw new SyntaxError('An item is shorter than its header says');
  }
  return [{ type, payload: bytes.subarray(start, end) }, bytes[end] === NEW_LINE ? end + 1 : end];
}

/** The line that begins here, and where the next one begins. */
function lineAt(bytes: Uint8Array, start: number): readonly [Uint8Array, number] {
  const end = bytes.indexOf(NEW_LINE, start);
  return end < 0 ? [bytes.subarray(start), bytes.length] : [bytes.subarray(start, end), end + 1];
}

function objectIn(bytes: Uint8Array): Fields {
  const value = parseForeignJson(new TextDecoder().decode(bytes));
  if (recordOf(value) !== value) {
    throw new SyntaxError('A line is no object of JSON');
  }
  return recordOf(value);
}
