import { firstCodePoints } from '../domain/code-points.ts';
import type { TrackerFailure } from '../domain/sync/failure.ts';
import { isAddressRefusal } from './address-guard.ts';
import { at, listAt, textAt } from './json.ts';
import { parseProviderTime } from './provider-time.ts';

/** The response that a failure is derived from. */
export type FailedResponse = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
};

/**
 * The longest pause that a tracker can ask for: a wrong clock there must not stop the sync for
 * days.
 */
const LONGEST_PAUSE_MS = 60 * 60 * 1_000;

/** The pause for a rate limit without a time. */
const DEFAULT_PAUSE_MS = 60_000;

const transientStatuses = new Set([408, 425]);
const staleStatuses = new Set([409, 412]);
const goneStatuses = new Set([404, 410, 451]);

/**
 * The failure for a response that is not a success. `label` is the tracker's name in the reason.
 */
export function failureOf(label: string, response: FailedResponse, nowMs: number): TrackerFailure {
  const { status, headers } = response;
  const reason = `${label} answered ${status}${explanation(response.body)}`;
  if (isRateLimit(response)) {
    return {
      kind: 'rateLimited',
      reason,
      untilMs: pauseUntilMs(headers, nowMs),
      ...scopeOf(headers),
    };
  }
  if (status >= 500 || transientStatuses.has(status)) {
    const retryAtMs = retryAfterMs(headers, nowMs);
    return {
      kind: 'transient',
      reason,
      retryAfterMs: retryAtMs === null ? null : retryAtMs - nowMs,
    };
  }
  if (status >= 300 && status < 400) {
    return { kind: 'blocked', reason: `${label} redirects to another address.` };
  }
  if (status === 401) {
    return { kind: 'unauthorized', reason };
  }
  if (staleStatuses.has(status)) {
    return { kind: 'stale', reason };
  }
  return { kind: goneStatuses.has(status) ? 'broken' : 'rejected', reason };
}

/** The failure for an exchange without a response. */
export function failureOfError(label: string, error: unknown): TrackerFailure {
  if (isAddressRefusal(error)) {
    return { kind: 'blocked', reason: error.message };
  }
  const timedOut = error instanceof Error && error.name === 'TimeoutError';
  const reason = timedOut ? `${label} did not answer in time.` : `${label} could not be reached.`;
  return { kind: 'transient', reason, retryAfterMs: null };
}

/** GitHub says 403 as well as 429, Azure DevOps sends its limits with 429 and 503. */
function isRateLimit({ status, headers, body }: FailedResponse): boolean {
  if (status === 429) {
    return true;
  }
  if (status !== 403) {
    return false;
  }
  return (
    headers.has('retry-after') ||
    headers.get('x-ratelimit-remaining') === '0' ||
    /rate limit/i.test(textAt(body, 'message') ?? '')
  );
}

/**
 * Jira has a separate limit for writes to one issue, which leaves the integration's other links
 * running.
 */
function scopeOf(headers: Headers): { scope: 'integration' | 'link' } {
  const reason = headers.get('ratelimit-reason') ?? '';
  return { scope: reason === 'jira-per-issue-on-write' ? 'link' : 'integration' };
}

function pauseUntilMs(headers: Headers, nowMs: number): number {
  const resetMs =
    epochMs(headers.get('x-ratelimit-reset')) ?? epochMs(headers.get('ratelimit-reset'));
  const untilMs = retryAfterMs(headers, nowMs) ?? resetMs ?? nowMs + DEFAULT_PAUSE_MS;
  // A reset in the past would lead to a retry without a pause.
  const earliestMs = nowMs + 1_000;
  return Math.min(Math.max(untilMs, earliestMs), nowMs + LONGEST_PAUSE_MS);
}

/** `Retry-After` in epoch milliseconds. The header holds seconds or an HTTP date. */
function retryAfterMs(headers: Headers, nowMs: number): number | null {
  const value = headers.get('retry-after')?.trim();
  if (!value) {
    return null;
  }
  const atMs = /^\d+(\.\d+)?$/.test(value) ? nowMs + Number(value) * 1_000 : Date.parse(value);
  return Number.isNaN(atMs) ? null : Math.min(Math.max(atMs, nowMs), nowMs + LONGEST_PAUSE_MS);
}

/** GitHub, GitLab and Azure DevOps send epoch seconds, Jira ISO 8601. */
function epochMs(value: string | null): number | null {
  if (value === null) {
    return null;
  }
  return /^\d+$/.test(value) ? Number(value) * 1_000 : parseProviderTime(value);
}

/** The tracker's own error message, from the field of each tracker. */
function explanation(body: unknown): string {
  const said =
    textAt(body, 'message') ??
    textAt(body, 'error') ??
    firstText([...listAt(body, 'errorMessages'), ...listAt(body, 'errors')]) ??
    firstText(valuesAt(body, 'errors'));
  return said === null ? '.' : `: ${firstCodePoints(said.replace(/\s+/g, ' '), 200)}`;
}

function valuesAt(body: unknown, name: string): readonly unknown[] {
  const found = at(body, name);
  return typeof found === 'object' && found !== null ? Object.values(found) : [];
}

function firstText(values: readonly unknown[]): string | null {
  return values.find((value): value is string => typeof value === 'string') ?? null;
}
