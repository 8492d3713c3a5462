import { createHash } from 'node:crypto';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SendFifo } from '../operations/sync/fan-out.ts';

const ENTRIES_PER_CALL = 10;

/**
 * Sends to a FIFO queue, ten messages a call. Throws where one of them was refused: sending all of
 * them again is safe within five minutes, and later costs a look.
 */
export function createSendFifo(client: SQSClient, queueUrl: string): SendFifo {
  return async (messages) => {
    for (let start = 0; start < messages.length; start += ENTRIES_PER_CALL) {
      const { Failed = [] } = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: messages.slice(start, start + ENTRIES_PER_CALL).map((message, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify(message.body),
            MessageGroupId: named(message.messageGroupId),
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
