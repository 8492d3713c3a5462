import { type AwsOperations, awsError } from '../services/aws-json.ts';
import type { Roots } from '../services/in-flight.ts';
import type { AcceptedEntry, Bus } from './bus.ts';

const MAX_ENTRIES = 10;
const MAX_REQUEST_BYTES = 1024 * 1024;
const MAX_DETAIL_TYPE_CHARACTERS = 128;
const MAX_SOURCE_CHARACTERS = 256;
/**
 * Deeper details could overflow the stack of a consumer; EventBridge refuses them as malformed too.
 */
const MAX_DETAIL_DEPTH = 1_000;
/** The bytes that the time adds to the size of an entry, as EventBridge counts. */
const TIME_BYTES = 14;

type Refused = { readonly ErrorCode: string; readonly ErrorMessage: string };

/** `PutEvents` of EventBridge, for the bus of the stack. */
export function createPutEvents(
  bus: Bus,
  rootsOf: (callerToken: string | undefined) => Roots,
): AwsOperations {
  return {
    PutEvents: ({ Entries }, token) => {
      const entries = requireEntries(Entries);
      const results = entries.map((entry) => {
        const checked = readEntry(entry, bus);
        if ('ErrorCode' in checked) {
          return checked;
        }
        return { EventId: bus.put(checked, rootsOf(token)) };
      });
      const FailedEntryCount = results.filter((result) => 'ErrorCode' in result).length;
      return { FailedEntryCount, Entries: results };
    },
  };
}

function requireEntries(Entries: unknown): Record<string, unknown>[] {
  const entries = Array.isArray(Entries) ? Entries.map(requireEntry) : [];
  if (entries.length === 0 || entries.length > MAX_ENTRIES) {
    const rule =
      entries.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${MAX_ENTRIES}`;
    throw awsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${rule}`,
    );
  }
  const total = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (total > MAX_REQUEST_BYTES) {
    throw awsError(
      'ValidationException',
      'Total size of the entries in the request is over the limit.',
    );
  }
  return entries;
}

/** Refuses the whole request for an entry with a field of another type than the protocol's. */
function requireEntry(entry: unknown): Record<string, unknown> {
  const fields = typeof entry === 'object' && entry !== null ? { ...entry } : undefined;
  if (fields === undefined || Array.isArray(entry) || !hasKindsOfProtocol(fields)) {
    throw awsError('SerializationException', 'A field of an entry has the wrong type.');
  }
  return fields;
}

function hasKindsOfProtocol(entry: Record<string, unknown>): boolean {
  const { Source, DetailType, Detail, EventBusName, Resources, Time } = entry;
  const isText = (value: unknown) => typeof value === 'string';
  const isAbsent = (value: unknown) => value === undefined || value === null;
  return (
    [Source, DetailType, Detail, EventBusName].every((value) => isAbsent(value) || isText(value)) &&
    (isAbsent(Resources) || (Array.isArray(Resources) && Resources.every(isText))) &&
    (isAbsent(Time) || isText(Time) || typeof Time === 'number')
  );
}

function sizeOf({ Time, Source, DetailType, Detail, Resources }: Record<string, unknown>): number {
  const texts = [Source, DetailType, Detail, ...(Array.isArray(Resources) ? Resources : [])];
  return texts.reduce<number>(
    (sum, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0),
    Time === undefined ? 0 : TIME_BYTES,
  );
}

function readEntry(entry: Record<string, unknown>, bus: Bus): AcceptedEntry | Refused {
  const refused = textRefusal(entry) ?? busRefusal(entry, bus);
  if (refused) {
    return refused;
  }
  const { Source, DetailType, Detail, Resources, Time } = entry;
  const detail = parseDetail(String(Detail));
  if (!detail) {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  }
  const time = parseTime(Time);
  if (Number.isNaN(time.getTime())) {
    return invalid('Time', 'Time is neither a number of seconds nor a date.');
  }
  return {
    source: String(Source),
    detailType: String(DetailType),
    detail,
    resources: (Array.isArray(Resources) ? Resources : []).map(String),
    time,
  };
}

const MAX_CHARACTERS = {
  Source: MAX_SOURCE_CHARACTERS,
  DetailType: MAX_DETAIL_TYPE_CHARACTERS,
  Detail: MAX_REQUEST_BYTES,
};

/** The error for a text that is missing, too long or reserved; undefined if all are valid. */
function textRefusal(entry: Record<string, unknown>): Refused | undefined {
  for (const [name, max] of Object.entries(MAX_CHARACTERS)) {
    const value = entry[name];
    if (typeof value !== 'string' || value === '') {
      return invalid(name, `${name} is a required argument.`);
    }
    if (value.length > max) {
      return invalid(name, `${name} is longer than ${max} characters.`);
    }
  }
  return String(entry.Source).startsWith('aws.')
    ? {
        ErrorCode: 'NotAuthorizedForSourceException',
        ErrorMessage: 'Not authorized for the source.',
      }
    : undefined;
}

/** The error for another bus than that of the stack, which an entry without a bus is for. */
function busRefusal({ EventBusName }: Record<string, unknown>, bus: Bus): Refused | undefined {
  const name = EventBusName ?? bus.name;
  return name === bus.name || name === bus.arn
    ? undefined
    : {
        ErrorCode: 'ResourceNotFoundException',
        ErrorMessage: `Event bus ${String(name)} does not exist.`,
      };
}

function invalid(name: string, reason: string): Refused {
  return {
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${reason}`,
  };
}

function parseDetail(text: string): Record<string, unknown> | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    const isObject = typeof detail === 'object' && detail !== null && !Array.isArray(detail);
    return isObject && !isTooDeep(detail) ? (detail as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Iterates over levels: recursion would fail for the depth that this looks for. */
function isTooDeep(value: object): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DETAIL_DEPTH) {
      return true;
    }
    level = level.flatMap((part) =>
      typeof part === 'object' && part !== null ? Object.values(part) : [],
    );
  }
  return false;
}

/**
 * The time of an entry: seconds since 1970 in the protocol, a date in handwritten JSON, and now if
 * it is absent.
 */
function parseTime(time: unknown): Date {
  if (time === undefined || time === null) {
    return new Date();
  }
  return new Date(typeof time === 'number' ? time * 1_000 : String(time));
}
