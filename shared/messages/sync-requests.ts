import * as v from 'valibot';
import type { ReceivedWebhook } from '../operations/sync/fan-out.ts';
import type { LinkRequest } from '../operations/sync/link-facts.ts';
import { webhookSnapshot } from './bus-event.ts';
import { bySchema } from './read-message.ts';

/** Reads the message that has a link brought up to date. */
export const readLinkRequest = bySchema<LinkRequest>(
  v.object({
    groupId: v.string(),
    linkId: v.string(),
    verify: v.boolean(),
    onDrift: v.picklist(['repair', 'adopt']),
    requestId: v.string(),
  }),
);

/** Reads the message that has a webhook applied. */
export const readReceivedWebhook = bySchema<ReceivedWebhook>(
  v.object({ integrationId: v.string(), snapshot: webhookSnapshot, requestId: v.string() }),
);
