import type { Route } from '../../shared/http/routes.ts';

const text = { type: 'string' } as const;
const number = { type: 'integer', minimum: 0 } as const;

/** The headers of answers, by their names. */
export const ANSWER_HEADERS = {
  'X-Request-Id': {
    description: 'The id of the request, by which its lines of the log are found.',
    schema: text,
  },
  Link: {
    description:
      'The pages before and after this one: `<url>; rel="previous"; results="false"; cursor="..."`, then the same with `rel="next"`. `results="true"` says that there is something on that page; follow its address, or send its `cursor`.',
    schema: text,
  },
  ETag: {
    description:
      'Changes whenever people edit what is shown. Send it back in `If-Match` to change only what you have seen, in `If-None-Match` to be told whether it has changed.',
    schema: text,
  },
  'Idempotency-Replayed': {
    description: '`true` where the answer is that of an earlier request under the same key.',
    schema: { ...text, const: 'true' },
  },
  'X-Baton-Matched': { description: 'How many of the named issues exist.', schema: number },
  'X-Baton-Operation': {
    description: 'The operation that a write over more than one issue is recorded as.',
    schema: text,
  },
  'X-Baton-Updated': {
    description: 'How many issues were changed, or accepted for deletion.',
    schema: number,
  },
  'X-Baton-Truncated': {
    description: '`true` where there may be more issues than one request looks at.',
    schema: { ...text, const: 'true' },
  },
  'X-Baton-Sorted-Within': {
    description:
      'The order holds among so many issues, those that were seen last; absent where it holds among all.',
    schema: number,
  },
  'X-Total-Count': {
    description: 'How many there are on all pages; of more than about 50,000 what was counted.',
    schema: number,
  },
  'X-Sentry-Rate-Limit-Limit': {
    description: 'How many calls of this kind a caller may make in any second.',
    schema: number,
  },
  'X-Sentry-Rate-Limit-Remaining': {
    description: 'How many of them are left.',
    schema: number,
  },
  'X-Sentry-Rate-Limit-Reset': {
    description: 'When all of them are there again, in unix seconds.',
    schema: number,
  },
  'Retry-After': { description: 'In how many seconds to try again.', schema: number },
  Location: { description: 'Where the thing is now.', schema: text },
} as const;

export type HeaderName = keyof typeof ANSWER_HEADERS;

/** What every list of issues says of itself. */
export const LISTED: readonly HeaderName[] = ['X-Baton-Truncated', 'X-Baton-Sorted-Within'];

/** What every bulk write says of itself. */
export const COUNTED: readonly HeaderName[] = [
  'X-Baton-Matched',
  'X-Baton-Updated',
  'X-Baton-Truncated',
  'X-Baton-Operation',
];

/** What a dry run of a write of one issue says of itself. */
export const TRIED: readonly HeaderName[] = ['X-Baton-Matched', 'X-Baton-Updated'];

/** What every limited call says of its limit. */
const LIMITED: readonly HeaderName[] = [
  'X-Sentry-Rate-Limit-Limit',
  'X-Sentry-Rate-Limit-Remaining',
  'X-Sentry-Rate-Limit-Reset',
];

/** What an answer of a route says of its limit. */
export function limitOf({ rateLimit }: Route): readonly HeaderName[] {
  return rateLimit === undefined ? [] : LIMITED;
}

/** Headers of an answer, by their names. */
export function headersNamed(names: readonly HeaderName[]) {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
