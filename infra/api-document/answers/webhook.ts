import * as v from 'valibot';
import { deliveryStatuses } from '../../../shared/domain/webhooks/attempts.ts';
import { disabledReasons } from '../../../shared/domain/webhooks/endpoint.ts';
import { PING_TYPE, WEBHOOK_TYPES } from '../../../shared/domain/webhooks/webhook-types.ts';
import { count, id, time } from './parts.ts';

const url = v.pipe(v.string(), v.url());

const endpoint = {
  id,
  url,
  events: v.array(v.picklist([...WEBHOOK_TYPES, '*'])),
  projects: v.nullable(v.array(id)),
  description: v.string(),
  batch: v.boolean(),
  enabled: v.boolean(),
  disabledReason: v.nullable(v.picklist(disabledReasons)),
  dateCreated: time,
  lastSuccessAt: v.nullable(time),
};

/** An endpoint that webhooks go to. `disabledReason` says why Baton sends there no more. */
export const webhook = v.strictObject(endpoint);

/** What webhooks are signed with: `whsec_` and the base64 of 32 bytes. */
export const webhookSecret = v.strictObject({ secret: v.string() });

/** A new endpoint, with the secret that its webhooks are signed with. */
export const newWebhook = v.strictObject({ ...endpoint, secret: v.string() });

/** What was sent to an endpoint, and what came of it. `eventId` is its `webhook-id`. */
export const webhookDelivery = v.strictObject({
  id: v.string(),
  eventId: v.string(),
  type: v.picklist([...WEBHOOK_TYPES, PING_TYPE]),
  status: v.picklist(deliveryStatuses),
  attempts: v.array(
    v.strictObject({
      at: time,
      code: v.nullable(count),
      ms: count,
      error: v.nullable(v.string()),
      response: v.string(),
    }),
  ),
  nextAttemptAt: v.nullable(time),
});
