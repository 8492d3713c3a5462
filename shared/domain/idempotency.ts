import { DomainError, invalidRequest } from './errors.ts';

/** For how long an answer is kept under its key. */
export const KEPT_SECONDS = 24 * 60 * 60;
/** For how long a key is its request's, longer than any function runs. */
export const LEASE_MS = 60_000;

/** Printable ASCII, which is what a header can hold anywhere. */
const keyForm = /^[\x20-\x7e]{1,255}$/;

/** An answer as it was given: the body is its text, empty where there was none. */
export type KeptAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/**
 * What is known of the request that a key was used for. `claimed`: it is being worked on, and has
 * not said that anything was written; `progress` is what it has noted of its work elsewhere.
 * `committed`: what it writes is written, and its answer is not known yet. `answered`: its answer
 * is known.
 */
export type RepeatRecord = {
  /** Of the request's method, path and body. */
  readonly fingerprint: string;
  readonly requestId: string;
  readonly leaseUntilMs: number;
} & (
  | { readonly state: 'claimed'; readonly progress: string | null }
  | { readonly state: 'committed' }
  | { readonly state: 'answered'; readonly answer: KeptAnswer }
);

/** What becomes of a request that names a key. */
export type Repetition =
  /** With what an earlier request under the key has noted, which died before it was done. */
  | { readonly kind: 'run'; readonly progress: string | null }
  | { readonly kind: 'replay'; readonly answer: KeptAnswer }
  | { readonly kind: 'refuse'; readonly error: DomainError };

/** The key of an `Idempotency-Key` header; null without one. Throws `request.invalid`. */
export function parseIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined) {
    return null;
  }
  if (!keyForm.test(header)) {
    throw invalidRequest('The header Idempotency-Key has to be 1 to 255 printable characters.');
  }
  return header;
}

/**
 * What becomes of a request, by the record of its key: undefined where there is none, or it has
 * expired. A claim whose lease has run out was of a request that died before it was done: it may
 * be done again, from where it had got to. One that died after its commit is not: its answer is
 * lost.
 */
export function decideRepetition(
  record: RepeatRecord | undefined,
  { fingerprint, nowMs }: { readonly fingerprint: string; readonly nowMs: number },
): Repetition {
  if (record === undefined || isForgotten(record, nowMs)) {
    return { kind: 'run', progress: null };
  }
  if (record.fingerprint !== fingerprint) {
    return { kind: 'refuse', error: keyReused() };
  }
  if (record.state === 'answered') {
    return { kind: 'replay', answer: record.answer };
  }
  if (record.leaseUntilMs > nowMs) {
    return { kind: 'refuse', error: inFlight() };
  }
  return record.state === 'claimed'
    ? { kind: 'run', progress: record.progress }
    : { kind: 'refuse', error: answerLost(record.requestId) };
}

/** Whether an answer is kept. After the others the request may be tried again, and then runs. */
export function isKept(status: number): boolean {
  return status < 500 && status !== 409 && status !== 412 && status !== 429;
}

/** A request with the same key is being worked on. */
export function inFlight(): DomainError {
  return new DomainError(
    'request.in_flight',
    'A request with this Idempotency-Key is in flight. Please try again in a second.',
  );
}

/** A claim that has run out, of a request that noted nothing, holds its key no longer. */
function isForgotten(record: RepeatRecord, nowMs: number): boolean {
  return record.state === 'claimed' && record.leaseUntilMs <= nowMs && record.progress === null;
}

/** The key of a request is that of another one. */
export function keyReused(): DomainError {
  return new DomainError(
    'request.key_reused',
    'This Idempotency-Key was used for a request with another method, path or body.',
  );
}

/** A request under this key was applied by a process that died before it could answer. */
export function answerLost(requestId: string): DomainError {
  return new DomainError(
    'request.answer_lost',
    'This request was applied, and its answer was lost. It is not applied again: read what it changed.',
    { extra: { requestId } },
  );
}
