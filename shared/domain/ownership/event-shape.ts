import { type Fields, isRecord, recordOf } from '../json.ts';

/** What rules look at in an event, each part in one shape, whichever of them the sender wrote. */
export type EventParts = {
  readonly platform: unknown;
  /** The exceptions, the threads, and the frames of the event itself; oldest call first. */
  readonly exceptions: readonly Fields[];
  readonly frames: readonly Fields[];
  readonly threads: readonly Fields[];
  readonly url: string | null;
  readonly user: Fields;
  readonly tags: readonly (readonly [key: unknown, value: unknown])[];
  /** The parts that are there and could not be read, once each: `tags`, `exception`, ... */
  readonly unreadable: readonly EventPart[];
};

/** The names of the parts, as the newest senders call them. */
export type EventPart =
  | 'event'
  | 'exception'
  | 'stacktrace'
  | 'threads'
  | 'request'
  | 'user'
  | 'tags';

/** What senders of earlier years called the parts. */
const earlierNames: Partial<Record<EventPart, string>> = {
  exception: 'sentry.interfaces.Exception',
  stacktrace: 'sentry.interfaces.Stacktrace',
  threads: 'sentry.interfaces.Threads',
  request: 'sentry.interfaces.Http',
  user: 'sentry.interfaces.User',
};

/**
 * Reads an event of Sentry's shape, and of those that senders have used beside it: a list of
 * exceptions or threads that is not wrapped in `values`, a single exception, a list of frames that
 * is not wrapped in `frames`, tags as an object or as `{key, value}`, and the names that the parts
 * had before. A part that is missing or null is nothing; one that is there and cannot be read is
 * nothing too, and is told.
 */
export function readEventParts(event: unknown): EventParts {
  const unreadable = new Set<EventPart>();
  const spoil = (name: EventPart) => () => {
    unreadable.add(name);
  };
  const data = recordIn(event, spoil('event'));
  const part = (name: EventPart): unknown => data[name] ?? data[earlierNames[name] ?? name];
  const url = urlIn(part('request'), spoil('request'));
  const user = recordIn(part('user'), spoil('user'));
  return {
    platform: data.platform,
    exceptions: wrapped(part('exception'), 'values', spoil('exception')).map((exception) =>
      withFrames(exception, spoil('exception')),
    ),
    frames: wrapped(part('stacktrace'), 'frames', spoil('stacktrace')),
    threads: wrapped(part('threads'), 'values', spoil('threads')).map((thread) =>
      withFrames(thread, spoil('threads')),
    ),
    url,
    user,
    tags: tagsOf(part('tags'), spoil('tags')),
    unreadable: [...unreadable],
  };
}

/**
 * An object, or one without fields in its place; `spoil` is called for any other value but null.
 */
function recordIn(value: unknown, spoil: () => void): Fields {
  if (!isAbsent(value) && !isRecord(value)) {
    spoil();
  }
  return recordOf(value);
}

function urlIn(request: unknown, spoil: () => void): string | null {
  const url = recordIn(request, spoil).url ?? null;
  if (url !== null && typeof url !== 'string') {
    spoil();
    return null;
  }
  return url === '' ? null : url;
}

/** The frames of an exception or a thread that was read. */
export function framesIn(holder: Fields): readonly Fields[] {
  return holder.frames as readonly Fields[];
}

function withFrames(holder: Fields, spoil: () => void): Fields {
  const stacktrace = holder.stacktrace ?? holder[earlierNames.stacktrace ?? ''];
  return { ...holder, frames: wrapped(stacktrace, 'frames', spoil) };
}

/**
 * A list of objects, alone or under the name that wraps it; an object of any other shape is the
 * only one of its list.
 */
function wrapped(value: unknown, wrapper: 'values' | 'frames', spoil: () => void): Fields[] {
  const list = isRecord(value) && Object.hasOwn(value, wrapper) ? value[wrapper] : value;
  if (isAbsent(list)) {
    return [];
  }
  if (Array.isArray(list)) {
    return recordsIn(list, spoil);
  }
  if (list === value && isRecord(value)) {
    // An exception or thread by itself. A stack trace without `frames` has nothing to read.
    return wrapper === 'values' ? [value] : [];
  }
  spoil();
  return [];
}

function recordsIn(list: readonly unknown[], spoil: () => void): Fields[] {
  const records = list.filter(isRecord);
  if (records.length + list.filter(isAbsent).length < list.length) {
    spoil();
  }
  return records;
}

/** Tags as pairs, as `{key, value}`, or as an object. */
function tagsOf(value: unknown, spoil: () => void): (readonly [unknown, unknown])[] {
  if (isAbsent(value)) {
    return [];
  }
  if (isRecord(value)) {
    return Object.entries(value);
  }
  if (!Array.isArray(value)) {
    spoil();
    return [];
  }
  return value.flatMap((tag): (readonly [unknown, unknown])[] => {
    if (isAbsent(tag)) {
      return [];
    }
    const [key, content] = Array.isArray(tag) ? tag : [recordOf(tag).key, recordOf(tag).value];
    if (typeof key === 'string') {
      return [[key, content]];
    }
    spoil();
    return [];
  });
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
