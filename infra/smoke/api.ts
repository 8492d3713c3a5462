import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

const REQUEST_TIMEOUT_MS = 30_000;
const PAUSE_MS = 1_000;

/** A response, read to its end. */
export type Answer = {
  readonly status: number;
  /** The JSON of the body, or its text if that is not JSON. */
  readonly body: unknown;
  /** The id of the request in the logs; empty if the response has none. */
  readonly requestId: string;
};

export type Call = {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** The path below `/api/0/`. */
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
};

export type SmokeApi = ReturnType<typeof createSmokeApi>;

/** Calls the API at `url` until `signal` aborts. */
export function createSmokeApi(url: string, signal: AbortSignal) {
  async function call({ method = 'GET', path, token, body }: Call): Promise<Answer> {
    const response = await fetch(`${url}/api/0/${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    }).catch((error: Error) => {
      const { message, code } = (error.cause ?? error) as Error & { code?: string };
      throw new Error(
        `${method} ${url}/api/0/${path} failed without a response: ${message || code}`,
      );
    });
    return {
      status: response.status,
      body: parse(await response.text()),
      requestId: response.headers.get('x-request-id') ?? '',
    };
  }

  /**
   * Calls the API and checks the status and, if given, the body of the response.
   *
   * @throws Error with the expected and the actual response
   */
  async function expectAnswer(what: Call, status: number, body?: unknown): Promise<Answer> {
    const answer = await call(what);
    if (answer.status === status && (body === undefined || isDeepStrictEqual(answer.body, body))) {
      return answer;
    }
    const expected = body === undefined ? status : `${status} ${JSON.stringify(body)}`;
    throw new Error(
      `${what.method ?? 'GET'} /api/0/${what.path} should answer ${expected}, ` +
        `but answered ${inWords(answer)}`,
    );
  }

  return {
    expectAnswer,

    /**
     * Repeats a GET until its response is the expected one.
     *
     * @throws Error after `timeoutMs`
     */
    async waitFor(
      what: Omit<Call, 'method' | 'body'>,
      { until, timeoutMs }: { until: (body: unknown) => boolean; timeoutMs: number },
    ): Promise<void> {
      const endMs = Date.now() + timeoutMs;
      for (;;) {
        const { body } = await expectAnswer(what, 200);
        if (until(body)) {
          return;
        }
        if (Date.now() > endMs) {
          throw new Error(`Nothing of it was to be seen after ${timeoutMs / 1_000} s.`);
        }
        await delay(PAUSE_MS, undefined, { signal });
      }
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function inWords({ status, body, requestId }: Answer): string {
  const text = JSON.stringify(body).slice(0, 300);
  return `${status} ${text}${requestId === '' ? '' : ` (request ${requestId})`}`;
}
