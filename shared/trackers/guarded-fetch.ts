import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type AddressPolicy, guardedLookup, requireAllowedUrl } from './address-guard.ts';

/** The part of `fetch` that trackers use. */
export type Fetch = (url: string | URL, init?: FetchInit) => Promise<Response>;

export type FetchInit = {
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

export type GuardedFetchOptions = AddressPolicy & {
  readonly timeoutMs?: number;
  /** Of an answer only so much is read; null for all of it, which may not be too large then. */
  readonly keptBytes?: number | null;
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
    return await send(target, init, { protocol, agent: agents[protocol], timeoutMs, keptBytes });
  };
}

type Connection = {
  readonly protocol: 'http:' | 'https:';
  readonly agent: HttpAgent;
  readonly timeoutMs: number;
  readonly keptBytes: number | null;
};

/** One exchange over `node:http`, as a promise of the whole response. */
async function send(
  target: URL,
  { method = 'GET', headers, body = null }: FetchInit,
  { protocol, agent, timeoutMs, keptBytes }: Connection,
): Promise<Response> {
  const signal = AbortSignal.timeout(timeoutMs);
  const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return await new Promise<Response>((resolve, reject) => {
    const open = protocol === 'https:' ? httpsRequest : httpRequest;
    const request = open(target, { method, headers: { ...headers, ...length }, agent, signal });
    // An aborted exchange fails with a bare AbortError; `signal.reason` is the TimeoutError.
    const fail = (error: unknown) => reject(signal.aborted ? signal.reason : error);
    request.on('response', (message) => {
      readBody(message, keptBytes)
        .then((bytes) => responseOf(message, bytes))
        .then(resolve, fail);
    });
    request.on('error', fail);
    request.end(body ?? undefined);
  });
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

function responseOf(message: IncomingMessage, bytes: Buffer): Response {
  const status = message.statusCode ?? 502;
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) {
      headers.append(name, one);
    }
  }
  return new Response(withoutBody.has(status) ? null : new Uint8Array(bytes), { status, headers });
}
