import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type BackoffSchedule, backoffMs } from '../domain/sync/backoff.ts';
import type { WorkOutcome } from '../operations/sync/sync-failure.ts';
import { type ConsumerDeps, consume, type Received } from './consume.ts';
import type { HideMessage } from './hide-message.ts';
import type { ReadMessage } from './read-message.ts';

/** A message of a lane, as its worker sees it. */
export type LaneTask<T> = Pick<Received<T>, 'body' | 'receives'> & {
  /** Whether another call to a tracker would end before the function's time does. */
  readonly hasTime: () => boolean;
};

export type LaneWorkerDeps = ConsumerDeps & {
  readonly hide: HideMessage;
  readonly bury: NonNullable<ConsumerDeps['bury']>;
  readonly backoff: BackoffSchedule;
  readonly random: () => number;
};

/** The longest exchange with a tracker, and a write of the table after it. */
const reserveMs = 15_000;

/**
 * The Lambda handler of a FIFO queue. What comes again is hidden for as long as the worker says,
 * whatever the queue's own visibility timeout; the messages behind it in its lane wait. Receives
 * are not attempts, so nothing is given up for them: whoever counts attempts says when a message is
 * dead.
 */
export function laneWorker<T>(
  deps: LaneWorkerDeps,
  read: ReadMessage<T>,
  work: (task: LaneTask<T>) => Promise<WorkOutcome>,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const { backoff, random, count, hide } = deps;
  const bury: LaneWorkerDeps['bury'] = async (record) => {
    count('sync.dead_letter');
    await deps.bury(record);
  };
  return consume<T>(
    { ...deps, bury },
    {
      queue: 'fifo',
      read,
      start: (_, context) => {
        const hasTime = () => context.getRemainingTimeInMillis() > reserveMs;
        return ({ body, receives }) => work({ body, receives, hasTime });
      },
      hide,
      delayAfterFailure: (receives) => backoffMs(backoff, receives, random()),
    },
  );
}
