import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Count, FunctionLog } from '../operations/deps.ts';
import { type Reading, type ReadMessage, readBody, type UnreadableReason } from './read-message.ts';

/** A message that could be read. */
export type Received<T> = {
  readonly messageId: string;
  readonly body: T;
  /** How often it was received before. */
  readonly receives: number;
};

/**
 * How the work on a message ended: `done` removes it; `later` brings it again, after `delayMs` or,
 * for null, after the queue's own visibility timeout; `dead` puts it with the dead letters at once.
 */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'later'; readonly delayMs: number | null }
  | { readonly kind: 'dead'; readonly reason: string };

export type ConsumerDeps = {
  readonly log: FunctionLog;
  readonly count: Count;
  /**
   * Puts a message with the dead letters. Null in a function that cannot reach SQS: there it stays
   * in its queue, which gives it up after too many receives.
   */
  readonly bury: ((record: SQSRecord) => Promise<void>) | null;
};

/** What a consumer is made of. */
export type Consumer<T> = {
  /**
   * Messages of one group of a `fifo` queue are worked on one after the other, those of a
   * `standard` one together.
   */
  readonly queue: 'standard' | 'fifo';
  readonly read: ReadMessage<T>;
  /**
   * Begins the work on the messages of a batch that could be read, at least one, and answers how
   * each of them ends. What is thrown for a message means `later`.
   */
  readonly start: (
    messages: readonly Received<T>[],
    context: Context,
  ) => (message: Received<T>) => Promise<Outcome>;
  /** What the log may say of a message; never its content. */
  readonly describe?: (body: T) => Readonly<Record<string, unknown>>;
  /** Hides a message that comes again. Without it the queue's visibility timeout passes. */
  readonly hide?: (record: SQSRecord, delayMs: number) => Promise<void>;
  /** How long a message waits whose work threw; without this, for the queue's own time. */
  readonly delayAfterFailure?: (receives: number) => number;
};

/**
 * The Lambda handler of a queue: the one way in which batches are consumed. Each message ends on
 * its own, whatever the others do. One that can never be read is counted and logged, without its
 * content, and goes to the dead letters at once.
 */
export function consume<T>(deps: ConsumerDeps, consumer: Consumer<T>) {
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    deps.log.begin(context);
    const readings = new Map(
      event.Records.map((record) => [record.messageId, readRecord(record, consumer.read)]),
    );
    const received = [...readings.values()].flatMap((one) => (one.ok ? [one.value] : []));
    const work = received.length === 0 ? null : consumer.start(received, context);
    const handle = async (record: SQSRecord) => {
      const reading = readings.get(record.messageId) ?? readRecord(record, consumer.read);
      if (!reading.ok) {
        return giveUpUnreadable(deps, record, reading.reason);
      }
      if (work !== null) {
        await finish(deps, consumer, { record, message: reading.value }, work);
      }
    };
    const options = { context, throwOnFullBatchFailure: false } as const;
    return consumer.queue === 'fifo'
      ? processPartialResponse(event, handle, new SqsFifoPartialProcessorAsync(), {
          ...options,
          skipGroupOnError: true,
        })
      : processPartialResponse(event, handle, new BatchProcessor(EventType.SQS), options);
  };
}

function readRecord<T>(record: SQSRecord, read: ReadMessage<T>): Reading<Received<T>> {
  const reading = readBody(record.body, read);
  if (!reading.ok) {
    return reading;
  }
  const { messageId } = record;
  return { ok: true, value: { messageId, body: reading.value, receives: receivesOf(record) } };
}

async function finish<T>(
  deps: ConsumerDeps,
  consumer: Consumer<T>,
  { record, message }: { readonly record: SQSRecord; readonly message: Received<T> },
  work: (message: Received<T>) => Promise<Outcome>,
): Promise<void> {
  const outcome = await work(message).catch((error: unknown): Outcome => {
    const { messageId, receives, body } = message;
    deps.log.error('A message could not be worked on; it will come again.', {
      messageId,
      receives,
      ...consumer.describe?.(body),
      reason: error instanceof Error ? error.message : String(error),
    });
    return { kind: 'later', delayMs: consumer.delayAfterFailure?.(receives) ?? null };
  });
  switch (outcome.kind) {
    case 'done':
      return;
    case 'dead':
      deps.log.error('A message is given up.', { messageId: record.messageId, ...outcome });
      return moveToDeadLetters(deps, record);
    case 'later':
      if (outcome.delayMs !== null) {
        await consumer.hide?.(record, outcome.delayMs);
      }
      throw new Error('The message comes again.');
  }
}

async function giveUpUnreadable(
  deps: ConsumerDeps,
  record: SQSRecord,
  reason: UnreadableReason,
): Promise<void> {
  // Where its queue has to give it up, it comes again, and is one message.
  if (receivesOf(record) === 0) {
    deps.count('message.unreadable', { reason });
  }
  deps.log.error('A message can never be read; it goes to the dead letters.', {
    messageId: record.messageId,
    reason,
  });
  await moveToDeadLetters(deps, record);
}

async function moveToDeadLetters({ bury }: ConsumerDeps, record: SQSRecord): Promise<void> {
  if (bury === null) {
    throw new Error('The message is left to its queue.');
  }
  await bury(record);
}

/** SQS counts this one too. */
function receivesOf(record: SQSRecord): number {
  return Number(record.attributes?.ApproximateReceiveCount ?? 1) - 1;
}
