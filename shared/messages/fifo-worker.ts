import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type BackoffSchedule, backoffMs } from '../domain/sync/backoff.ts';
import type { WorkOutcome } from '../operations/sync/record-failure.ts';
import { type ConsumerDeps, consume, type Received } from './consume.ts';
import type { HideMessage } from './hide-message.ts';
import type { ReadMessage } from './read-message.ts';

/** A message of a message group, as its worker sees it. */
export type FifoTask<T> = Pick<Received<T>, 'body' | 'receives'> & {
  /** Whether another call to a tracker would end before the function's time does. */
  readonly hasTime: () => boolean;
};

export type FifoWorkerDeps = ConsumerDeps & {
  readonly hide: HideMessage;
  readonly bury: NonNullable<ConsumerDeps['bury']>;
  readonly backoff: BackoffSchedule;
  readonly random: () => number;
};

/** The longest exchange with a tracker, and a write of the table after it. */
const RESERVE_MS = 15_000;

/**
 * The Lambda handler of a FIFO queue. What comes again is hidden for as long as the worker says,
 * whatever the queue's own visibility timeout; the messages behind it in its group wait. Receives
 * are not attempts, so nothing is given up for them: whoever counts attempts says when a message is
 * dead.
 */
export function fifoWorker<T>(
  deps: FifoWorkerDeps,
  read: ReadMessage<T>,
  work: (task: FifoTask<T>) => Promise<WorkOutcome>,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const { backoff, random, count, hide } = deps;
  const bury: FifoWorkerDeps['bury'] = async (record) => {
    count('sync.dead_letter');
    await deps.bury(record);
  };
  return consume<T>(
    { ...deps, bury },
    {
      queue: 'fifo',
      read,
      start: (_, context) => {
        const hasTime = () => context.getRemainingTimeInMillis() > RESERVE_MS;
        return ({ body, receives }) => work({ body, receives, hasTime });
      },
      hide,
      delayAfterFailure: (receives) => backoffMs(backoff, receives, random()),
    },
  );
}
