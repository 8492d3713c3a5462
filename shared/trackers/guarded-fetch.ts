import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type AddressPolicy, guardedLookup, requireAllowedUrl } from './address-guard.ts';

/** The part of `fetch` that trackers use. */
export type Fetch = (url: string | URL, init?: FetchInit) => Promise<Response>;

type FetchInit = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | null;
};

/**
 * The limit for a whole exchange, including the body. A slower tracker is retried from the queue.
 */
const DEFAULT_TIMEOUT_MS = 8_000;

/** Far larger than any issue: protects the memory. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

const withoutBody = new Set([204, 205, 304]);

/** The error for an answer whose status no `Response` can have: 101, 600 and above. */
export type StrangeStatus = Error & {
  readonly code: 'BATON_STRANGE_STATUS';
  readonly status: number;
};

export function isStrangeStatus(error: unknown): error is StrangeStatus {
  return error instanceof Error && 'code' in error && error.code === 'BATON_STRANGE_STATUS';
}

function strangeStatus(status: number): StrangeStatus {
  const error = new Error(`The answer has the status ${status}.`);
  return Object.assign(error, { code: 'BATON_STRANGE_STATUS' as const, status });
}

export type GuardedFetchOptions = AddressPolicy & {
  readonly timeoutMs?: number;
  /** Of an answer only so much is read; null for all of it, which may not be too large then. */
  readonly keptBytes?: number | null;
  /** Whether the other side knows what it has by an id: then anything may be sent again. */
  readonly mayArriveTwice?: boolean;
  readonly lookup?: LookupFunction;
};

/**
 * A `fetch` that only connects to allowed addresses and never follows a redirect (the caller gets
 * the 3xx). It uses `node:https`, because the global `fetch` accepts no DNS lookup, and a check
 * before the fetch would resolve the name twice.
 */
export function createGuardedFetch({
  allowPrivateAddress,
  callee = 'tracker',
  timeoutMs = DEFAULT_TIMEOUT_MS,
  keptBytes = null,
  mayArriveTwice = false,
  lookup,
}: GuardedFetchOptions): Fetch {
  const policy = { allowPrivateAddress, callee };
  // Own agents: a pooled connection must not be used under another policy.
  const pool = { keepAlive: true, lookup: guardedLookup(policy, lookup) };
  const agents = { 'http:': new HttpAgent(pool), 'https:': new HttpsAgent(pool) };

  return async function guardedFetch(url, init = {}) {
    const target = new URL(url);
    requireAllowedUrl(target, policy);
    const protocol = target.protocol === 'https:' ? 'https:' : 'http:';
    const isRepeatable = mayArriveTwice || isRead(init);
    // One limit for all connections that are tried.
    const signal = AbortSignal.timeout(timeoutMs);
    const agent = agents[protocol];
    const connection = { protocol, agent, signal, keptBytes, isRepeatable } as const;
    for (;;) {
      const reply = await send(target, init, connection);
      if (reply !== 'closed while idle') {
        return reply;
      }
    }
  };
}

type Connection = {
  readonly protocol: 'http:' | 'https:';
  readonly agent: HttpAgent;
  readonly signal: AbortSignal;
  readonly keptBytes: number | null;
  readonly isRepeatable: boolean;
};

/**
 * One exchange over `node:http`, as a promise of the whole response. A connection that was used
 * before may have been closed since, by the other side or while Lambda had frozen the function: the
 * caller tries another one, at last a new one. A write is not sent again: it may have been taken
 * before the connection ended, and would create an issue twice.
 */
async function send(
  target: URL,
  { method = 'GET', headers, body = null }: FetchInit,
  { protocol, agent, signal, keptBytes, isRepeatable }: Connection,
): Promise<Response | 'closed while idle'> {
  const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return await new Promise<Response | 'closed while idle'>((resolve, reject) => {
    const open = protocol === 'https:' ? httpsRequest : httpRequest;
    const request = open(target, { method, headers: { ...headers, ...length }, agent, signal });
    let isAnswered = false;
    // An aborted exchange fails with a bare AbortError; `signal.reason` is the TimeoutError.
    const fail = (error: unknown) => reject(signal.aborted ? signal.reason : error);
    request.on('response', (message) => {
      isAnswered = true;
      readBody(message, keptBytes)
        .then((bytes) => responseOf(message, bytes))
        .then(resolve, fail);
    });
    // Without a listener the socket would be closed, and nothing said.
    request.on('upgrade', ({ statusCode = 101 }, socket) => {
      socket.destroy();
      fail(strangeStatus(statusCode));
    });
    request.on('error', (error) =>
      isRepeatable && !isAnswered && wasIdle(request, error) && !signal.aborted
        ? resolve('closed while idle')
        : fail(error),
    );
    request.end(body ?? undefined);
  });
}

/** Whether a call changes nothing there. */
function isRead({ method = 'GET' }: FetchInit): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Whether a request met a connection that had been closed while nobody used it. */
function wasIdle({ reusedSocket }: ClientRequest, error: Error): boolean {
  return reusedSocket && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

async function readBody(message: IncomingMessage, keptBytes: number | null): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (keptBytes !== null && size >= keptBytes) {
      message.destroy();
      return Buffer.concat([...chunks, chunk]).subarray(0, keptBytes);
    }
    if (size > MAX_BODY_BYTES) {
      message.destroy();
      throw new Error('The answer of the tracker is too large.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function responseOf({ statusCode: status = 0, headers }: IncomingMessage, bytes: Buffer): Response {
  if (status < 200 || status > 599) {
    throw strangeStatus(status);
  }
  const init = { status, headers: headersOf(headers) };
  return new Response(withoutBody.has(status) ? null : new Uint8Array(bytes), init);
}

function headersOf(given: IncomingMessage['headers']): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) {
      headers.append(name, one);
    }
  }
  return headers;
}
