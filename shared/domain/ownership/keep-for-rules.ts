import { type Fields, recordOf } from '../json.ts';
import { framesIn, readEventParts } from './event-shape.ts';

/** The longest event that is kept, in bytes of JSON. A few thousand frames fit. */
const MAXIMUM_BYTES = 300_000;

const frameFields = ['filename', 'abs_path', 'module', 'package', 'platform', 'in_app'];

/**
 * Of an event, what ownership rules can see, so that it can be told later why its issue has the
 * owner it has: evaluating it gives what evaluating the event gives. Null for an event that is too
 * large to keep even so.
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
  // As JSON will give it back: without what is undefined.
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
