import type { Endpoint } from '../../shared/http/api.ts';
import { linkHeader, readCursor, readLimit } from '../../shared/http/pagination.ts';
import { parseNothing, parseRedelivery } from '../../shared/http/schemas/webhooks/webhook.ts';
import { serializeDelivery } from '../../shared/http/serializers/webhooks/webhook.ts';
import {
  listDeliveries,
  ping,
  redeliver,
  redeliverSince,
} from '../../shared/operations/webhooks/redeliver.ts';
import type { WebhooksDeps } from './deps.ts';

/** Lists what was sent to an endpoint in the last seven days, newest first. */
export const listWebhookDeliveries: Endpoint<'listWebhookDeliveries', WebhooksDeps> = async (
  deps,
  request,
) => {
  const { organization, params, query } = request;
  const named = { organizationId: organization.id, webhookId: params.webhook };
  const cursor = readCursor(query);
  const { deliveries, ...neighbours } = await listDeliveries(deps, named, {
    from: cursor?.position ?? null,
    backwards: cursor?.backwards ?? false,
    limit: readLimit(query),
  });
  return {
    status: 200,
    headers: { Link: linkHeader(request, neighbours) },
    body: deliveries.map(serializeDelivery),
  };
};

/** Sends something that only shows that the endpoint can be reached. */
export const pingWebhook: Endpoint<'pingWebhook', WebhooksDeps> = async (
  deps,
  { organization, params, body },
) => {
  parseNothing(body);
  const named = { organizationId: organization.id, webhookId: params.webhook };
  return { status: 202, body: serializeDelivery(await ping(deps, named)) };
};

/** Sends one delivery again. */
export const redeliverWebhook: Endpoint<'redeliverWebhook', WebhooksDeps> = async (
  deps,
  { organization, params, body },
) => {
  parseNothing(body);
  const delivery = await redeliver(deps, {
    organizationId: organization.id,
    webhookId: params.webhook,
    deliveryId: params.delivery,
  });
  return { status: 202, body: serializeDelivery(delivery) };
};

/** Sends again what has failed or was dropped since a time. */
export const redeliverWebhooks: Endpoint<'redeliverWebhooks', WebhooksDeps> = async (
  deps,
  { organization, params, body },
) => {
  const since = parseRedelivery(body);
  const named = { organizationId: organization.id, webhookId: params.webhook };
  await redeliverSince(deps, named, since);
  return { status: 202 };
};
