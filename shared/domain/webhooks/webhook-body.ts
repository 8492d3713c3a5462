import type { Actor } from '../actor.ts';
import type { Told, ToldState } from './told-event.ts';
import { PING_TYPE, type WebhookType } from './webhook-types.ts';

/** An actor as webhooks call them: a team by its slug, a person by their name. */
export type ToldActor = Actor & { readonly name: string | null };

export type ToldProject = { readonly id: string; readonly slug: string; readonly name: string };

export type ToldIssue = {
  readonly id: string;
  readonly shortId: string | null;
  readonly title: string | null;
  readonly project: ToldProject | null;
  readonly url: string;
};

/** What a webhook says of one change; it has ids and names, and nobody's address. */
export type WebhookData = {
  readonly issue: ToldIssue | null;
  readonly project: ToldProject | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly actor: ToldActor | null;
  readonly operationId: string | null;
  readonly version: number | null;
};

/** One change, as a body that tells of it alone holds it. */
export type Change = {
  readonly type: WebhookType;
  readonly timestamp: string;
  readonly data: WebhookData;
};

/** What a person may be called where addresses are left out; null where nothing else is known. */
export function nameWithoutAddress(user: {
  readonly name: string;
  readonly username: string;
}): string | null {
  return [user.name, user.username].find((name) => name !== '' && !name.includes('@')) ?? null;
}

/** The sides of a change, with names. */
export function namedSides(
  { before, after }: Pick<Told, 'before' | 'after'>,
  name: (actor: Actor) => ToldActor,
): Pick<WebhookData, 'before' | 'after'> {
  return { before: namedSide(before, name), after: namedSide(after, name) };
}

function namedSide(side: ToldState | null, name: (actor: Actor) => ToldActor) {
  if (side === null) {
    return null;
  }
  const { other, ...actors } = side;
  const named = Object.entries(actors).map(([field, actor]) => [field, actor && name(actor)]);
  return { ...Object.fromEntries(named), ...other };
}

/** The body of a webhook that tells of one change. */
export function bodyOfChange({ type, timestamp, data }: Change): string {
  return JSON.stringify({ type, timestamp, data });
}

/** The body of a webhook that shows that an endpoint can be reached. */
export function bodyOfPing(timestamp: string): string {
  return JSON.stringify({ type: PING_TYPE, timestamp, data: {} });
}

/** A change among others of one body. */
export type GatheredChange = {
  readonly eventId: string;
  readonly timestamp: string;
  /** Its `WebhookData` as JSON, with its `eventId`. */
  readonly entry: string;
};

/** The most issues of one body, and the most bytes. */
const MOST_ISSUES = 100;
const MOST_BYTES = 256 * 1024;

/** What a body that tells of several changes holds of one of them. */
export function entryOf(eventId: string, data: WebhookData): string {
  return JSON.stringify({ eventId, ...data });
}

/**
 * The body of the first of some changes, as many as one body takes, and which changes those are. At
 * least one is taken: a single change is far smaller than a body may be.
 */
export function bodyOfChanges(
  type: string,
  changes: readonly GatheredChange[],
  bytesOf: (text: string) => number,
): { readonly body: string; readonly taken: readonly GatheredChange[] } {
  const [first, ...others] = changes;
  if (first === undefined) {
    throw new Error('A webhook that tells of several changes needs at least one.');
  }
  const taken = [first];
  let bytes = bytesOf(wrapped(type, first.timestamp, [first]));
  for (const change of others) {
    bytes += bytesOf(change.entry) + 1;
    if (taken.length === MOST_ISSUES || bytes > MOST_BYTES) {
      break;
    }
    taken.push(change);
  }
  const newest = taken.reduce((at, { timestamp }) => (timestamp > at ? timestamp : at), '');
  return { body: wrapped(type, newest, taken), taken };
}

function wrapped(type: string, timestamp: string, changes: readonly GatheredChange[]): string {
  const issues = changes.map(({ entry }) => entry).join(',');
  const head = JSON.stringify({ type, timestamp });
  return `${head.slice(0, -1)},"data":{"issues":[${issues}]}}`;
}
