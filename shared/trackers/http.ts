import { parseJsonOrNull } from '../domain/json.ts';
import type { TrackerReply } from '../domain/sync/failure.ts';
import { failureOf, failureOfError } from './failures.ts';
import type { Fetch } from './guarded-fetch.ts';

/** One request to a tracker's API. */
type TrackerRequest = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API root, with its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
};

export type TrackerResponse = { readonly status: number; readonly body: unknown };

export type TrackerHttp = (request: TrackerRequest) => Promise<TrackerReply<TrackerResponse>>;

/** A renamed project needs one redirect, a renamed and moved one two. */
const MAX_REDIRECTS = 3;

/**
 * Sends JSON requests to one tracker. Only reads follow redirects, and only within the API's
 * origin: elsewhere the credentials would go to a third party.
 */
export function createTrackerHttp(options: {
  /** The tracker's name in reasons. */
  readonly label: string;
  readonly root: string;
  readonly headers: () => Readonly<Record<string, string>>;
  readonly fetch: Fetch;
  readonly now: () => number;
  /** Statuses with which the tracker answers with its sign-in page. */
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
    const parsed = parseJsonOrNull(await response.text());
    return { status: response.status, headers: response.headers, body: parsed };
  }

  function mayRedirect(
    { method = 'GET' }: TrackerRequest,
    { status }: { readonly status: number },
  ) {
    return method === 'GET' && !signInStatuses.includes(status);
  }

  /** One request; a read follows up to three redirects within the API. */
  async function exchangeFollowing(request: TrackerRequest) {
    let url = new URL(`${root}${request.path}`);
    let response = await exchange(url, request);
    for (
      let redirects = 0;
      mayRedirect(request, response) && redirects < MAX_REDIRECTS;
      redirects += 1
    ) {
      const next = redirectWithin(url, response);
      if (next === null) {
        return response;
      }
      url = next;
      response = await exchange(url, request);
    }
    return response;
  }

  return async function send(request) {
    try {
      const response = await exchangeFollowing(request);
      const { status, body } = response;
      if (signInStatuses.includes(status)) {
        const reason = `${label} did not accept the credentials: it answered with its sign-in page.`;
        return { ok: false, failure: { kind: 'unauthorized', reason } };
      }
      return status < 300
        ? { ok: true, value: { status, body } }
        : { ok: false, failure: failureOf(label, response, now()) };
    } catch (error) {
      return { ok: false, failure: failureOfError(label, error) };
    }
  };
}

/** The target of a redirect within the origin; null for any other response. */
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

/** The API root of a tracker: without a slash at the end, and with `suffix` once. */
export function apiRoot(baseUrl: string, suffix = ''): string {
  const trimmed = baseUrl.replace(/\/+$/, '');
  return trimmed.endsWith(suffix) ? trimmed : `${trimmed}${suffix}`;
}

/** The key of the issue that an answer shows. */
export function keyOf(reply: TrackerReply<{ readonly key: string }>): TrackerReply<string> {
  return reply.ok ? { ok: true, value: reply.value.key } : reply;
}

/** The failure for an answer without the documented fields. */
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
