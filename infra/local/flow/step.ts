import type { Causes } from '../driver/services/observation.ts';

/**
 * One step of the flow, as `/_local/flow` tells it.
 *
 * `request` ties steps together. It is the id of the request to the API (`x-amzn-requestid` of its
 * answer) that the step follows from, else of the run of a schedule or of the event from outside
 * that began it all; null where nobody knows. The driver carries it along: an invocation of a
 * request has its id; what a function writes, puts, sends or calls has that of its invocation,
 * known by the session token that signs the call; a record of the stream has that of the call that
 * wrote it; and an event, a message or a record hands it to the invocation that it causes. Work on
 * a batch follows from several requests: what it writes, puts or sends follows from those that it
 * names (an event has the id of its request in its envelope), else `detail.requests` lists them.
 */
export type Step = {
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  readonly request: string | null;
  readonly kind: StepKind;
  /** One line for people. */
  readonly title: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

type StepKind = 'request' | 'rows' | 'record' | 'event' | 'queue' | 'cache' | 'tracker';

/** A step before it has its number. */
export type NewStep = Omit<Step, 'seq'>;

/** How many requests a step lists that follows from several. */
const MAX_LISTED = 20;

/** The request that work follows from: the only one, or all of them in the detail. */
export function tied(causes: Causes): { request: string | null; requests?: Causes } {
  const [first, ...others] = causes;
  return others.length === 0
    ? { request: first ?? null }
    : { request: null, requests: causes.slice(0, MAX_LISTED) };
}
