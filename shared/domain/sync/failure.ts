/**
 * Why a tracker did not do what it was asked to, sorted by what should happen next. `reason` is a
 * sentence for the link's users: it names no secret.
 */
export type TrackerFailure =
  /** Network, time limit, 5xx, 408, 425. */
  | { readonly kind: 'transient'; readonly reason: string; readonly retryAfterMs: number | null }
  /** Somebody else wrote first: read again and decide again. */
  | { readonly kind: 'stale'; readonly reason: string }
  | {
      readonly kind: 'rateLimited';
      readonly reason: string;
      readonly untilMs: number;
      readonly scope: 'integration' | 'link';
    }
  /** The credentials are not, or no longer, accepted. */
  | { readonly kind: 'unauthorized'; readonly reason: string }
  /** The tracker understood and refuses: no permission, or a person that cannot be assigned. */
  | { readonly kind: 'rejected'; readonly reason: string }
  /** There is no such issue (any more). */
  | { readonly kind: 'broken'; readonly reason: string }
  /** The integration's address may not be called, or leads somewhere else. */
  | { readonly kind: 'blocked'; readonly reason: string };

/** What a call to a tracker comes back with. */
export type TrackerReply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: TrackerFailure };

/** What a worker does about a failure. */
export type FailureVerdict =
  /** Later, by the message's visibility; `attempts` is what the link counts from now on. */
  | { readonly kind: 'retry'; readonly delayMs: number; readonly attempts: number }
  /** At once, from a fresh read. */
  | { readonly kind: 'again' }
  /** Nothing of this scope before then; a pause is nobody's attempt. */
  | { readonly kind: 'pause'; readonly untilMs: number; readonly scope: 'integration' | 'link' }
  /** Refresh the credentials (once, by one worker) and go on. */
  | { readonly kind: 'refresh' }
  /** The integration needs its owner: its links wait. */
  | { readonly kind: 'reauthorize'; readonly linkStatus: 'pending' }
  /** It will not work by trying: tell the link's users. */
  | { readonly kind: 'stop'; readonly linkStatus: 'rejected' | 'broken' | 'blocked' }
  /** Enough: to the dead letters, the sweeper will look again. */
  | { readonly kind: 'exhausted'; readonly linkStatus: 'pending' };

/** What follows from a failure, given what was already tried. */
export function decideFailure(
  failure: TrackerFailure,
  tried: {
    /** Failed attempts before this one. */
    readonly attempts: number;
    /** Failed attempts after which a message is given up; pauses do not count. */
    readonly maxAttempts: number;
    /** Whether the credentials were refreshed in this attempt. */
    readonly refreshed: boolean;
    /** How often this attempt has started over from a fresh read. */
    readonly rereads: number;
    readonly backoffMs: (attempt: number) => number;
  },
): FailureVerdict {
  switch (failure.kind) {
    case 'transient':
      return retry(tried, failure.retryAfterMs);
    case 'stale':
      return tried.rereads < MAX_REREADS ? { kind: 'again' } : retry(tried, null);
    case 'rateLimited':
      return { kind: 'pause', untilMs: failure.untilMs, scope: failure.scope };
    case 'unauthorized':
      return tried.refreshed ? { kind: 'reauthorize', linkStatus: 'pending' } : { kind: 'refresh' };
    case 'rejected':
    case 'broken':
    case 'blocked':
      return { kind: 'stop', linkStatus: failure.kind };
  }
}

/** Fresh reads within one attempt; beyond them somebody is writing faster than we can. */
export const MAX_REREADS = 5;

function retry(
  tried: {
    readonly attempts: number;
    readonly maxAttempts: number;
    readonly backoffMs: (attempt: number) => number;
  },
  retryAfterMs: number | null,
): FailureVerdict {
  const attempts = tried.attempts + 1;
  if (attempts >= tried.maxAttempts) {
    return { kind: 'exhausted', linkStatus: 'pending' };
  }
  const delayMs = Math.max(tried.backoffMs(tried.attempts), retryAfterMs ?? 0);
  return { kind: 'retry', delayMs, attempts };
}
