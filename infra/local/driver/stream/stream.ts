import { setTimeout as delay } from 'node:timers/promises';
import { callAws } from '../services/aws-json.ts';
import type { Position } from './checkpoint.ts';

const POLL_INTERVAL_MS = 50;
const RETRY_DELAY_MS = 200;
const PAGE_RECORDS = 1_000;
/** The position, or the shard that it lies in, is older than what the stream keeps. */
const GONE = new Set(['TrimmedDataAccessException', 'ResourceNotFoundException']);
const TARGET = 'DynamoDBStreams_20120810';

/**
 * A record as it travels to a function; `dynamodb` holds keys and images in DynamoDB's own
 * notation.
 */
export type StreamRecord = {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly Keys: Record<string, Record<string, string>>;
    readonly ApproximateCreationDateTime: number;
  };
};

export type Stream = ReturnType<typeof createStream>;

type StreamOptions = {
  endpoint: string;
  streamArn: string;
  /** The record after which to begin; without one it begins where `from` says. */
  position: Position | undefined;
  from: 'TRIM_HORIZON' | 'LATEST';
  /** Resolves when it can take more. */
  onRecords: (records: readonly StreamRecord[], shardId: string) => Promise<void>;
  warn: (line: string) => void;
};

/** Reads the stream of a table from a position to its end, and then whatever comes. */
export function createStream(options: StreamOptions) {
  const { endpoint, streamArn, onRecords, warn } = options;
  let { position } = options;
  let shardId = position?.shardId;
  let iterator: string | undefined;
  let stopped = false;
  let running: Promise<void> | undefined;
  let endNap = () => {};
  /** Somebody knows of something new since the last read began. */
  let isAwake = false;
  /** Those who wait for a read that begins after they asked. */
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

  /**
   * The shard that follows another one, the first without one. Other engines than ours close
   * shards.
   */
  const shardAfter = async (previous: string | undefined): Promise<string | undefined> => {
    const { StreamDescription } = await callAws<{
      StreamDescription: { Shards: { ShardId: string }[] };
    }>(endpoint, `${TARGET}.DescribeStream`, { StreamArn: streamArn });
    const ids = StreamDescription.Shards.map((shard) => shard.ShardId);
    return previous === undefined ? ids[0] : ids[ids.indexOf(previous) + 1];
  };

  /** Reads one page and hands it on. Gives how many records there were. */
  const readPage = async (): Promise<number> => {
    if (!iterator) {
      await findIterator();
    }
    if (!iterator || shardId === undefined) {
      return 0;
    }
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
      warn('the stream no longer holds the checkpoint; reading what it still holds.');
      position = undefined;
      shardId = undefined;
    } else if (code !== 'ExpiredIteratorException') {
      warn(`the stream could not be read: ${message}`);
    }
    await delay(RETRY_DELAY_MS);
  };

  /** Sleeps until the next poll when a read brought nothing and nobody waits for another one. */
  const nap = async (count: number) => {
    if (count > 0 || isAwake || asking.length > 0) {
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_INTERVAL_MS);
      endNap = () => {
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
        await nap(count);
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
    /** There may be something new: do not wait for the next poll. */
    wake(): void {
      isAwake = true;
      endNap();
    },
    /** Reads once more, from now on, and gives how many records that brought. */
    look(): Promise<number> {
      return new Promise((resolve) => {
        asking.push(resolve);
        endNap();
      });
    },
    async stop(): Promise<void> {
      stopped = true;
      endNap();
      await running;
    },
  };
}

/** Where to begin in a shard: after the last record that was read, if that is in this shard. */
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
