import type { Seen } from '../driver/services/observation.ts';
import { HIDDEN, shownBody, shownText } from './shown.ts';
import { type NewStep, tied } from './step.ts';

type Call = Extract<Seen, { what: 'call' }>;

/** The functions that call trackers; of receivers of webhooks the path may be a secret. */
const CALLS_TRACKERS: ReadonlySet<string> = new Set([
  'integrations',
  'sweeper',
  'sync-inbound',
  'sync-outbound',
]);

/** The commands by which keys fall. */
const DELETING: ReadonlySet<string> = new Set(['del', 'unlink']);

/** A call of a function as a step: keys of the cache that fell, or what a tracker was told. */
export function stepOfCall(seen: Call): Omit<NewStep, 'at'> | undefined {
  return seen.call.kind === 'cache' ? stepOfCache(seen, seen.call) : stepOfHttp(seen, seen.call);
}

function stepOfCache(
  { causes, caller }: Call,
  { command, args, result }: Extract<Call['call'], { kind: 'cache' }>,
): Omit<NewStep, 'at'> | undefined {
  if (!DELETING.has(command.toLowerCase())) {
    return undefined;
  }
  const { request, ...several } = tied(causes);
  const keys = args.map(shownText);
  const title = `${caller} deletes ${keys.join(', ')} from the cache: ${Number(result)} of ${keys.length} were there`;
  return {
    request,
    kind: 'cache',
    title: shownText(title),
    detail: { caller, command, keys, deleted: Number(result), ...several },
  };
}

function stepOfHttp(
  { causes, caller }: Call,
  { method, url, body, status }: Extract<Call['call'], { kind: 'http' }>,
): Omit<NewStep, 'at'> {
  const { request, ...several } = tied(causes);
  const { origin, pathname } = new URL(url);
  const isTracker = CALLS_TRACKERS.has(caller);
  const path = isTracker ? shownText(pathname) : `/${HIDDEN}`;
  const answer = status === null ? 'no answer' : String(status);
  return {
    request,
    kind: 'tracker',
    title: shownText(`${caller} calls ${method} ${origin}${path}: ${answer}`),
    detail: {
      ...{ caller, method, origin, path, status },
      to: isTracker ? 'tracker' : 'webhook',
      body: isTracker ? shownBody(body) : HIDDEN,
      ...several,
    },
  };
}
