import { DomainError } from '../../domain/errors.ts';
import * as payload from '../../domain/ingest/envelope.ts';
import type { AcceptedEvent } from '../../operations/ingest/accept-event.ts';
import type { ApiReply } from '../endpoint.ts';

/** Reads the body of `/envelope/`. Throws `request.malformed` for what is no envelope. */
export function readEnvelope(body: unknown): payload.Envelope {
  return readable('envelope', () => payload.readEnvelope(bytesOf(body)));
}

/** Reads the body of `/store/`. Throws `request.malformed` for what is no event. */
export function readStored(body: unknown): payload.Envelope {
  return readable('event', () => payload.readStored(bytesOf(body)));
}

/** What SDKs are told: the event's id, or for how long the key takes no more events. */
export function replyToSdk(accepted: AcceptedEvent): ApiReply {
  if (accepted.kind === 'accepted') {
    return { status: 200, body: { id: accepted.eventId } };
  }
  const seconds = accepted.retryAfterSeconds;
  return {
    status: 429,
    headers: { 'Retry-After': String(seconds), 'X-Sentry-Rate-Limits': `${seconds}:error:key` },
    body: { detail: `This client key takes no more events for ${seconds} seconds.` },
  };
}

function bytesOf(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array();
}

function readable(what: string, read: () => payload.Envelope): payload.Envelope {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    // The parser's message quotes what was sent.
    throw new DomainError('request.malformed', `The body is no ${what} that can be read.`, {
      cause: error,
    });
  }
}
