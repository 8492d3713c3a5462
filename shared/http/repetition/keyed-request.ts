import { createHash } from 'node:crypto';
import { DomainError } from '../../domain/errors.ts';
import { type KeptAnswer, parseIdempotencyKey } from '../../domain/idempotency.ts';
import { type AnswerOnceDeps, answerOnce } from '../../operations/answer-once.ts';
import type { FunctionLog } from '../../operations/deps.ts';
import type { ApiReply } from '../endpoint.ts';
import { errorReply } from '../errors.ts';
import type { ReadRequest } from '../read-request.ts';
import { type Route, takesKey } from '../routes/route.ts';

export type KeyedRequestDeps = {
  readonly log: FunctionLog;
  /** What every function over the table has. */
  readonly repeats?: AnswerOnceDeps['repeats'];
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
  { repeats, log }: KeyedRequestDeps,
  { route, request, text }: Received,
  call: () => Promise<ApiReply>,
): Promise<ApiReply> {
  const key = takesKey(route) ? parseIdempotencyKey(request.headers['idempotency-key']) : null;
  if (key === null) {
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
    async () => toKept(await replyOf(call)),
  );
  return fromKept(answer, isReplayed);
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

function toKept({ status, headers, etag, body }: ApiReply): KeptAnswer {
  return {
    status,
    headers: { ...headers, ...(etag === undefined ? {} : { ETag: etag }) },
    body: body === undefined ? '' : JSON.stringify(body),
  };
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
