import * as v from 'valibot';
import type { DomainErrorCode } from '../../../shared/domain/errors.ts';
import { type Documentation, made } from '../row.ts';

const KEY =
  'The client key is named in the header `X-Sentry-Auth` or as `sentry_key`. The body may be packed: `gzip`, `deflate` or `br`, 1 MiB when it is unpacked. Pages of every origin may send it. An event that is sent twice counts once. Beyond the limit of its key it is answered 429, with `X-Sentry-Rate-Limits: {seconds}:error:key`.';

const refusals: readonly DomainErrorCode[] = [
  'access.unauthenticated',
  'access.forbidden',
  'request.media_type',
  'bus.unavailable',
];

const fromSdk = { tag: 'Events', query: ['sentry_key'], refusals } as const;

const EVENT_ID = 'fc6d8c0c43fc4630ad850ee518f1b9d0';
const key = { query: { sentry_key: [made('createProjectKey')] } };

/** What the API document says of the addresses that SDKs make of a DSN. */
export const INGEST_OPERATIONS = {
  receiveEnvelope: {
    ...fromSdk,
    summary: 'Take an envelope of an SDK: its errors become events of issues.',
    description: `An envelope holds one event at most; its other items are accepted and not kept. ${KEY}`,
    body: v.pipe(
      v.record(v.string(), v.unknown()),
      v.description('The first line of an envelope; its items follow on lines of their own.'),
    ),
    example: { ...key, body: { event_id: EVENT_ID } },
  },
  receiveEvent: {
    ...fromSdk,
    summary: 'Take one event of an SDK that knows no envelopes.',
    description: KEY,
    body: v.pipe(v.record(v.string(), v.unknown()), v.description('An event of Sentry’s shape.')),
    example: {
      ...key,
      body: { event_id: EVENT_ID, level: 'error', message: 'The till is empty.' },
    },
  },
} as const satisfies Documentation;
