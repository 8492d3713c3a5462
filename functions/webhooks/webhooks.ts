import type { WebhookEndpoint } from '../../shared/domain/webhooks/endpoint.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import {
  parseNewWebhook,
  parseNothing,
  parseWebhookUpdate,
} from '../../shared/http/schemas/webhooks/webhook.ts';
import { serializeWebhook } from '../../shared/http/serializers/webhooks/webhook.ts';
import {
  changeWebhook,
  createWebhook,
  findWebhook,
  listWebhooks,
  removeWebhook,
} from '../../shared/operations/webhooks/endpoints.ts';
import { rotateSecret } from '../../shared/operations/webhooks/secrets.ts';
import type { WebhooksDeps } from './deps.ts';

/** Lists the endpoints of an organization's webhooks. */
export const listOrganizationWebhooks: Endpoint<'listWebhooks', WebhooksDeps> = async (
  deps,
  { organization },
) => {
  const endpoints = await listWebhooks(deps, organization.id);
  return { status: 200, body: await shown(deps, endpoints) };
};

/** Shows one endpoint. */
export const getWebhook: Endpoint<'getWebhook', WebhooksDeps> = async (
  deps,
  { organization, params },
) => {
  const named = { organizationId: organization.id, webhookId: params.webhook };
  const [body] = await shown(deps, [await findWebhook(deps, named)]);
  return { status: 200, body };
};

/** Adds an endpoint; its secret is shown in this answer only. */
export const addWebhook: Endpoint<'createWebhook', WebhooksDeps> = async (
  deps,
  { organization, body, baseUrl: origin },
) => {
  const settings = parseNewWebhook(body);
  const progress = deps.repeats.progressOf(Date.now);
  const { endpoint, secret } = await createWebhook(deps, {
    organizationId: organization.id,
    settings,
    origin,
    progress,
  });
  return {
    status: 201,
    body: { ...serializeWebhook(endpoint, null), secret: secret.secret },
    secretReference: secret.reference,
  };
};

/** Changes an endpoint. */
export const updateWebhook: Endpoint<'updateWebhook', WebhooksDeps> = async (
  deps,
  { organization, params, body, initiator },
) => {
  const named = { organizationId: organization.id, webhookId: params.webhook };
  const changes = parseWebhookUpdate(body);
  const endpoint = await changeWebhook(deps, named, { changes, initiator });
  const [reply] = await shown(deps, [endpoint]);
  return { status: 200, body: reply };
};

/** Deletes an endpoint; what waits for it is dropped. */
export const deleteWebhook: Endpoint<'deleteWebhook', WebhooksDeps> = async (
  deps,
  { organization, params, initiator },
) => {
  const named = { organizationId: organization.id, webhookId: params.webhook };
  await removeWebhook(deps, named, initiator);
  return { status: 204 };
};

/** Gives an endpoint a new secret, which is shown in this answer only. */
export const rotateWebhookSecret: Endpoint<'rotateWebhookSecret', WebhooksDeps> = async (
  deps,
  { organization, params, body },
) => {
  parseNothing(body);
  const named = { organizationId: organization.id, webhookId: params.webhook };
  const endpoint = await findWebhook(deps, named);
  const progress = deps.repeats.progressOf(Date.now);
  const { secret, reference } = await rotateSecret(deps, endpoint, progress);
  return { status: 200, body: { secret }, secretReference: reference };
};

async function shown(deps: WebhooksDeps, endpoints: readonly WebhookEndpoint[]) {
  const health = await deps.webhookSending.healthOf(endpoints.map(({ id }) => id));
  return endpoints.map((one) => serializeWebhook(one, health.get(one.id)?.lastSuccessAt ?? null));
}
