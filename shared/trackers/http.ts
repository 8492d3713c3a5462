import type { TrackerReply } from '../domain/sync/failure.ts';
import { failureOf, failureOfError } from './failures.ts';
import type { Fetch } from './guarded-fetch.ts';

/** One request to a tracker's API. */
export type TrackerRequest = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API root, with its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
};

export type TrackerResponse = { readonly status: number; readonly body: unknown };

export type TrackerHttp = (request: TrackerRequest) => Promise<TrackerReply<TrackerResponse>>;

/** A renamed project costs one redirect, a renamed and moved one two. */
const MAX_REDIRECTS = 3;

/**
 * Speaks JSON with one tracker. Redirects are followed for reads only, and only within the API's
 * own origin: anywhere else the credentials would travel to a stranger.
 */
export function createTrackerHttp(options: {
  /** The tracker's name in reasons. */
  readonly label: string;
  readonly root: string;
  readonly headers: () => Readonly<Record<string, string>>;
  readonly fetch: Fetch;
  readonly now: () => number;
  /** Statuses that stand for a page to sign in at. */
  readonly signInStatuses?: readonly number[];
}): TrackerHttp {
  const { label, root, headers, fetch, now, signInStatuses = [] } = options;

  async function exchange(url: URL, request: TrackerRequest) {
    const { method = 'GET', body, contentType = 'application/json' } = request;
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'baton',
        ...headers(),
        ...(body === undefined ? {} : { 'content-type': contentType }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const parsed = parseJson(await response.text());
    return { status: response.status, headers: response.headers, body: parsed };
  }

  return async function send(request) {
    const canFollow = (request.method ?? 'GET') === 'GET';
    let url = new URL(`${root}${request.path}`);
    try {
      for (let redirects = 0; ; redirects += 1) {
        const response = await exchange(url, request);
        const { status, body } = response;
        if (signInStatuses.includes(status)) {
          const reason = `${label} wants to sign in.`;
          return { ok: false, failure: { kind: 'unauthorized', reason } };
        }
        if (status < 300) {
          return { ok: true, value: { status, body } };
        }
        const next = canFollow && redirects < MAX_REDIRECTS ? redirectWithin(url, response) : null;
        if (next === null) {
          return { ok: false, failure: failureOf(label, response, now()) };
        }
        url = next;
      }
    } catch (error) {
      return { ok: false, failure: failureOfError(label, error) };
    }
  };
}

/** Where a redirect leads, when it stays within the origin. */
export function redirectWithin(
  url: URL,
  response: { readonly status: number; readonly headers: Headers },
): URL | null {
  const location = response.headers.get('location');
  if (response.status < 300 || response.status >= 400 || location === null) {
    return null;
  }
  const next = URL.parse(location, url.href);
  return next !== null && next.origin === url.origin ? next : null;
}

/** The API root of a tracker: without a slash at the end, with `suffix` exactly once. */
export function apiRoot(baseUrl: string, suffix = ''): string {
  const trimmed = baseUrl.replace(/\/+$/, '');
  return trimmed.endsWith(suffix) ? trimmed : `${trimmed}${suffix}`;
}

/** An answer that has not the shape that the vendor documents. */
export function unreadable(label: string): TrackerReply<never> {
  return {
    ok: false,
    failure: {
      kind: 'transient',
      reason: `${label} sent an answer that could not be read.`,
      retryAfterMs: null,
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
