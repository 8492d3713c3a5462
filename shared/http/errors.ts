import type { DomainError, DomainErrorCode } from '../domain/errors.ts';
import type { ApiReply } from './endpoint.ts';

/** The status that each error has over HTTP. */
const statusOfError: Readonly<Record<DomainErrorCode, number>> = {
  'request.malformed': 400,
  'request.invalid': 400,
  'request.too_large': 413,
  'request.media_type': 415,
  'request.key_reused': 422,
  'request.in_flight': 409,
  'request.answer_lost': 409,
  'access.unauthenticated': 401,
  'access.invalid_token': 401,
  'access.forbidden': 403,
  'access.invalid_signature': 401,
  'resource.not_found': 404,
  'resource.moved': 302,
  conflict: 409,
  'precondition.failed': 412,
  'rate.exceeded': 429,
  'ids.exhausted': 503,
  'ids.unavailable': 503,
  'table.throttled': 503,
  'bus.unavailable': 503,
};

/**
 * What is worth trying again, and in how many seconds: a cache that failed is left alone for three.
 */
const retryAfterSeconds: Partial<Record<DomainErrorCode, string>> = {
  'request.in_flight': '1',
  'rate.exceeded': '1',
  'ids.exhausted': '1',
  'ids.unavailable': '3',
  'table.throttled': '1',
  'bus.unavailable': '1',
};

/**
 * The body of an answer that nobody foresaw; what happened is in the log, under the same request
 * id.
 */
export const internalErrorBody = JSON.stringify({ detail: 'Internal Error' });

/** The answer to a broken rule: messages per field where there are some, else `{"detail": ...}`. */
export function errorReply(error: DomainError): ApiReply & { readonly status: number } {
  const retryAfter = retryAfterSeconds[error.code];
  const location = locationOf(error);
  return {
    status: statusOfError[error.code],
    body: error.fields ?? { detail: error.detail, ...error.extra },
    headers: {
      ...(retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
      ...(location === undefined ? {} : { Location: location }),
    },
  };
}

/**
 * What moved says itself where it is now: `{"detail": {"code", "message", "extra": {"url",
 * "slug"}}}`.
 */
function locationOf(error: DomainError): string | undefined {
  if (error.code !== 'resource.moved' || typeof error.detail === 'string') {
    return undefined;
  }
  const { extra } = error.detail;
  if (typeof extra !== 'object' || extra === null || !('url' in extra)) {
    return undefined;
  }
  return typeof extra.url === 'string' ? extra.url : undefined;
}
