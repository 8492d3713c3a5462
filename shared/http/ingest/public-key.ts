import type { ApiRequest } from '../endpoint.ts';

/** `Sentry sentry_version=7, sentry_key=..., sentry_client=...` */
const KEY_IN_HEADER = /(?:^Sentry |,)\s*sentry_key\s*=\s*([^\s,]+)/i;

/**
 * The public key that an SDK names: in `X-Sentry-Auth`, in `Authorization`, or as `sentry_key` of
 * the query. Undefined without one.
 */
export function publicKeyOf({
  headers,
  query,
}: Pick<ApiRequest, 'headers' | 'query'>): string | undefined {
  const named = [headers['x-sentry-auth'], headers.authorization].map(
    (header) => KEY_IN_HEADER.exec(header?.trim() ?? '')?.[1],
  );
  return named.find((key) => key !== undefined) ?? (query.get('sentry_key') || undefined);
}
