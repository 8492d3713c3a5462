import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { SendingTime } from '../operations/webhooks/send-due.ts';
import { type ConsumerDeps, consume } from './consume.ts';
import type { HideMessage } from './hide-message.ts';
import { retryDelayMs } from './retry.ts';
import { readWakeMessage, type WakeMessage } from './wake-sender.ts';

/** The longest call of an endpoint, and what is written after it. */
const RESERVE_MS = 20_000;

/**
 * The Lambda handler of the queue that wakes whoever sends to endpoints. Messages are worked on
 * together; the table knows what there is to do.
 */
export function wakeWorker(
  deps: ConsumerDeps & { readonly hide?: HideMessage | null },
  work: (endpoint: WakeMessage, time: SendingTime) => Promise<void>,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return consume<WakeMessage>(deps, {
    queue: 'standard',
    read: readWakeMessage,
    describe: ({ webhookId }) => ({ webhook: webhookId }),
    start: (_, context) => {
      const hasTime = () => context.getRemainingTimeInMillis() > RESERVE_MS;
      return async ({ body }) => {
        await work(body, { requestId: context.awsRequestId, hasTime });
        return { kind: 'done' };
      };
    },
    ...(deps.hide && { hide: deps.hide, delayAfterFailure: retryDelayMs }),
  });
}
