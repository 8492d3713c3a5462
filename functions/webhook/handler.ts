import { apiHandler } from '../../shared/http/api.ts';
import { wireWebhook } from './deps.ts';
import { receiveTrackerWebhook } from './receive-webhook.ts';

/** Receives the webhooks of trackers. */
export const handler = apiHandler({
  functionName: 'webhook',
  deps: wireWebhook(),
  body: 'raw',
  endpoints: { receiveWebhook: receiveTrackerWebhook },
});
