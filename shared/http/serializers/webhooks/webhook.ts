import type { Delivery } from '../../../domain/webhooks/attempts.ts';
import type { WebhookEndpoint } from '../../../domain/webhooks/endpoint.ts';

/** An endpoint as people see it; its secret is shown when it is made. */
export function serializeWebhook(
  { id, url, events, projects, description, batch, enabled, ...endpoint }: WebhookEndpoint,
  lastSuccessAt: string | null,
) {
  const { disabledReason, dateCreated } = endpoint;
  return {
    id,
    url,
    events,
    projects,
    description,
    batch,
    enabled,
    disabledReason,
    dateCreated,
    lastSuccessAt,
  };
}

/** What was sent to an endpoint, with all attempts. */
export function serializeDelivery({
  id,
  eventId,
  type,
  status,
  attempts,
  nextAttemptAt,
}: Delivery) {
  return {
    id,
    eventId,
    type,
    status,
    attempts: attempts.map(({ at, code, ms, error, response }) => ({
      at,
      code,
      ms,
      error,
      response,
    })),
    nextAttemptAt,
  };
}
