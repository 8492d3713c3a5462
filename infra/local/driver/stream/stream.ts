import { setTimeout as delay } from 'node:timers/promises';
import { callAws } from '../services/aws-json.ts';
import type { Position } from './checkpoint.ts';

/**
 * Between two reads while nothing wakes the stream. Writes through the stack's own address do;
 * those straight to the engine, as of the removal of expired items, wait for this.
 */
const POLL_INTERVAL_MS = 1_000;
const RETRY_DELAY_MS = 200;
const PAGE_RECORDS = 1_000;
/** Errors for a position or a shard that is older than what the stream keeps. */
const GONE = new Set(['TrimmedDataAccessException', 'ResourceNotFoundException']);
const TARGET = 'DynamoDBStreams_20120810';

/**
 * A record in the event of a function; `dynamodb` holds the keys and images as typed attributes.
 */
export type StreamRecord = {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly Keys: Record<string, Record<string, string>>;
    readonly OldImage?: Record<string, Record<string, unknown>>;
    readonly NewImage?: Record<string, Record<string, unknown>>;
    readonly ApproximateCreationDateTime: number;
  };
};

export type Stream = ReturnType<typeof createStream>;

type StreamOptions = {
  endpoint: string;
  streamArn: string;
  /** The record to start after; without one it starts as `from` says. */
  position: Position | undefined;
  from: 'TRIM_HORIZON' | 'LATEST';
  /** Takes the records of a page; resolves when it can take more. */
  onRecords: (records: readonly StreamRecord[], shardId: string) => Promise<void>;
  /**
   * Called when a read begins; what it returns is called after the records of that read, with
   * whether they were all that there were.
   */
  onRead?: () => (isWhole: boolean) => void;
  warn: (line: string) => void;
};

/** Reads the stream of a table from a position on, for as long as the process runs. */
export function createStream(options: StreamOptions) {
  const { endpoint, streamArn, onRecords, onRead = () => () => {}, warn } = options;
  let { position } = options;
  let shardId = position?.shardId;
  let iterator: string | undefined;
  let stopped = false;
  let running: Promise<void> | undefined;
  let endWait = () => {};
  /** Whether `wake` was called since the last read began. */
  let isAwake = false;
  /** The callers of `look`, which wait for a read that begins after their call. */
  let asking: ((count: number) => void)[] = [];

  const findIterator = async () => {
    shardId ??= await shardAfter(undefined);
    if (shardId === undefined) {
      return;
    }
    const answer = await callAws<{ ShardIterator: string }>(
      endpoint,
      `${TARGET}.GetShardIterator`,
      {
        StreamArn: streamArn,
        ShardId: shardId,
        ...startOfReading(position, shardId, options.from),
      },
    );
    iterator = answer.ShardIterator;
  };

  /** The shard after `previous`, or the first one. Engines other than dynoxide close shards. */
  const shardAfter = async (previous: string | undefined): Promise<string | undefined> => {
    const { StreamDescription } = await callAws<{
      StreamDescription: { Shards: { ShardId: string }[] };
    }>(endpoint, `${TARGET}.DescribeStream`, { StreamArn: streamArn });
    const ids = StreamDescription.Shards.map((shard) => shard.ShardId);
    return previous === undefined ? ids[0] : ids[ids.indexOf(previous) + 1];
  };

  /** Reads a page and passes it to `onRecords`; returns the number of records. */
  const readPage = async (): Promise<number> => {
    if (!iterator) {
      await findIterator();
    }
    if (!iterator || shardId === undefined) {
      return 0;
    }
    const endRead = onRead();
    const page = await callAws<{ Records: StreamRecord[]; NextShardIterator?: string }>(
      endpoint,
      `${TARGET}.GetRecords`,
      { ShardIterator: iterator, Limit: PAGE_RECORDS },
    );
    const last = page.Records.at(-1);
    if (last) {
      position = { shardId, sequenceNumber: last.dynamodb.SequenceNumber };
      await onRecords(page.Records, shardId);
    }
    endRead(page.Records.length < PAGE_RECORDS);
    iterator = page.NextShardIterator;
    if (!iterator) {
      shardId = (await shardAfter(shardId)) ?? shardId;
    }
    return page.Records.length;
  };

  const recover = async (error: unknown) => {
    if (stopped) {
      return;
    }
    const { code, message } = error as { code?: string; message: string };
    iterator = undefined;
    if (code && GONE.has(code)) {
      warn('the stream no longer has the checkpoint; reading from its oldest record.');
      position = undefined;
      shardId = undefined;
    } else if (code !== 'ExpiredIteratorException') {
      warn(`the stream could not be read: ${message}`);
    }
    await delay(RETRY_DELAY_MS);
  };

  /** Waits 1 s after an empty page, unless `wake` or `look` was called. */
  const waitForNext = async (count: number) => {
    if (count > 0 || isAwake || asking.length > 0) {
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_INTERVAL_MS);
      endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  };

  const readOn = async () => {
    while (!stopped) {
      const asked = asking;
      asking = [];
      isAwake = false;
      try {
        const count = await readPage();
        for (const answer of asked) {
          answer(count);
        }
        await waitForNext(count);
      } catch (error) {
        asking.push(...asked);
        await recover(error);
      }
    }
  };

  return {
    start(): void {
      running = readOn();
    },
    /** Ends the wait before the next read: there may be new records. */
    wake(): void {
      isAwake = true;
      endWait();
    },
    /** Resolves with the number of records of a read that began after this call. */
    look(): Promise<number> {
      return new Promise((resolve) => {
        asking.push(resolve);
        endWait();
      });
    },
    async stop(): Promise<void> {
      stopped = true;
      endWait();
      await running;
    },
  };
}

/** Where to start in a shard: after the last record that was read, if it was in this shard. */
function startOfReading(
  position: Position | undefined,
  shardId: string,
  from: StreamOptions['from'],
): { ShardIteratorType: string; SequenceNumber?: string } {
  if (position?.shardId === shardId) {
    return {
      ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
      SequenceNumber: position.sequenceNumber,
    };
  }
  return { ShardIteratorType: position ? 'TRIM_HORIZON' : from };
}
