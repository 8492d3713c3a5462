import { createHash } from 'node:crypto';
import type { IntegrationId, LinkId } from '../../domain/ids.ts';
import { doesNotExist } from '../conditions.ts';
import { integrationKeys } from '../keys/integration-keys.ts';
import { isKeyable } from '../keys.ts';
import type { Write } from '../transaction.ts';

/** One webhook as it concerns one link. */
export type WebhookDelivery = {
  readonly integrationId: IntegrationId;
  /** Unique per change and the same for every retry of it. */
  readonly deliveryId: string;
  readonly linkId: LinkId;
  /** ISO 8601 in UTC. */
  readonly now: string;
};

/** As long as events can be put on the bus again. */
const RETENTION_SECONDS = 7 * 24 * 60 * 60;

/** Remembers that a webhook was applied to a link; refused where it was before. */
export function insertDelivery(delivery: WebhookDelivery): Write<'webhook delivery'> {
  return {
    name: 'webhook delivery',
    put: {
      Item: {
        ...keyOf(delivery),
        entity: 'delivery',
        expiresAt: Math.floor(Date.parse(delivery.now) / 1_000) + RETENTION_SECONDS,
      },
      ...doesNotExist,
    },
  };
}

/** A tracker's name of a delivery may be longer than a key. */
function keyOf({ integrationId, deliveryId, linkId }: WebhookDelivery) {
  const name = isKeyable(deliveryId)
    ? deliveryId
    : createHash('sha256').update(deliveryId).digest('hex');
  return integrationKeys.delivery(integrationId, name, linkId);
}
