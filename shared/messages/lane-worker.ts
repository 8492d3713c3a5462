import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type BackoffSchedule, backoffMs } from '../domain/sync/backoff.ts';
import type { Count, FunctionLog } from '../operations/deps.ts';
import type { WorkOutcome } from '../operations/sync/sync-failure.ts';
import type { LeaveDeadLetter } from './lanes.ts';

/** A message of a lane, as its worker sees it. */
export type LaneTask<T> = {
  readonly body: T;
  /** How often it was received before. */
  readonly receives: number;
  /** Whether another call to a tracker would end before the function's time does. */
  readonly hasTime: () => boolean;
};

export type LaneWorkerDeps = {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly leaveDeadLetter: LeaveDeadLetter;
  readonly backoff: BackoffSchedule;
  readonly random: () => number;
  readonly log: FunctionLog;
  readonly count: Count;
};

/** The longest exchange with a tracker, and a write of the table after it. */
const reserveMs = 15_000;

/** SQS hides a message for 12 hours at most; a tracker that asks for more is asked again. */
const longestHiddenSeconds = 43_200;

/**
 * The Lambda handler of a FIFO queue. What comes again is hidden for as long as the worker says, whatever the queue's own
 * visibility timeout; the messages behind it in its lane wait. Receives are not attempts, so nothing is given up for
 * them: whoever counts attempts says when a message is dead.
 */
export function laneWorker<T>(
  deps: LaneWorkerDeps,
  work: (task: LaneTask<T>) => Promise<WorkOutcome>,
) {
  const { log, count } = deps;

  async function workOn(record: SQSRecord, context: Context): Promise<WorkOutcome> {
    const receives = Number(record.attributes.ApproximateReceiveCount) - 1;
    const body = parse<T>(record.body);
    if (body === null) return { kind: 'dead', reason: 'The message is not JSON.' };
    try {
      const hasTime = () => context.getRemainingTimeInMillis() > reserveMs;
      return await work({ body, receives, hasTime });
    } catch (error) {
      log.error('A message could not be worked on; it will come again.', {
        messageId: record.messageId,
        receives,
        reason: error instanceof Error ? error.message : String(error),
      });
      return { kind: 'later', delayMs: backoffMs(deps.backoff, receives, deps.random()) };
    }
  }

  return async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    log.begin(context);
    const again: SQSRecord[] = [];
    for (const record of Records) {
      const lane = record.attributes.MessageGroupId ?? '';
      const isBehind = again.some(({ attributes }) => attributes.MessageGroupId === lane);
      const outcome = isBehind ? null : await workOn(record, context);
      if (outcome === null) again.push(record);
      if (outcome?.kind === 'later') {
        await hide(deps, record, outcome.delayMs);
        again.push(record);
      }
      if (outcome?.kind === 'dead') {
        count('sync.dead_letter');
        log.error('A message is given up; the sweeper will look at its link.', {
          messageId: record.messageId,
          reason: outcome.reason,
        });
        await deps.leaveDeadLetter({ body: record.body, lane, messageId: record.messageId });
      }
    }
    return { batchItemFailures: again.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

async function hide(
  { client, queueUrl }: LaneWorkerDeps,
  { receiptHandle }: SQSRecord,
  delayMs: number,
): Promise<void> {
  await client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: Math.min(Math.ceil(Math.max(delayMs, 0) / 1_000), longestHiddenSeconds),
    }),
  );
}

function parse<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
