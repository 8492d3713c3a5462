import { type Fields, recordOf } from '../json.ts';
import { framesIn, readEventParts } from './event-shape.ts';

/** The longest kept event, in bytes of JSON: a few thousand frames. */
const MAXIMUM_BYTES = 300_000;

const frameFields = ['filename', 'abs_path', 'module', 'package', 'platform', 'in_app'];

/**
 * The parts of an event that ownership rules look at. They are stored with the issue, so that its
 * owners can be explained later: their evaluation equals that of the whole event. Null for an event
 * whose parts are too large to store.
 */
export function keepForRules(event: unknown): Readonly<Record<string, unknown>> | null {
  const { platform, exceptions, frames, threads, url, user, tags } = readEventParts(event);
  const kept = {
    platform,
    exception: keepList(exceptions.map(keepStack)),
    stacktrace: frames.length === 0 ? undefined : keepFrames(frames),
    threads: keepList(
      threads.map((thread) => ({
        crashed: thread.crashed,
        current: thread.current,
        ...keepStack(thread),
      })),
    ),
    request: { url },
    user: { ...keepScalars(user), data: keepScalars(recordOf(user.data)) },
    tags: tags.map(([key, value]) => [key, isScalar(value) ? value : null]),
  };
  // A round trip through JSON removes fields that are undefined.
  const json = JSON.stringify(kept);
  return Buffer.byteLength(json) > MAXIMUM_BYTES
    ? null
    : (JSON.parse(json) as Record<string, unknown>);
}

function keepList(values: readonly Fields[]): Fields | undefined {
  return values.length === 0 ? undefined : { values };
}

function keepStack(holder: Fields): Fields {
  return { stacktrace: keepFrames(framesIn(holder)) };
}

function keepFrames(frames: readonly Fields[]): Fields {
  return { frames: frames.map((frame) => keepScalars(frame, frameFields)) };
}

function keepScalars(fields: Fields, names = Object.keys(fields)): Fields {
  return Object.fromEntries(
    names.flatMap((name) => (isScalar(fields[name]) ? [[name, fields[name]]] : [])),
  );
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
