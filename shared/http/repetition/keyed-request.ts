import { createHash } from 'node:crypto';
import { DomainError } from '../../domain/errors.ts';
import { type KeptAnswer, parseIdempotencyKey } from '../../domain/idempotency.ts';
import { type AnswerOnceDeps, answerOnce } from '../../operations/answer-once.ts';
import type { FunctionLog } from '../../operations/deps.ts';
import { readDryRun } from '../bulk/dry-run.ts';
import type { ApiReply } from '../endpoint.ts';
import { errorReply } from '../errors.ts';
import type { ReadRequest } from '../read-request.ts';
import { type Route, takesKey } from '../routes/route.ts';

export type KeyedRequestDeps = {
  readonly log: FunctionLog;
  /** What every function over the table has. */
  readonly repeats?: AnswerOnceDeps['repeats'];
  /** Finds a secret again that an answer has shown; what routes have that show any. */
  readonly revealSecret?: (reference: string, requestId: string) => Promise<string>;
};

type Received = {
  readonly route: Route;
  readonly request: ReadRequest;
  /** The body as it was sent. */
  readonly text: string;
};

/**
 * Answers a request, a write with an `Idempotency-Key` only once: its repeats, and no request of
 * another token or another organization, get the same answer with `Idempotency-Replayed: true`. The
 * call is counted and the token's scopes are checked for every one of them. Throws
 * `request.invalid` for what is no key.
 */
export async function answerKeyed(
  { repeats, log, revealSecret }: KeyedRequestDeps,
  { route, request, text }: Received,
  call: () => Promise<ApiReply>,
): Promise<ApiReply> {
  const key = takesKey(route) ? parseIdempotencyKey(request.headers['idempotency-key']) : null;
  // What is only tried is tried again.
  if (key === null || readDryRun(request.query)) {
    return call();
  }
  if (repeats === undefined) {
    throw new Error(`The function of ${route.operation} has no store of repeats: wire its table.`);
  }
  const { answer, isReplayed } = await answerOnce(
    { repeats, log, nowMs: Date.now },
    {
      reach: reachOf(request),
      tokenId: request.caller.tokenId,
      hash: hashOf(key),
      fingerprint: hashOf(route.method, request.path, String(request.query), text),
      requestId: request.initiator.requestId,
      claimsKey: route.claimsKey === true,
      whileCounted: request.whileCounted,
    },
    async () => toKept(route, await replyOf(call)),
  );
  const reply = fromKept(answer, isReplayed);
  return revealSecret === undefined
    ? reply
    : withSecret(route, reply, (reference) => revealSecret(reference, request.initiator.requestId));
}

/** A token that reaches other organizations than before finds nothing from then. */
function reachOf({ organizations }: ReadRequest): string {
  const ids = organizations.map(({ id }) => id).sort();
  const [only] = ids;
  return only !== undefined && ids.length === 1 ? only : hashOf(...ids);
}

/** A refusal is an answer like others; what is a fault of ours is thrown, and logged as ever. */
async function replyOf(call: () => Promise<ApiReply>): Promise<ApiReply> {
  try {
    return await call();
  } catch (error) {
    const refusal = error instanceof DomainError ? errorReply(error) : null;
    if (refusal === null || refusal.status >= 500) {
      throw error;
    }
    return refusal;
  }
}

function toKept(
  { showsSecret, operation }: Route,
  { status, headers, etag, body, secretReference }: ApiReply,
): KeptAnswer {
  const isRefusal = status >= 400;
  if (showsSecret === true && secretReference === undefined && !isRefusal) {
    throw new Error(`The answer of ${operation} does not say where its secret lies.`);
  }
  return {
    status,
    headers: { ...headers, ...(etag === undefined ? {} : { ETag: etag }) },
    body: body === undefined ? '' : JSON.stringify(withoutSecret(body, secretReference)),
  };
}

/** The body as it is kept: with the reference in place of the secret. */
function withoutSecret(body: unknown, reference: string | undefined): unknown {
  return reference === undefined ? body : { ...(body as object), secret: reference };
}

/** The answer as it was given: kept answers of such routes hold a reference for the secret. */
async function withSecret(
  { showsSecret }: Route,
  reply: ApiReply,
  reveal: (reference: string) => Promise<string>,
): Promise<ApiReply> {
  if (showsSecret !== true || reply.status >= 400) {
    return reply;
  }
  const body = reply.body as { readonly secret: string };
  return { ...reply, body: { ...body, secret: await reveal(body.secret) } };
}

function fromKept({ status, headers, body }: KeptAnswer, isReplayed: boolean): ApiReply {
  return {
    status,
    headers: { ...headers, ...(isReplayed ? { 'Idempotency-Replayed': 'true' } : {}) },
    ...(body === '' ? {} : { body: JSON.parse(body) }),
  };
}

function hashOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
