import { firstCodePoints } from '../domain/code-points.ts';
import type { TrackerFailure } from '../domain/sync/failure.ts';
import { isAddressRefusal } from './address-guard.ts';
import { at, listAt, textAt } from './json.ts';
import { parseProviderTime } from './provider-time.ts';

/** What a failure is judged by. */
export type FailedResponse = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
};

/** Waits are the tracker's wish, within reason: a mistaken clock must not silence us for days. */
const LONGEST_PAUSE_MS = 60 * 60 * 1_000;

/** When a tracker limits us without saying until when. */
const DEFAULT_PAUSE_MS = 60_000;

const transientStatuses = new Set([408, 425]);
const staleStatuses = new Set([409, 412]);
const goneStatuses = new Set([404, 410, 451]);

/** Sorts an answer that is not a success. `label` is the tracker's name in the reason. */
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

/** Sorts an exchange that ended without an answer. */
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

/** Jira limits writes to one issue on their own: the integration's other links go on. */
function scopeOf(headers: Headers): { scope: 'integration' | 'link' } {
  const reason = headers.get('ratelimit-reason') ?? '';
  return { scope: reason === 'jira-per-issue-on-write' ? 'link' : 'integration' };
}

function pauseUntilMs(headers: Headers, nowMs: number): number {
  const resetMs =
    epochMs(headers.get('x-ratelimit-reset')) ?? epochMs(headers.get('ratelimit-reset'));
  const untilMs = retryAfterMs(headers, nowMs) ?? resetMs ?? nowMs + DEFAULT_PAUSE_MS;
  // A reset that is already past would have us knock again at once.
  const earliestMs = nowMs + 1_000;
  return Math.min(Math.max(untilMs, earliestMs), nowMs + LONGEST_PAUSE_MS);
}

/** `Retry-After` as a moment: it holds seconds or an HTTP date. */
function retryAfterMs(headers: Headers, nowMs: number): number | null {
  const value = headers.get('retry-after')?.trim();
  if (!value) {
    return null;
  }
  const atMs = /^\d+(\.\d+)?$/.test(value) ? nowMs + Number(value) * 1_000 : Date.parse(value);
  return Number.isNaN(atMs) ? null : Math.min(Math.max(atMs, nowMs), nowMs + LONGEST_PAUSE_MS);
}

/** GitHub, GitLab and Azure DevOps count seconds, Jira writes ISO 8601. */
function epochMs(value: string | null): number | null {
  if (value === null) {
    return null;
  }
  return /^\d+$/.test(value) ? Number(value) * 1_000 : parseProviderTime(value);
}

/** The tracker's own words, in whichever place it keeps them. */
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
