import { AsyncLocalStorage } from 'node:async_hooks';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  inFlight,
  KEPT_SECONDS,
  type KeptAnswer,
  LEASE_MS,
  type RepeatRecord,
} from '../domain/idempotency.ts';
import {
  allOf,
  anyOf,
  attributeIs,
  attributeIsAtMost,
  type Condition,
  doesNotExist,
} from './conditions.ts';
import { repeatKeys } from './keys.ts';
import { mapOf, nullable, number, oneOf, read, rowReader, text } from './rows.ts';
import type { Item, Table } from './table.ts';
import { cutText, joinText, textItems } from './text-parts.ts';
import { transactWithRetry } from './transact-with-retry.ts';
import type { Transact, TransactOutcome, Write } from './transaction.ts';

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

/** How many transactions a request has committed that carries its record. */
export type Commits = () => number;

type Carrying = { readonly record: Write<'repeat'>; commits: number };

/** What compressed answers hold at most, in text: one transaction takes 4 MB. */
const LARGEST_BODY = 3_000_000;

export type RepeatStore = ReturnType<typeof createRepeatStore>;

/** What became of the requests that named a key, for 24 hours. */
export function createRepeatStore(table: Table, transact: Transact) {
  const carrying = new AsyncLocalStorage<Carrying>();

  /** Writes a record on a condition. */
  async function write(
    request: KeyedRequest,
    record: RepeatRecord,
    now: number,
    condition: Condition,
  ): Promise<boolean> {
    const [head, ...parts] = itemsOf(request, record, now);
    const outcome = await transactWithRetry(transact, [
      { name: 'repeat', put: { Item: head, ...condition } },
      ...parts.map((Item) => ({ name: 'text' as const, put: { Item } })),
    ]);
    return outcome.committed;
  }

  return {
    /** The record of a key; undefined where there is none, or it has expired. One Query. */
    async find(address: RepeatAddress, now: number): Promise<RepeatRecord | undefined> {
      const items = await table.queryAll({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': keyOf(address).pk },
        ConsistentRead: true,
      });
      const head = items.find(({ entity }) => entity === 'repeat');
      // The table removes what has expired when it finds the time.
      return head === undefined || read(head, 'expiresAt', number) <= secondsOf(now)
        ? undefined
        : recordFromItems(head, items);
    },

    /** Claims a key for a request. False where another one has it. */
    claim(request: KeyedRequest, now: number): Promise<boolean> {
      return write(request, begun(request, 'claimed', now), now, isFree(now));
    },

    /**
     * Runs a request whose record goes into the first transaction that it commits. That transaction
     * throws `request.in_flight` where the key is another request's by then.
     */
    carry<T>(request: KeyedRequest, now: number, work: (commits: Commits) => Promise<T>) {
      const [Item] = itemsOf(request, begun(request, 'committed', now), now);
      const state: Carrying = {
        record: { name: 'repeat', put: { Item, ...isFree(now) } },
        commits: 0,
      };
      return carrying.run(state, () => work(() => state.commits));
    },

    /**
     * Keeps the answer of a request that has its key, or says that it will not be known. False
     * where the key is no longer its own.
     */
    keep(request: KeyedRequest, answer: KeptAnswer | null, now: number): Promise<boolean> {
      return write(request, ended(request, answer), now, isOwn(request));
    },

    /** Keeps the answer of a request that wrote nothing. False where another one has the key. */
    keepNew(request: KeyedRequest, answer: KeptAnswer, now: number): Promise<boolean> {
      return write(request, ended(request, answer), now, isFree(now));
    },

    /** Gives a claimed key back: the request may be done again. */
    async release(request: KeyedRequest): Promise<void> {
      const { pk, sk } = keyOf(request);
      await transactWithRetry(transact, [
        { name: 'repeat', delete: { Key: { pk, sk }, ...isOwn(request) } },
      ]);
    },

    /** Commits as `transact` does, with the record that the request at work carries. */
    carriedBy(commit: Transact): Transact {
      return (writes) => {
        const state = carrying.getStore();
        return state === undefined || writes.length === 0
          ? commit(writes)
          : commitWith(state, commit, writes);
      };
    },
  };
}

async function commitWith<const Name extends string>(
  state: Carrying,
  commit: Transact,
  writes: readonly Write<Name>[],
): Promise<TransactOutcome<Name>> {
  const all: readonly Write<Name | 'repeat'>[] =
    state.commits > 0 ? writes : [...writes, state.record];
  const outcome = await commit(all);
  if (outcome.committed) {
    state.commits += 1;
    return outcome;
  }
  if (isRecord(outcome.refused)) {
    throw inFlight();
  }
  // Without the record's, the names are those of the writes that were given.
  return outcome as TransactOutcome<Name>;
}

function isRecord(refused: readonly string[]): boolean {
  return refused.includes('repeat');
}

/** The key is nobody's: it was never used, or what used it is over or died before it was done. */
function isFree(now: number): Condition {
  return anyOf(
    doesNotExist,
    attributeIsAtMost('expiresAt', secondsOf(now)),
    allOf(attributeIs('state', 'claimed'), attributeIsAtMost('leaseUntilMs', now)),
  );
}

function isOwn({ requestId }: KeyedRequest): Condition {
  return attributeIs('requestId', requestId);
}

function begun(
  { fingerprint, requestId }: KeyedRequest,
  state: 'claimed' | 'committed',
  now: number,
): RepeatRecord {
  return { fingerprint, requestId, leaseUntilMs: now + LEASE_MS, state };
}

function ended({ fingerprint, requestId }: KeyedRequest, answer: KeptAnswer | null): RepeatRecord {
  const known = { fingerprint, requestId, leaseUntilMs: 0 };
  return answer === null
    ? { ...known, state: 'committed' }
    : { ...known, state: 'answered', answer };
}

/** A record as the table holds it: its own row, then the parts of the answer's body. */
function itemsOf(request: KeyedRequest, record: RepeatRecord, now: number): [Item, ...Item[]] {
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
  if (record.state !== 'answered') {
    return [{ ...head, state: record.state, parts: 0 }];
  }
  const { status, headers, body } = record.answer;
  const compressed = gzipSync(body).toString('base64');
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
function recordFromItems(head: Item, items: readonly Item[]): RepeatRecord {
  const { state, status, headers, parts, version, ...known } = rowFromItem(head);
  if (state !== 'answered') {
    return { ...known, state };
  }
  const compressed = joinText(items.filter(isPart), { parts, version });
  if (compressed === undefined || status === null) {
    return { ...known, state: 'claimed', leaseUntilMs: version + LEASE_MS };
  }
  const body = gunzipSync(Buffer.from(compressed, 'base64')).toString();
  return { ...known, state, answer: { status, headers: headers ?? {}, body } };
}

const rowFromItem = rowReader<{
  readonly fingerprint: string;
  readonly requestId: string;
  readonly leaseUntilMs: number;
  readonly state: RepeatRecord['state'];
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly parts: number;
  readonly version: number;
}>({
  fingerprint: text,
  requestId: text,
  leaseUntilMs: number,
  state: oneOf(['claimed', 'committed', 'answered']),
  status: nullable(number),
  headers: nullable(mapOf(text)),
  parts: number,
  version: number,
});

function isPart({ entity }: Item): boolean {
  return entity === 'text';
}

function keyOf({ reach, tokenId, hash }: RepeatAddress) {
  return repeatKeys.record(reach, tokenId, hash);
}

function secondsOf(nowMs: number): number {
  return Math.floor(nowMs / 1000);
}
