import type { EndpointsOf } from '../../shared/http/api.ts';
import {
  listWebhookDeliveries,
  pingWebhook,
  redeliverWebhook,
  redeliverWebhooks,
} from './deliveries.ts';
import type { WebhooksDeps } from './deps.ts';
import {
  addWebhook,
  deleteWebhook,
  getWebhook,
  listOrganizationWebhooks,
  rotateWebhookSecret,
  updateWebhook,
} from './webhooks.ts';

/** The endpoint of each operation. */
export const endpoints: EndpointsOf<'webhooks', WebhooksDeps> = {
  listWebhooks: listOrganizationWebhooks,
  createWebhook: addWebhook,
  getWebhook,
  updateWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  pingWebhook,
  redeliverWebhooks,
  listWebhookDeliveries,
  redeliverWebhook,
};
