import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { FunctionLog } from '../operations/deps.ts';

/** A message of a batch; `detail` is what its producer put on the bus, whatever that is. */
export type BatchMessage = { readonly messageId: string; readonly detail: unknown };

/**
 * The Lambda handler of a queue that a rule of the bus fills, for messages that are worked on together. `consume` answers
 * those that have to come again; what it throws brings all of them again.
 */
export function batchConsumer(
  consume: (messages: readonly BatchMessage[], context: Context) => Promise<readonly string[]>,
  log: FunctionLog,
) {
  return async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    log.begin(context);
    const messages = Records.map(({ messageId, body }) => {
      const { detail } = JSON.parse(body) as { detail: unknown };
      return { messageId, detail };
    });
    const again = await consume(messages, context);
    return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}
