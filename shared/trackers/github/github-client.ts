import type { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import type { TrackerReply } from '../../domain/sync/failure.ts';
import { bearerOf } from '../credentials.ts';
import { failureOf, failureOfError } from '../failures.ts';
import { apiRoot, redirectWithin, type TrackerResponse } from '../http.ts';
import { at, integerAt } from '../json.ts';
import type { TrackerOptions } from '../tracker.ts';

const LABEL = 'GitHub';
const MAX_REDIRECTS = 3;

type GitHubCall = {
  /** In Octokit's notation: `GET /repos/{owner}/{repo}`. */
  readonly route: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Authorized as the App itself (a JWT) instead of its installation. */
  readonly asApp?: boolean;
};

export type GitHubClient = (call: GitHubCall) => Promise<TrackerReply<TrackerResponse>>;

type AppAuth = ReturnType<typeof createAppAuth>;

/** Octokit with the guarded fetch, our credentials, and failures as values. */
export function createGitHubClient(options: TrackerOptions): GitHubClient {
  const { credentials, fetch, now } = options;
  const root = apiRoot(options.baseUrl);
  const silent = () => undefined;
  const octokit = new Octokit({
    baseUrl: root,
    userAgent: 'baton',
    request: { fetch },
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  let appAuth: Promise<AppAuth> | undefined;

  // The module that signs JWTs is as large as the rest of this client: only Apps load it.
  function auth(): Promise<AppAuth> {
    appAuth ??= import('@octokit/auth-app').then(({ createAppAuth }) => {
      if (credentials.kind !== 'app') {
        throw new Error('Only an App signs with a key.');
      }
      const { appId, installationId, privateKey } = credentials;
      return createAppAuth({ appId, installationId, privateKey, request: octokit.request });
    });
    return appAuth;
  }

  async function authorization(asApp: boolean, refresh: boolean): Promise<string> {
    if (credentials.kind !== 'app') {
      return bearerOf(credentials);
    }
    const sign = await auth();
    const { token } = asApp
      ? await sign({ type: 'app' })
      : await sign({ type: 'installation', refresh });
    return `Bearer ${token}`;
  }

  /** One request; a read follows up to three redirects within the API. */
  async function exchange(call: GitHubCall, headers: { readonly authorization: string }) {
    let response = await octokit.request(call.route, { ...call.parameters, headers });
    const maxRedirects = call.route.startsWith('GET ') ? MAX_REDIRECTS : 0;
    for (let redirects = 0; redirects < maxRedirects; redirects += 1) {
      const next = redirectOf(root, response);
      if (next === null) {
        break;
      }
      response = await octokit.request({ method: 'GET', url: next.href, headers });
    }
    return response;
  }

  async function attempt(
    call: GitHubCall,
    refresh: boolean,
  ): Promise<TrackerReply<TrackerResponse>> {
    try {
      const headers = { authorization: await authorization(call.asApp === true, refresh) };
      const response = await exchange(call, headers);
      return response.status < 300
        ? { ok: true, value: { status: response.status, body: response.data } }
        : { ok: false, failure: failureFrom(response, now()) };
    } catch (error) {
      // Octokit reports an exchange without a response as a 500.
      const answered = at(error, 'response');
      return answered === undefined
        ? { ok: false, failure: failureOfError(LABEL, at(error, 'cause') ?? error) }
        : { ok: false, failure: failureFrom(answered, now()) };
    }
  }

  return async function call(request) {
    const reply = await attempt(request, false);
    // An installation's token may be revoked within its hour; the key signs another.
    const renewable = credentials.kind === 'app' && request.asApp !== true;
    return !reply.ok && reply.failure.kind === 'unauthorized' && renewable
      ? await attempt(request, true)
      : reply;
  };
}

function failureFrom(response: unknown, nowMs: number) {
  return failureOf(
    LABEL,
    {
      status: integerAt(response, 'status') ?? 500,
      headers: headersOf(response),
      body: at(response, 'data'),
    },
    nowMs,
  );
}

function headersOf(response: unknown): Headers {
  return new Headers(Object.entries(at(response, 'headers') ?? {}).map(([k, v]) => [k, String(v)]));
}

function redirectOf(root: string, response: { readonly status: number }): URL | null {
  return redirectWithin(new URL(root), { status: response.status, headers: headersOf(response) });
}
