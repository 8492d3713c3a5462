import { type Fields, recordOf } from '../json.ts';
import { framesIn, readEventParts } from '../ownership/event-shape.ts';
import { maskedMessage, steadyFunction, steadyPath } from './mask.ts';

/** Where an SDK names it, the fingerprint that the event would have without one. */
const DEFAULT = /^\{\{\s*default\s*\}\}$/;

/** The last of these, nearest the error, tell groups apart; SDKs send no more. */
const EXCEPTIONS_LOOKED_AT = 20;
const FRAMES_LOOKED_AT = 250;

/**
 * Which group an event of an SDK belongs to. The SDK's own fingerprint where it gives one; else the
 * types of its exceptions with the frames that are the application's, without lines of code and
 * hashes of bundles; else its message, without numbers and ids.
 */
export function fingerprintOf(event: Fields): readonly string[] {
  const given = Array.isArray(event.fingerprint) ? event.fingerprint.map(wordOf) : [];
  const words = given.filter((word) => word !== '');
  return words.length === 0
    ? defaultFingerprint(event)
    : words.flatMap((word) => (DEFAULT.test(word) ? defaultFingerprint(event) : [word]));
}

/** The message of an event: the text as it was written in the code, where the SDK knows it. */
export function messageOf(event: Fields): { readonly template: string; readonly shown: string } {
  const entry = recordOf(event.logentry ?? event['sentry.interfaces.Message'] ?? event.message);
  const plain = wordOf(event.message);
  const template = wordOf(entry.message) || plain || wordOf(entry.formatted);
  return { template, shown: wordOf(entry.formatted) || plain || template };
}

function defaultFingerprint(event: Fields): readonly string[] {
  const { exceptions, frames } = readEventParts(event);
  if (exceptions.length > 0) {
    return ['exception', ...exceptions.slice(-EXCEPTIONS_LOOKED_AT).flatMap(partsOfException)];
  }
  const called = partsOfFrames(frames);
  const { template } = messageOf(event);
  if (template === '' && called.length > 0) {
    return ['stacktrace', ...called];
  }
  return ['message', maskedMessage(template) || '<empty>'];
}

function partsOfException(exception: Fields): readonly string[] {
  const type = wordOf(exception.type) || '<unknown>';
  const called = partsOfFrames(framesIn(exception));
  return called.length > 0
    ? [type, ...called]
    : [type, maskedMessage(wordOf(exception.value)) || '<empty>'];
}

/** The calls of the application, or all where none is known to be; each repeated call once. */
function partsOfFrames(frames: readonly Fields[]): readonly string[] {
  const own = frames.filter((frame) => frame.in_app === true);
  const others = frames.filter((frame) => frame.in_app !== false);
  const counted = [own, others, frames].find(({ length }) => length > 0) ?? [];
  const calls = counted
    .slice(-FRAMES_LOOKED_AT)
    .map(callOf)
    .filter((call) => call !== '');
  return calls.filter((call, index) => call !== calls[index - 1]);
}

function callOf(frame: Fields): string {
  const where = wordOf(frame.module) || wordOf(frame.filename) || wordOf(frame.abs_path);
  const name = wordOf(frame.function);
  const call = ['?', '<anonymous>', '<unknown>'].includes(name) ? '' : steadyFunction(name);
  return [steadyPath(where), call].filter((part) => part !== '').join(' ');
}

function wordOf(value: unknown): string {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' ? text.trim() : '';
}
