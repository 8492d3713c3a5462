import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import type { WakeSender } from '../operations/webhooks/fan-out.ts';
import { bySchema } from './read-message.ts';

/** The endpoint that there is something to send to. */
export type WakeMessage = Parameters<WakeSender>[0];

/** Reads the message that wakes whoever sends to an endpoint. */
export const readWakeMessage = bySchema<WakeMessage>(
  v.object({ organizationId: v.string(), webhookId: v.string() }),
);

/** Sends such messages. */
export function createWakeSender(client: SQSClient, queueUrl: string): WakeSender {
  return async ({ organizationId, webhookId }, delaySeconds) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ organizationId, webhookId } satisfies WakeMessage),
        ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }),
      }),
    );
  };
}
