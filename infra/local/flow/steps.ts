import { unpackEvents } from '../../../shared/domain/event-record.ts';
import { isRecord } from '../../../shared/domain/json.ts';
import type { Seen, SeenItem } from '../driver/services/observation.ts';
import { stepOfCall } from './calls.ts';
import { countRows, plainFields, shownRow } from './rows.ts';
import { shownBody, shownFields, shownText } from './shown.ts';
import { type NewStep, tied } from './step.ts';

/** A transaction writes no more; of what is loaded past the functions the rest is counted only. */
const MOST_ROWS = 100;

type Told = Omit<NewStep, 'at'>;

/** What the stack did as a step of the flow; undefined for what is none. */
export function stepOf(seen: Seen): Told | undefined {
  switch (seen.what) {
    case 'request':
      return stepOfRequest(seen);
    case 'answer': {
      const { id, status, ms, by } = seen;
      const title = `${status} from ${by ?? 'the gateway'} after ${ms} ms`;
      return { request: id, kind: 'request', title, detail: { status, ms, by: by ?? null } };
    }
    case 'write':
      return stepOfWrite(seen);
    case 'record':
      return stepOfRecord(seen);
    case 'event':
      return stepOfEvent(seen);
    case 'message':
      return stepOfMessage(seen);
    case 'call':
      return stepOfCall(seen);
  }
}

type Of<What extends Seen['what']> = Extract<Seen, { what: What }>;

function stepOfRequest({ id, method, path, query, body }: Of<'request'>): Told {
  const shownQuery = shownFields(Object.fromEntries(new URLSearchParams(query)));
  return {
    request: id,
    kind: 'request',
    title: shownText(`${method} ${path}`),
    detail: { method, path: shownText(path), query: shownQuery, body: shownBody(body) },
  };
}

function stepOfWrite({ causes, writer, operation, items }: Of<'write'>): Told {
  const { request, ...several } = tied(causes);
  const rows = items.slice(0, MOST_ROWS).map(shownRow);
  const what = operation === 'TransactWriteItems' ? 'a transaction' : `${operation}`;
  const title =
    writer === undefined
      ? `Written past the functions: ${countRows(items)}`
      : `${writer} wrote with ${what} ${countRows(items)}`;
  return {
    request,
    kind: 'rows',
    title,
    detail: { writer: writer ?? null, operation: operation ?? null, rows, ...several },
  };
}

function stepOfRecord({ causes, reader, attempt, item }: Of<'record'>): Told {
  const { request, ...several } = tied(causes);
  const events = eventsOf(item);
  const again = attempt === 1 ? '' : `, attempt ${attempt}`;
  const types = events.map(({ type }) => type);
  return {
    request,
    kind: 'record',
    title: `${reader} takes the record of ${types.join(', ') || 'no events'}${again}`,
    detail: { reader, attempt, key: shownRow(item).key, events, ...several },
  };
}

function eventsOf({ after = {} }: SeenItem) {
  const { events, detailType, detail } = plainFields(after);
  const unpacked = unpackEvents({ events, detailType, detail }) ?? [];
  return unpacked.map(({ type, eventId }) => ({ type, eventId }));
}

function stepOfEvent({ causes, id, type, detail, rules }: Of<'event'>): Told {
  const { request, ...several } = tied(causes);
  const count = rules.length === 1 ? '1 rule' : `${rules.length || 'no'} rules`;
  return {
    request,
    kind: 'event',
    title: `${type} is on the bus: ${count} matched`,
    detail: { id, type, event: shownFields(detail), rules: rules.map(shortRule), ...several },
  };
}

const MESSAGE_TITLES = {
  sent: (queue: string) => `${queue} has a message`,
  received: (queue: string, reader: string) => `${reader} works on a message of ${queue}`,
  deleted: (queue: string) => `A message of ${queue} is done`,
  returned: (queue: string) => `A message of ${queue} failed and comes again`,
  buried: (queue: string) => `A message of ${queue} is moved to the dead letters`,
} as const;

function stepOfMessage({ causes, step, queue: fullName, id, body, reader }: Of<'message'>): Told {
  const { request, ...several } = tied(causes);
  const queue = shortName(fullName);
  return {
    request,
    kind: 'queue',
    title: MESSAGE_TITLES[step](queue, reader ?? 'A reader'),
    detail: { queue, step, id, reader: reader ?? null, about: aboutMessage(body), ...several },
  };
}

/** Of an event on its way its type and id, else what the message says. */
function aboutMessage(body: string): unknown {
  const shown = shownBody(body);
  if (!isRecord(shown) || !isRecord(shown.detail)) {
    return shown;
  }
  const { eventId, aggregateId, version } = shown.detail;
  return { type: shown['detail-type'], eventId, aggregateId, version };
}

function shortRule({ name, targets }: Of<'event'>['rules'][number]) {
  return { name: shortName(name), targets: targets.map(shortName) };
}

/** What the stack's names begin with, and the hash that they end with in a template. */
const NAME = /^baton-[a-z]+-(.*?)(?:queue)?(?:[0-9A-F]{8})?(\.fifo)?$/;

/** `baton-local-cacherepeatqueueAE2D3CBD` is `cacherepeat`. */
const shortName = (name: string) => name.replace(NAME, '$1$2');
