import { createHash } from 'node:crypto';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SendToLanes } from '../operations/sync/sync-fan-out.ts';

const entriesPerCall = 10;

/**
 * Sends to a FIFO queue, ten messages a call. Throws where one of them was refused: sending all of
 * them again is safe within five minutes, and later costs a look.
 */
export function createSendToLanes(client: SQSClient, queueUrl: string): SendToLanes {
  return async (messages) => {
    for (let start = 0; start < messages.length; start += entriesPerCall) {
      const { Failed = [] } = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: messages.slice(start, start + entriesPerCall).map((message, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify(message.body),
            MessageGroupId: named(message.lane),
            MessageDeduplicationId: named(message.deduplicationId),
          })),
        }),
      );
      const [refused] = Failed;
      if (refused !== undefined) {
        throw new Error(`The queue refused ${Failed.length} messages: ${refused.Code}`);
      }
    }
  };
}

/** SQS takes 128 characters, and not every one of them. */
function named(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
