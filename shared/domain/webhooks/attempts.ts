import type { DisabledReason } from './endpoint.ts';

/** How long to wait after each failed attempt; after the last one there is none. */
export type AttemptSchedule = readonly number[];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Ten attempts within four days. */
export const cloudAttempts: AttemptSchedule = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  DAY,
];

/** Six attempts within a minute: on one machine somebody is watching. */
export const localAttempts: AttemptSchedule = [5, 5, 10, 10, 20].map((wait) => wait * SECOND);

/** The share of a wait that is added at random, so that what failed together comes again apart. */
const JITTER = 0.1;

/** The longest that an endpoint can ask to be left alone. */
const LONGEST_RETRY_AFTER_MS = DAY;

/** Nothing is sent any more to what has not been reached for so long. */
const FAILING_FOR_MS = 5 * DAY;

/** How much of an answer is kept with its attempt. */
export const KEPT_RESPONSE_BYTES = 1024;

/** How many attempts are kept of one delivery that was sent again and again. */
const MOST_ATTEMPTS_KEPT = 50;

/** What came of calling an endpoint. */
export type Answer = {
  /** The status; null where there was none. */
  readonly code: number | null;
  /** Why there was none. */
  readonly error: string | null;
  readonly ms: number;
  /** The beginning of the answer's body. */
  readonly response: string;
  /** For how long the endpoint asks to be left alone; null where it does not. */
  readonly retryAfterMs: number | null;
};

/** One attempt of a delivery. */
export type Attempt = Pick<Answer, 'code' | 'error' | 'ms' | 'response'> & { readonly at: string };

export const deliveryStatuses = ['pending', 'delivered', 'failed', 'dropped'] as const;
type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Something that is sent to one endpoint, under one id whatever comes. */
export type Delivery = {
  /** Begins with a time in milliseconds. */
  readonly id: string;
  /** What receivers know it by. */
  readonly eventId: string;
  readonly type: string;
  readonly status: DeliveryStatus;
  readonly attempts: readonly Attempt[];
  /** Attempts since it was last asked for. */
  readonly tries: number;
  readonly nextAttemptAt: string | null;
  /** Raised by each change. */
  readonly revision: number;
};

/** A delivery with what it says, the same in every attempt. */
export type NewDelivery = Delivery & { readonly body: string };

/** The id of the delivery of one event, the same for whoever makes it. */
export function deliveryIdOf(eventId: string, occurredAt: string): string {
  return `${String(Date.parse(occurredAt)).padStart(13, '0')}-${eventId}`;
}

/** Whether a text can be the id of a delivery. */
export function isDeliveryId(text: string): boolean {
  return /^[0-9]{13}-[A-Za-z0-9_-]{1,100}$/.test(text);
}

/** A delivery that waits to be sent, from now on. */
export function newDelivery(
  { id, eventId, type, body }: Pick<NewDelivery, 'id' | 'eventId' | 'type' | 'body'>,
  now: string,
): NewDelivery {
  const attempts: readonly Attempt[] = [];
  const waits = { status: 'pending', attempts, tries: 0, nextAttemptAt: now } as const;
  return { id, eventId, type, body, ...waits, revision: 0 };
}

/** A delivery that is not sent, as its endpoint is disabled. */
export function dropped<D extends Delivery>(delivery: D): D {
  const { revision } = delivery;
  return { ...delivery, status: 'dropped', nextAttemptAt: null, revision: revision + 1 };
}

/** A delivery that is sent once more, with all its attempts before it. */
export function askedAgain(delivery: Delivery, now: string): Delivery {
  const { revision } = delivery;
  return { ...delivery, status: 'pending', tries: 0, nextAttemptAt: now, revision: revision + 1 };
}

export function isSuccess({ code }: Pick<Answer, 'code'>): boolean {
  return code !== null && code >= 200 && code < 300;
}

/** Whoever runs the endpoint does not want any more. */
function isGone({ code }: Pick<Answer, 'code'>): boolean {
  return code === 410;
}

/** A delivery with one more attempt among those that are kept of it. */
export function withAttempt(delivery: Delivery, answer: Answer, at: string): Delivery {
  const { code, error, ms, response } = answer;
  const attempts = [...delivery.attempts, { at, code, ms, error, response }];
  const revision = delivery.revision + 1;
  return { ...delivery, attempts: attempts.slice(-MOST_ATTEMPTS_KEPT), revision };
}

/**
 * A delivery after an attempt that began at `at`.
 * @param random a number in [0, 1)
 */
export function afterAttempt(
  delivery: Delivery,
  answer: Answer,
  { at, schedule, random }: AttemptContext,
): Delivery {
  const tries = delivery.tries + 1;
  const tried = { ...withAttempt(delivery, answer, at), tries };
  if (isSuccess(answer)) {
    return { ...tried, status: 'delivered', nextAttemptAt: null };
  }
  const waitMs = isGone(answer) ? null : waitAfter(answer, schedule[tries - 1], random);
  return waitMs === null
    ? { ...tried, status: 'failed', nextAttemptAt: null }
    : { ...tried, nextAttemptAt: new Date(Date.parse(at) + answer.ms + waitMs).toISOString() };
}

export type AttemptContext = {
  readonly at: string;
  readonly schedule: AttemptSchedule;
  readonly random: number;
};

/** What an endpoint asks for holds where it is longer than what the schedule says. */
function waitAfter(
  { retryAfterMs }: Answer,
  scheduledMs: number | undefined,
  random: number,
): number | null {
  if (scheduledMs === undefined) {
    return null;
  }
  const jittered = Math.round(scheduledMs * (1 + JITTER * random));
  return Math.max(jittered, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
}

/** How it goes with an endpoint. */
export type EndpointHealth = {
  readonly lastSuccessAt: string | null;
  /** When the oldest failure since then happened. */
  readonly failingSince: string | null;
};

/** How it goes with an endpoint after one more answer. */
export function healthAfter(health: EndpointHealth, answer: Answer, at: string): EndpointHealth {
  return isSuccess(answer)
    ? { lastSuccessAt: at, failingSince: null }
    : { ...health, failingSince: health.failingSince ?? at };
}

/** Why an endpoint is to be disabled after an answer; null where it is not. */
export function disablingReason(
  { failingSince }: EndpointHealth,
  answer: Answer,
  at: string,
): DisabledReason | null {
  if (isGone(answer)) {
    return 'gone';
  }
  const isFailing =
    failingSince !== null && Date.parse(at) - Date.parse(failingSince) >= FAILING_FOR_MS;
  return isFailing && !isSuccess(answer) ? 'failing' : null;
}

/** What a `Retry-After` header asks for, in milliseconds from now: seconds, or a date. */
export function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null || header.trim() === '') {
    return null;
  }
  if (/^\s*[0-9]{1,10}\s*$/.test(header)) {
    return Number(header) * SECOND;
  }
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
