import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

/**
 * Puts received messages, as they came, into a queue of dead letters of the same kind as theirs.
 */
export function createBury(client: SQSClient, queueUrl: string) {
  return async ({ body, messageId, attributes }: SQSRecord): Promise<void> => {
    const MessageGroupId = attributes?.MessageGroupId;
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: body,
        ...(MessageGroupId !== undefined && { MessageGroupId, MessageDeduplicationId: messageId }),
      }),
    );
  };
}
