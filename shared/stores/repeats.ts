import { AsyncLocalStorage } from 'node:async_hooks';
import { inFlight, type KeptAnswer, LEASE_MS, type RepeatRecord } from '../domain/idempotency.ts';
import {
  allOf,
  anyOf,
  attributeIs,
  attributeIsAtMost,
  type Condition,
  doesNotExist,
} from './conditions.ts';
import {
  itemsOf,
  type KeyedRequest,
  keyOf,
  type RepeatAddress,
  recordFromItems,
  secondsOf,
} from './repeat-items.ts';
import { number, read } from './rows.ts';
import type { Table } from './table.ts';
import { transactWithRetry } from './transact-with-retry.ts';
import type { Transact, TransactOutcome, Write } from './transaction.ts';

export type { KeyedRequest } from './repeat-items.ts';

/** How many transactions a request that has a record has committed. */
export type Commits = () => number;

type RecordedRequest = { readonly record: Write<'repeat'>; commits: number };

/** A request at work under its claim, and what it has noted of its work outside of the table. */
type Claimed = { readonly request: KeyedRequest; progress: string | null };

/** What a request has done outside of the table, where no transaction of ours holds it. */
export type Progress = {
  /** What it, or an earlier request under its key, has noted; null before the first note. */
  readonly noted: () => string | null;
  /** Throws `request.in_flight` where another request has the key by now. */
  readonly note: (progress: string | null) => Promise<void>;
};

export type RepeatStore = ReturnType<typeof createRepeatStore>;

/** What became of the requests that named a key, for 24 hours. */
export function createRepeatStore(table: Table, transact: Transact) {
  const recorded = new AsyncLocalStorage<RecordedRequest>();
  const claimed = new AsyncLocalStorage<Claimed>();

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

    /**
     * Claims a key for a request, with what an earlier one has noted. False where another one has
     * it.
     */
    claim(request: KeyedRequest, progress: string | null, now: number): Promise<boolean> {
      return write(request, claimOf(request, progress, now), now, isFree(now));
    },

    /** Runs a request that has claimed its key; `noted` says what it has noted so far. */
    underClaim<T>(
      request: KeyedRequest,
      progress: string | null,
      work: (noted: () => string | null) => Promise<T>,
    ): Promise<T> {
      const state: Claimed = { request, progress };
      return claimed.run(state, () => work(() => state.progress));
    },

    /**
     * What the request at work notes of its work outside of the table: kept with its key, so that
     * a repeat goes on from there; without a key only for as long as it runs.
     */
    progressOf(nowMs: () => number): Progress {
      const state: { readonly request?: KeyedRequest; progress: string | null } =
        claimed.getStore() ?? { progress: null };
      return {
        noted: () => state.progress,
        async note(progress) {
          const { request } = state;
          const now = nowMs();
          if (
            request !== undefined &&
            !(await write(request, claimOf(request, progress, now), now, isOwn(request)))
          ) {
            throw inFlight();
          }
          state.progress = progress;
        },
      };
    },

    /**
     * Runs a request whose record goes into the first transaction that it commits. That transaction
     * throws `request.in_flight` where the key is another request's by then.
     */
    runWithRecord<T>(request: KeyedRequest, now: number, work: (commits: Commits) => Promise<T>) {
      const [Item] = itemsOf(request, { ...begun(request, now), state: 'committed' }, now);
      const state: RecordedRequest = {
        record: { name: 'repeat', put: { Item, ...isFree(now) } },
        commits: 0,
      };
      return recorded.run(state, () => work(() => state.commits));
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

    /**
     * Gives a claimed key back: the request may be done again, from where it had got to if it has
     * noted anything.
     */
    async release(request: KeyedRequest, progress: string | null, now: number): Promise<void> {
      if (progress !== null) {
        const over = { ...claimOf(request, progress, now), leaseUntilMs: now };
        await write(request, over, now, isOwn(request));
        return;
      }
      const { pk, sk } = keyOf(request);
      await transactWithRetry(transact, [
        { name: 'repeat', delete: { Key: { pk, sk }, ...isOwn(request) } },
      ]);
    },

    /** Commits as `transact` does, with the record of the request at work. */
    addingRecord(commit: Transact): Transact {
      return (writes) => {
        const state = recorded.getStore();
        return state === undefined || writes.length === 0
          ? commit(writes)
          : commitWith(state, commit, writes);
      };
    },
  };
}

async function commitWith<const Name extends string>(
  state: RecordedRequest,
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

function begun({ fingerprint, requestId }: KeyedRequest, now: number) {
  return { fingerprint, requestId, leaseUntilMs: now + LEASE_MS };
}

function claimOf(request: KeyedRequest, progress: string | null, now: number): RepeatRecord {
  return { ...begun(request, now), state: 'claimed', progress };
}

function ended({ fingerprint, requestId }: KeyedRequest, answer: KeptAnswer | null): RepeatRecord {
  const known = { fingerprint, requestId, leaseUntilMs: 0 };
  return answer === null
    ? { ...known, state: 'committed' }
    : { ...known, state: 'answered', answer };
}
