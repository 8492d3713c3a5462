import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { RateState } from '../cache/rate-limits.ts';
import { rateExceeded } from '../domain/errors.ts';
import { uncounted, type WhileCounted, whileCounting } from '../operations/while-counted.ts';
import type { Caller } from './access.ts';
import type { Middleware } from './middleware.ts';
import type { Route } from './routes/route.ts';

/** Counts the calls of callers against their limits. */
export type RequestLimiter = {
  /** Counts one more call of an operation, of which there may be `limit` in any second. */
  admit(caller: string, operation: string, limit: number): Promise<RateState>;
};

/** One call that is being counted while its request is read. */
export type Admission = {
  /** Rejects with `rate.exceeded`; settles once the limit has answered. */
  readonly settled: Promise<void>;
  /** What is read before the first write goes through it. */
  readonly whileCounted: WhileCounted;
  /** The headers that tell the caller of the limit, once it has answered; none without a limit. */
  readonly headers: () => Readonly<Record<string, string>>;
};

const unlimited: Admission = {
  settled: Promise.resolve(),
  whileCounted: uncounted,
  headers: () => ({}),
};

/**
 * Counts one call of a route against its limit; `limiter` is null where limits are switched off. It
 * costs no time of its own, since the request is read meanwhile.
 */
export function beginAdmission(
  { rateLimit }: Pick<Route, 'rateLimit'>,
  caller: Pick<Caller, 'userId' | 'tokenId'>,
  limiter: RequestLimiter | null,
): Admission {
  if (rateLimit === undefined || limiter === null) {
    return unlimited;
  }
  const { operation, perSecond } = rateLimit;
  const { userId, tokenId } = caller;
  const who = userId === null ? `token:${tokenId}` : `user:${userId}`;
  let headers = {};
  const settled = limiter.admit(who, operation, perSecond).then((state) => {
    headers = headersOf(state, perSecond);
    if (!state.isAllowed) {
      throw rateExceeded(perSecond);
    }
  });
  // The request may fail before it awaits this one; an unhandled rejection would end the process.
  settled.catch(() => {});
  return { settled, whileCounted: whileCounting(settled), headers: () => headers };
}

const told = new WeakMap<APIGatewayProxyEvent, Admission>();

/** Has the answer of a request tell of its limit. */
export function tellOfLimit(event: APIGatewayProxyEvent, admission: Admission): void {
  told.set(event, admission);
}

/** Puts the headers of the limit into the answer, whichever it is. */
export function limitInAnswer(): Middleware {
  const tell: Middleware['after'] = async ({ event, response }) => {
    const admission = told.get(event);
    if (admission === undefined || !response) {
      return;
    }
    // A request that was refused for another reason has not waited for it.
    await admission.settled.catch(() => {});
    response.headers = { ...response.headers, ...admission.headers() };
  };
  return { after: tell, onError: tell };
}

function headersOf({ remaining, resetsAt }: RateState, limit: number): Record<string, string> {
  return {
    'X-Sentry-Rate-Limit-Limit': String(limit),
    'X-Sentry-Rate-Limit-Remaining': String(remaining),
    'X-Sentry-Rate-Limit-Reset': String(resetsAt),
  };
}
