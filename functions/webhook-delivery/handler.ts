import { wakeWorker } from '../../shared/messages/wake-worker.ts';
import { sendDue } from '../../shared/operations/webhooks/send-due.ts';
import { wireWebhookSender, wireWebhookSendingTable } from '../../shared/wire-webhooks.ts';
import { wireClockAndIds, wireConsumer, wireWebhookQueue } from '../../shared/wiring.ts';

const deps = {
  ...wireWebhookSendingTable(),
  ...wireClockAndIds(),
  ...wireConsumer(),
  ...wireWebhookQueue(),
  ...wireWebhookSender(),
};

/** Sends what is due to endpoints, several of them together and one worker for each. */
export const handler = wakeWorker(deps, (endpoint, time) => sendDue(deps, endpoint, time));
