import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Matches } from '../events/pattern.ts';
import { failedItems, fittingCount } from '../lambda/batch.ts';
import type { LocalFunction } from '../lambda/functions.ts';
import type { Queue } from '../queues/queue.ts';
import { LOCAL_REGION } from '../services/aws-json.ts';
import { causesOf, type InFlight, type Root, type Work } from '../services/in-flight.ts';
import type { Observe } from '../services/observation.ts';
import type { StreamRecord } from './stream.ts';
import { itemOf } from './write-log.ts';

const FIRST_RETRY_DELAY_MS = 100;
const MAX_RETRY_DELAY_MS = 5_000;
/** Reading of the stream pauses while more records than this wait. */
const MAX_BACKLOG = 2_000;

export type StreamMappingSettings = {
  readonly batchSize: number;
  /** -1 for no limit. */
  readonly maxRetryAttempts: number;
  /** Undefined for no limit. */
  readonly maxRecordAgeMs: number | undefined;
  readonly bisectOnError: boolean;
  readonly reportsItemFailures: boolean;
  readonly parallelization: number;
  readonly filters: readonly Matches[];
  readonly onFailure: Queue | undefined;
};

type Entry = { readonly record: StreamRecord; readonly work: Work; readonly readAtMs: number };

export type StreamMapping = ReturnType<typeof createStreamMapping>;

type StreamMappingOptions = {
  streamArn: string;
  target: LocalFunction;
  settings: StreamMappingSettings;
  inFlight: InFlight;
  observe: Observe;
  warn: (line: string) => void;
};

/**
 * Delivers the records of a stream to a function in batches, in order for each item, with retries.
 */
export function createStreamMapping({
  streamArn,
  target,
  settings,
  inFlight,
  observe,
  warn,
}: StreamMappingOptions) {
  const workers = Array.from({ length: settings.parallelization }, () => createWorker());
  let stopped = false;
  let backlog = 0;
  let onRoom: (() => void)[] = [];

  const finish = (entries: readonly Entry[]) => {
    backlog -= entries.length;
    for (const { work } of entries) {
      work.end();
    }
    if (backlog > MAX_BACKLOG) {
      return;
    }
    const waiting = onRoom;
    onRoom = [];
    for (const resolve of waiting) {
      resolve();
    }
  };

  function createWorker() {
    let waiting: Entry[] = [];
    let running = false;

    const run = async () => {
      running = true;
      while (waiting.length > 0 && !stopped) {
        const count = fittingCount(waiting, settings.batchSize, sizeOf);
        const batch = waiting.slice(0, count);
        waiting = waiting.slice(count);
        await deliver(batch, 0);
      }
      running = false;
    };

    return {
      add(entry: Entry): void {
        waiting.push(entry);
        if (!running) {
          void run();
        }
      },
    };
  }

  const tell = (batch: readonly Entry[], attempt: number) => {
    for (const { record, work } of batch) {
      const causes = causesOf(work.roots);
      observe({ what: 'record', causes, reader: target.name, attempt, item: itemOf(record) });
    }
  };

  /** Delivers a batch until each of its records has succeeded or was given up. */
  const deliver = async (batch: readonly Entry[], attempt: number): Promise<void> => {
    if (stopped || batch.length === 0) {
      return;
    }
    tell(batch, attempt + 1);
    const failedAt = await invoke(batch);
    if (failedAt === undefined) {
      return finish(batch);
    }
    finish(batch.slice(0, failedAt));
    const rest = batch.slice(failedAt);
    // After progress the count of attempts restarts: another record fails now.
    const attempts = failedAt > 0 ? 1 : attempt + 1;
    const ageMs = Date.now() - (rest[0]?.readAtMs ?? 0);
    const exhausted = exhaustedLimit(settings, ageMs, attempts);
    return exhausted ? giveUp(rest, exhausted, attempts) : retry(rest, attempts);
  };

  /** Delivers a batch once more after 100 ms x 2^(attempts - 1), at most 5 s. */
  const retry = async (batch: readonly Entry[], attempts: number): Promise<void> => {
    const pauseMs = Math.min(FIRST_RETRY_DELAY_MS * 2 ** (attempts - 1), MAX_RETRY_DELAY_MS);
    await delay(pauseMs, undefined, { ref: false });
    if (!settings.bisectOnError || batch.length === 1) {
      return deliver(batch, attempts);
    }
    const middle = Math.ceil(batch.length / 2);
    await deliver(batch.slice(0, middle), 0);
    return deliver(batch.slice(middle), 0);
  };

  /**
   * Invokes the function; returns the index of the first record that failed, undefined if none did.
   */
  const invoke = async (batch: readonly Entry[]): Promise<number | undefined> => {
    const roots = new Set<Root>(batch.flatMap(({ work }) => [...work.roots]));
    const Records = batch.map(({ record }) => ({
      ...record,
      awsRegion: LOCAL_REGION,
      eventSource: 'aws:dynamodb',
      eventSourceARN: streamArn,
    }));
    const outcome = await target.invoke({ Records }, { roots, patient: true });
    const ids = batch.map(({ record }) => record.dynamodb.SequenceNumber);
    const failed = failedItems(outcome, ids, settings.reportsItemFailures);
    if (failed.length === 0) {
      return undefined;
    }
    return Math.min(...failed.map((id) => ids.indexOf(id)));
  };

  const giveUp = (entries: readonly Entry[], condition: ExhaustedLimit, attempts: number) => {
    const [first, last] = [entries[0], entries.at(-1)];
    warn(`${target.name} gave up ${entries.length} stream records after ${attempts} attempts.`);
    settings.onFailure?.send({
      body: JSON.stringify({
        requestContext: {
          requestId: randomUUID(),
          functionArn: target.arn,
          condition,
          approximateInvokeCount: attempts,
        },
        version: '1.0',
        timestamp: new Date().toISOString(),
        DDBStreamBatchInfo: {
          startSequenceNumber: first?.record.dynamodb.SequenceNumber,
          endSequenceNumber: last?.record.dynamodb.SequenceNumber,
          batchSize: entries.length,
          streamArn,
        },
      }),
    });
    finish(entries);
  };

  return {
    /** Whether the record matches a filter of the mapping. */
    wants: (record: StreamRecord) =>
      settings.filters.length === 0 || settings.filters.some((matches) => matches(record)),
    offer(record: StreamRecord, root: Root): void {
      const work = inFlight.begin(`stream record for ${target.name}`, new Set([root]));
      backlog += 1;
      workers[workerOf(record, workers.length)]?.add({ record, work, readAtMs: Date.now() });
    },
    /** Resolves when at most 2,000 records wait. */
    room(): Promise<void> {
      if (backlog <= MAX_BACKLOG || stopped) {
        return Promise.resolve();
      }
      return new Promise((resolve) => onRoom.push(resolve));
    },
    stop(): void {
      stopped = true;
      for (const resolve of onRoom) {
        resolve();
      }
    },
  };
}

/** Why records are given up, as in the message to the failure destination. */
type ExhaustedLimit = 'RecordAgeExceeded' | 'RetryAttemptsExhausted';

/** The limit that is exhausted; undefined while retries are left. */
function exhaustedLimit(
  { maxRecordAgeMs, maxRetryAttempts }: StreamMappingSettings,
  ageMs: number,
  attempts: number,
): ExhaustedLimit | undefined {
  if (maxRecordAgeMs !== undefined && ageMs > maxRecordAgeMs) {
    return 'RecordAgeExceeded';
  }
  return maxRetryAttempts >= 0 && attempts > maxRetryAttempts
    ? 'RetryAttemptsExhausted'
    : undefined;
}

function sizeOf({ record }: Entry): number {
  return JSON.stringify(record).length;
}

/** All records of one item go to one worker, by a hash of its key. */
function workerOf(record: StreamRecord, workers: number): number {
  if (workers === 1) {
    return 0;
  }
  const text = JSON.stringify(record.dynamodb.Keys);
  let hash = 0;
  for (const character of text) {
    hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  }
  return hash % workers;
}
