import * as v from 'valibot';
import { jsonDepth, MAX_JSON_DEPTH } from '../domain/json.ts';

/** Why a message can never be read, whenever it comes again. */
export type UnreadableReason =
  | 'not_json'
  | 'too_deep'
  | 'not_an_object'
  | 'malformed'
  | 'unknown_type';

/** What a message says, or why nobody will ever know. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: UnreadableReason };

/** Reads a message, whose JSON was parsed, as what its consumer takes. */
export type ReadMessage<T> = (message: Readonly<Record<string, unknown>>) => Reading<T>;

/** Reads the body of a message. Never throws. */
export function readBody<T>(body: string, read: ReadMessage<T>): Reading<T> {
  if (jsonDepth(body) > MAX_JSON_DEPTH) {
    return unreadable('too_deep');
  }
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return unreadable('not_json');
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    return unreadable('not_an_object');
  }
  return read(message as Readonly<Record<string, unknown>>);
}

/** Reads a message as its schema says; whatever else it holds is dropped. */
export function bySchema<T>(schema: v.GenericSchema<unknown, T>): ReadMessage<T> {
  return (message) => {
    const result = v.safeParse(schema, message);
    return result.success ? { ok: true, value: result.output } : unreadable('malformed');
  };
}

/** A message that nobody will ever understand. */
export function unreadable(reason: UnreadableReason) {
  return { ok: false, reason } as const;
}
