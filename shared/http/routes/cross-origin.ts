/** Stands for every origin, where no secret is asked for. */
export const EVERY_ORIGIN = '*';

/** What a page of another origin may send. */
export const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Encoding',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'X-Sentry-Auth',
  'baggage',
  'sentry-trace',
] as const;

/** What of an answer such a page may read, beside its status and its body. */
export const EXPOSED_HEADERS = [
  'Content-Location',
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'Retry-After',
  'X-Baton-Matched',
  'X-Baton-Operation',
  'X-Baton-Sorted-Within',
  'X-Baton-Truncated',
  'X-Baton-Updated',
  'X-Hits',
  'X-Request-Id',
  'X-Sentry-Rate-Limit-Limit',
  'X-Sentry-Rate-Limit-Remaining',
  'X-Sentry-Rate-Limit-Reset',
  'X-Sentry-Rate-Limits',
  'X-Total-Count',
] as const;
