import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

/**
 * Hides a received message for a time, whatever its queue's visibility timeout; for none it comes
 * again at once.
 */
export type HideMessage = (
  record: Pick<SQSRecord, 'receiptHandle'>,
  delayMs: number,
) => Promise<void>;

/**
 * SQS hides a message for 12 hours at most, counted from when it was received. That is up to 15
 * minutes ago: no function runs longer. Whoever asks for more is asked again.
 */
const LONGEST_HIDDEN_SECONDS = 43_200 - 900;

/** Hides messages of one queue. */
export function createHideMessage(client: SQSClient, queueUrl: string): HideMessage {
  return async ({ receiptHandle }, delayMs) => {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: Math.min(
          Math.ceil(Math.max(delayMs, 0) / 1_000),
          LONGEST_HIDDEN_SECONDS,
        ),
      }),
    );
  };
}
