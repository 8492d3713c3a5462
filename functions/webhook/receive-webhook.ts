import type { Endpoint } from '../../shared/http/api.ts';
import { receiveWebhook } from '../../shared/operations/sync/receive-webhook.ts';
import type { WebhookDeps } from './deps.ts';

/** Accepts a webhook that its tracker has signed; the function sync-inbound applies it later. */
export const receiveTrackerWebhook: Endpoint<'receiveWebhook', WebhookDeps> = async (
  deps,
  { params, query, headers, body, initiator },
) => {
  await receiveWebhook(deps, {
    ...params,
    headers,
    rawBody: typeof body === 'string' ? body : '',
    requestId: initiator.requestId,
    isDryRun: query.has('dryRun'),
  });
  return { status: 202 };
};
