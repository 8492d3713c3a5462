/**
 * Why a call to a tracker failed, by what should happen next. `reason` is a sentence for the users
 * of the link, without any secret.
 */
export type TrackerFailure =
  /** Network, time limit, 5xx, 408, 425. */
  | { readonly kind: 'transient'; readonly reason: string; readonly retryAfterMs: number | null }
  /** The issue changed since it was read: read it again and decide again. */
  | { readonly kind: 'stale'; readonly reason: string }
  | {
      readonly kind: 'rateLimited';
      readonly reason: string;
      readonly untilMs: number;
      readonly scope: 'integration' | 'link';
    }
  /** The tracker does not accept the credentials. */
  | { readonly kind: 'unauthorized'; readonly reason: string }
  /** The tracker refuses the request: no permission, or a person that cannot be assigned. */
  | { readonly kind: 'rejected'; readonly reason: string }
  /** The issue does not exist (any more). */
  | { readonly kind: 'broken'; readonly reason: string }
  /** The integration's address must not be called, or redirects to another one. */
  | { readonly kind: 'blocked'; readonly reason: string };

/** The result of a call to a tracker. */
export type TrackerReply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: TrackerFailure };

/** What a worker does after a failure. */
export type FailureVerdict =
  /**
   * Try again later, through the message's visibility timeout. `attempts` is the link's new count.
   */
  | { readonly kind: 'retry'; readonly delayMs: number; readonly attempts: number }
  /** Try again now, after a fresh read. */
  | { readonly kind: 'again' }
  /**
   * No call for this integration or link before `untilMs`. A pause does not count as an attempt.
   */
  | { readonly kind: 'pause'; readonly untilMs: number; readonly scope: 'integration' | 'link' }
  /** Refresh the credentials (once, by one worker) and try again. */
  | { readonly kind: 'refresh' }
  /** The owner of the integration must renew the credentials; its links wait. */
  | { readonly kind: 'reauthorize'; readonly linkStatus: 'pending' }
  /** A retry would not help: show the failure to the users of the link. */
  | { readonly kind: 'stop'; readonly linkStatus: 'rejected' | 'broken' | 'blocked' }
  /**
   * No attempts left: the message goes to the dead letters, and the sweeper checks the link later.
   */
  | { readonly kind: 'exhausted'; readonly linkStatus: 'pending' };

/** Decides what a worker does after a failure. */
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

/** Fresh reads within one attempt. More of them mean that others write faster than we can. */
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
