import { conflict, notFound } from '../../domain/errors.ts';
import {
  askedAgain,
  type Delivery,
  deliveryIdOf,
  isDeliveryId,
  newDelivery,
} from '../../domain/webhooks/attempts.ts';
import type { WebhookEndpoint } from '../../domain/webhooks/endpoint.ts';
import { bodyOfPing } from '../../domain/webhooks/webhook-body.ts';
import { PING_TYPE } from '../../domain/webhooks/webhook-types.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { WebhookDeliveryStore } from '../../stores/webhooks/webhook-deliveries.ts';
import type { WebhookEndpointStore } from '../../stores/webhooks/webhook-endpoints.ts';
import type { Clock } from '../deps.ts';
import { findWebhook, type WebhookNamed } from './endpoints.ts';
import type { WakeSender } from './fan-out.ts';
import { oldestKept } from './recover.ts';

export type RedeliverDeps = {
  readonly webhookEndpoints: Pick<WebhookEndpointStore, 'byId'>;
  readonly webhookDeliveries: Pick<
    WebhookDeliveryStore,
    'byId' | 'page' | 'request' | 'requestRecovery' | 'replace'
  >;
  readonly wakeSender: WakeSender;
  readonly newEventId: () => string;
  readonly clock: Clock;
};

/** A page of what was sent to an endpoint, newest first. */
export async function listDeliveries(
  deps: Pick<RedeliverDeps, 'webhookEndpoints' | 'webhookDeliveries' | 'clock'>,
  named: WebhookNamed,
  { from, backwards, limit }: DeliveryPage,
): Promise<{
  readonly deliveries: readonly Delivery[];
  readonly next: string | null;
  readonly previous: string | null;
}> {
  await findWebhook(deps, named);
  const oldest = oldestKept(deps.clock());
  const page = await deps.webhookDeliveries.page(named.webhookId, {
    from,
    oldest,
    limit: limit + 1,
    newestFirst: !backwards,
  });
  const shown = page.slice(0, limit);
  const deliveries = backwards ? shown.toReversed() : shown;
  const ahead = page.length > limit || backwards ? (deliveries.at(-1)?.id ?? null) : null;
  const isFirst = from === null || (backwards && page.length <= limit);
  return { deliveries, next: ahead, previous: isFirst ? null : (deliveries[0]?.id ?? from) };
}

export type DeliveryPage = {
  readonly from: string | null;
  readonly backwards: boolean;
  readonly limit: number;
};

/**
 * Sends one delivery again: the same id and body. Throws `resource.not_found` where it is not kept
 * any more, `conflict` where its endpoint is disabled.
 */
export async function redeliver(
  deps: RedeliverDeps,
  named: WebhookNamed & { readonly deliveryId: string },
): Promise<Delivery> {
  await requireEnabled(deps, named);
  const delivery = await redecide(async () => {
    const now = deps.clock();
    const before = await findDelivery(deps, named, now);
    const after = askedAgain(before, now);
    const requested = { of: addressOf(named), now };
    const isReplaced = await deps.webhookDeliveries.replace(
      named.webhookId,
      before,
      after,
      requested,
    );
    return isReplaced ? after : AGAIN;
  });
  await deps.wakeSender(addressOf(named), 0);
  return delivery;
}

/** Sends again what has failed or was dropped since a time. Throws as `redeliver` does. */
export async function redeliverSince(
  deps: RedeliverDeps,
  named: WebhookNamed,
  since: string,
): Promise<void> {
  await requireEnabled(deps, named);
  await deps.webhookDeliveries.requestRecovery(addressOf(named), since, deps.clock());
  await deps.wakeSender(addressOf(named), 0);
}

/** Sends something that only shows that the endpoint can be reached, whatever it hears. */
export async function ping(deps: RedeliverDeps, named: WebhookNamed): Promise<Delivery> {
  await requireEnabled(deps, named);
  const now = deps.clock();
  const eventId = deps.newEventId();
  const { body, ...delivery } = newDelivery(
    { id: deliveryIdOf(eventId, now), eventId, type: PING_TYPE, body: bodyOfPing(now) },
    now,
  );
  await deps.webhookDeliveries.request(addressOf(named), { ...delivery, body }, now);
  await deps.wakeSender(addressOf(named), 0);
  return delivery;
}

async function findDelivery(
  deps: RedeliverDeps,
  { webhookId, deliveryId }: WebhookNamed & { readonly deliveryId: string },
  now: string,
): Promise<Delivery> {
  const isKept = isDeliveryId(deliveryId) && deliveryId >= deliveryIdOf('', oldestKept(now));
  const found = isKept ? await deps.webhookDeliveries.byId(webhookId, deliveryId) : undefined;
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

async function requireEnabled(deps: RedeliverDeps, named: WebhookNamed): Promise<WebhookEndpoint> {
  const endpoint = await findWebhook(deps, named);
  if (!endpoint.enabled) {
    throw conflict('This webhook is disabled: enable it first.');
  }
  return endpoint;
}

function addressOf({ organizationId, webhookId }: WebhookNamed) {
  return { organizationId, webhookId };
}
