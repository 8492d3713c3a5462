import { createHash } from 'node:crypto';
import type { Matches } from '../events/pattern.ts';
import { failedItems, fittingCount } from '../lambda/batch.ts';
import type { LocalFunction } from '../lambda/functions.ts';
import { LOCAL_REGION } from '../services/aws-json.ts';
import type { Root } from '../services/in-flight.ts';
import type { Message, Queue } from './queue.ts';

/**
 * The longest batching window. It saves invocations, which cost nothing here, so it only needs to
 * collect a burst of messages.
 */
const MAX_WINDOW_MS = 100;

export type QueueMappingSettings = {
  readonly batchSize: number;
  readonly windowMs: number;
  readonly maxConcurrency: number | undefined;
  readonly reportsItemFailures: boolean;
  /** Messages that match no filter are deleted without delivery. Empty: all are delivered. */
  readonly filters: readonly Matches[];
};

/** Delivers the messages of a queue to a function in batches, as an event source mapping. */
export function createQueueMapping(
  queue: Queue,
  target: LocalFunction,
  settings: QueueMappingSettings,
) {
  const concurrency = Math.min(settings.maxConcurrency ?? 1_000, target.maxConcurrency);
  const windowMs = Math.min(settings.windowMs, MAX_WINDOW_MS);
  let running = 0;
  let stopped = false;
  let windowTimer: NodeJS.Timeout | undefined;

  const pump = () => {
    if (stopped || windowTimer) {
      return;
    }
    const { visible } = queue.depth();
    if (visible === 0 || running >= concurrency) {
      return;
    }
    if (windowMs > 0 && visible < settings.batchSize) {
      windowTimer = setTimeout(() => {
        windowTimer = undefined;
        deliverAll();
      }, windowMs);
      return;
    }
    deliverAll();
  };

  const deliverAll = () => {
    while (!stopped && running < concurrency) {
      const batch = queue.receive(settings.batchSize);
      if (batch.length === 0) {
        return;
      }
      running += 1;
      void deliver(batch).finally(() => {
        running -= 1;
        pump();
      });
    }
  };

  const deliver = async (received: readonly Message[]) => {
    let rest = received.filter((message) => {
      const wanted = isWanted(message, settings.filters);
      if (!wanted) {
        queue.delete(message.receipt);
      }
      return wanted;
    });
    while (rest.length > 0) {
      const count = fittingCount(rest, rest.length, (message) => message.body.length);
      await invoke(rest.slice(0, count));
      rest = rest.slice(count);
    }
  };

  const invoke = async (messages: readonly Message[]) => {
    const roots = new Set<Root>(messages.flatMap((message) => [...message.work.roots]));
    const receipts = messages.map((message) => message.receipt);
    const event = { Records: messages.map((message) => toRecord(message, queue.arn)) };
    queue.tellReceived(messages, target.name);
    const outcome = await target.invoke(event, { roots, patient: true });
    const failed = failedItems(
      outcome,
      messages.map((message) => message.id),
      settings.reportsItemFailures,
    );
    messages.forEach((message, index) => {
      const receipt = receipts[index] ?? '';
      if (failed.includes(message.id)) {
        queue.giveBack(receipt);
      } else {
        queue.delete(receipt);
      }
    });
  };

  return {
    start(): void {
      queue.whenAvailable(pump);
      pump();
    },
    stop(): void {
      stopped = true;
      clearTimeout(windowTimer);
    },
  };
}

function isWanted(message: Message, filters: readonly Matches[]): boolean {
  if (filters.length === 0) {
    return true;
  }
  const record = { messageId: message.id, body: parsedBody(message.body) };
  return filters.some((matches) => matches(record));
}

function parsedBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** The record of a message in the event of a function. */
function toRecord(message: Message, queueArn: string) {
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: attributesOf(message),
    messageAttributes: {},
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: LOCAL_REGION,
  };
}

/** The system attributes of a message, all of them strings. */
export function attributesOf(message: Message): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAtMs),
    SenderId: 'local',
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
    ...(message.groupId !== undefined && { MessageGroupId: message.groupId }),
    ...(message.deduplicationId !== undefined && {
      MessageDeduplicationId: message.deduplicationId,
      SequenceNumber: sequenceText(message.sequence),
    }),
  };
}

/** Formats a sequence number with 20 digits. */
export function sequenceText(sequence: number): string {
  return String(sequence).padStart(20, '0');
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
