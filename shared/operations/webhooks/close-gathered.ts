import { deliveryIdOf, dropped, newDelivery } from '../../domain/webhooks/attempts.ts';
import type { WebhookEndpoint } from '../../domain/webhooks/endpoint.ts';
import { bodyOfChanges } from '../../domain/webhooks/webhook-body.ts';
import type { DueWork, WebhookDeliveryStore } from '../../stores/webhooks/webhook-deliveries.ts';
import type { WebhookGatheringStore } from '../../stores/webhooks/webhook-gatherings.ts';
import type { Clock } from '../deps.ts';

export type GatheredDeps = {
  readonly webhookGatherings: Pick<WebhookGatheringStore, 'read' | 'close'>;
  readonly webhookDeliveries: Pick<WebhookDeliveryStore, 'forgetGathered'>;
  readonly newEventId: () => string;
  readonly clock: Clock;
};

/**
 * Makes deliveries of the changes that were gathered under a key, each with an id of its own, until
 * there are none. Each change is in exactly one of them: one transaction makes a delivery and says
 * which changes are in it.
 */
export async function closeGathered(
  deps: GatheredDeps,
  endpoint: WebhookEndpoint,
  work: DueWork & { readonly kind: 'gathered' },
  hasTime: () => boolean,
): Promise<void> {
  while (hasTime()) {
    const gathering = await deps.webhookGatherings.read(endpoint.id, work.key);
    if (gathering === undefined) {
      return deps.webhookDeliveries.forgetGathered(endpoint.id, work);
    }
    const { type, version, changes } = gathering;
    const { body, taken } = bodyOfChanges(type, changes, (text) => Buffer.byteLength(text));
    const now = deps.clock();
    const eventId = deps.newEventId();
    const delivery = newDelivery({ id: deliveryIdOf(eventId, now), eventId, type, body }, now);
    await deps.webhookGatherings.close(endpoint.id, work.key, {
      version,
      delivery: endpoint.enabled ? delivery : dropped(delivery),
      eventIds: taken.map((change) => change.eventId),
    });
  }
}
