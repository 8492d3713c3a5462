import { KEPT_SECONDS, LEASE_MS, type RepeatRecord } from '../domain/idempotency.ts';
import { repeatKeys } from './keys/repeat-keys.ts';
import { damaged, mapOf, nullable, number, oneOf, rowReader, text } from './rows.ts';
import type { Item } from './table.ts';
import { cutText, joinText, textItems } from './text-parts.ts';

/** Whose record it is, under which key: no other token and no other organization finds it. */
export type RepeatAddress = {
  /** The organization, or a hash of those that the token reaches. */
  readonly reach: string;
  readonly tokenId: string;
  /** Of the key. */
  readonly hash: string;
};

/** A request that names a key. */
export type KeyedRequest = RepeatAddress & {
  readonly fingerprint: string;
  readonly requestId: string;
};

/** Loaded with the first request that names a key, and not at each cold start. */
const zlib = () => process.getBuiltinModule('node:zlib');

/** What compressed answers hold at most, in text: one transaction takes 4 MB. */
const LARGEST_BODY = 3_000_000;

/** A record as the table holds it: its own row, then the parts of the answer's body. */
export function itemsOf(
  request: KeyedRequest,
  record: RepeatRecord,
  now: number,
): [Item, ...Item[]] {
  const { reach, tokenId, hash } = request;
  const { fingerprint, requestId, leaseUntilMs } = record;
  const common = { version: now, expiresAt: secondsOf(now) + KEPT_SECONDS };
  const head = {
    ...keyOf(request),
    entity: 'repeat',
    fingerprint,
    requestId,
    leaseUntilMs,
    ...common,
  };
  if (record.state === 'claimed') {
    return [{ ...head, state: record.state, progress: record.progress, parts: 0 }];
  }
  if (record.state === 'committed') {
    return [{ ...head, state: record.state, parts: 0 }];
  }
  const { status, headers, body } = record.answer;
  const compressed = zlib().gzipSync(body).toString('base64');
  if (compressed.length > LARGEST_BODY) {
    return [{ ...head, state: 'committed', parts: 0 }];
  }
  const parts = cutText(compressed).length;
  return [
    { ...head, state: 'answered', status, headers, parts },
    ...textItems((part) => repeatKeys.body(reach, tokenId, hash, part), compressed, common),
  ];
}

/** An answer whose parts are being written is as good as in flight. */
export function recordFromItems(head: Item, items: readonly Item[]): RepeatRecord {
  const { state, status, headers, parts, version, progress, ...known } = rowFromItem(head);
  if (state === 'claimed') {
    return { ...known, state, progress };
  }
  if (state === 'committed') {
    return { ...known, state };
  }
  const compressed = joinText(items.filter(isPart), { parts, version });
  if (compressed === undefined || status === null) {
    return { ...known, state: 'claimed', progress, leaseUntilMs: version + LEASE_MS };
  }
  const body = uncompressed(compressed, head);
  return { ...known, state, answer: { status, headers: headers ?? {}, body } };
}

function uncompressed(text: string, row: Item): string {
  try {
    return zlib().gunzipSync(Buffer.from(text, 'base64')).toString();
  } catch {
    return damaged('compressed text', text, { row, path: 'text' });
  }
}

const rowFromItem = rowReader<{
  readonly fingerprint: string;
  readonly requestId: string;
  readonly leaseUntilMs: number;
  readonly state: RepeatRecord['state'];
  readonly progress: string | null;
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly parts: number;
  readonly version: number;
}>({
  fingerprint: text,
  requestId: text,
  leaseUntilMs: number,
  state: oneOf(['claimed', 'committed', 'answered']),
  progress: nullable(text),
  status: nullable(number),
  headers: nullable(mapOf(text)),
  parts: number,
  version: number,
});

function isPart({ entity }: Item): boolean {
  return entity === 'text';
}

/** Where the record of a key is. */
export function keyOf({ reach, tokenId, hash }: RepeatAddress) {
  return repeatKeys.record(reach, tokenId, hash);
}

/** As the table counts until when it keeps a row. */
export function secondsOf(nowMs: number): number {
  return Math.floor(nowMs / 1000);
}
