/** The longest event that is kept, in bytes of JSON. A few thousand frames fit. */
const maximumBytes = 300_000;

const frameFields = ['filename', 'abs_path', 'module', 'package', 'platform', 'in_app'];

/**
 * Of an event, what ownership rules can see, so that it can be told later why its issue has the owner it has: evaluating it
 * gives what evaluating the event gives. Null for an event that is too large to keep even so.
 */
export function keepForRules(event: unknown): Readonly<Record<string, unknown>> | null {
  const data = record(event);
  const kept = {
    platform: data.platform,
    exception: keepValues(data.exception, keepStack),
    stacktrace: keepFrames(data.stacktrace),
    threads: keepValues(data.threads, (thread) => ({
      crashed: thread.crashed,
      current: thread.current,
      ...keepStack(thread),
    })),
    request: { url: record(data.request).url },
    user: keepUser(record(data.user)),
    tags: Array.isArray(data.tags) ? data.tags.filter(Array.isArray).map(keepTag) : undefined,
  };
  // As JSON will give it back: without what is undefined.
  const json = JSON.stringify(kept);
  return Buffer.byteLength(json) > maximumBytes
    ? null
    : (JSON.parse(json) as Record<string, unknown>);
}

function keepValues(holder: unknown, keep: (value: Fields) => Fields): Fields | undefined {
  const { values } = record(holder);
  if (!Array.isArray(values)) return undefined;
  return { values: values.filter(isRecord).map(keep) };
}

function keepStack({ stacktrace }: Fields): Fields {
  return { stacktrace: keepFrames(stacktrace) };
}

function keepFrames(stacktrace: unknown): Fields | undefined {
  const { frames } = record(stacktrace);
  if (!Array.isArray(frames)) return undefined;
  return { frames: frames.filter(isRecord).map((frame) => keepScalars(frame, frameFields)) };
}

/** Rules on `user.*` look at the user's own fields and at those of its `data`. */
function keepUser(user: Fields): Fields {
  const data = record(user.data);
  return { ...keepScalars(user), data: keepScalars(data) };
}

function keepTag([key, value]: readonly unknown[]): readonly unknown[] {
  return [key, value].map((part) => (isScalar(part) ? part : null));
}

function keepScalars(fields: Fields, names = Object.keys(fields)): Fields {
  return Object.fromEntries(
    names.flatMap((name) => (isScalar(fields[name]) ? [[name, fields[name]]] : [])),
  );
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function record(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
