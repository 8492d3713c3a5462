import { deliveryIdOf, dropped, newDelivery } from '../../domain/webhooks/attempts.ts';
import { hears, type WebhookEndpoint } from '../../domain/webhooks/endpoint.ts';
import { type ToldEvent, toldOf } from '../../domain/webhooks/told-event.ts';
import { bodyOfChange, type Change, entryOf } from '../../domain/webhooks/webhook-body.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { WebhookDeliveryStore } from '../../stores/webhooks/webhook-deliveries.ts';
import type { WebhookEndpointStore } from '../../stores/webhooks/webhook-endpoints.ts';
import type { WebhookGatheringStore } from '../../stores/webhooks/webhook-gatherings.ts';
import type { WebhookAddress } from '../../stores/webhooks/webhook-sending.ts';
import type { Clock } from '../deps.ts';
import { type DescribeEventDeps, describeEvent } from './describe-event.ts';

/** Wakes the worker that sends to an endpoint, after some seconds. */
export type WakeSender = (endpoint: WebhookAddress, delaySeconds: number) => Promise<void>;

export type WebhookFanOutDeps = DescribeEventDeps & {
  readonly webhookEndpoints: Pick<WebhookEndpointStore, 'ofOrganization'>;
  readonly webhookDeliveries: Pick<WebhookDeliveryStore, 'insert'>;
  readonly webhookGatherings: Pick<WebhookGatheringStore, 'add'>;
  readonly wakeSender: WakeSender;
  readonly clock: Clock;
};

/** Endpoints that are written to at the same time: an organization has 20. */
const WIDTH = 20;

/** For how long changes of one operation are gathered, at least. */
const GATHERED_FOR_MS = 2_000;

/**
 * Makes a delivery of an event for each endpoint that hears of it, once for each whatever comes
 * twice, and wakes whoever sends there. What came before an endpoint was made is not for it.
 */
export async function fanOutWebhooks(deps: WebhookFanOutDeps, event: ToldEvent): Promise<void> {
  const told = toldOf(event);
  if (told === null) {
    return;
  }
  const { organizationId, projectId, occurredAt } = event.detail;
  const { endpoints } = await deps.webhookEndpoints.ofOrganization(organizationId);
  const hearing = endpoints.filter(
    (one) => one.dateCreated <= occurredAt && hears(one, told.type, projectId),
  );
  if (hearing.length === 0) {
    return;
  }
  const described = await describeEvent(deps, event, told);
  await mapConcurrently(WIDTH, hearing, async (endpoint) => {
    await addTo(deps, endpoint, event, described(endpoint.origin));
    if (endpoint.enabled) {
      await deps.wakeSender({ organizationId, webhookId: endpoint.id }, 0);
    }
  });
}

async function addTo(
  deps: WebhookFanOutDeps,
  endpoint: WebhookEndpoint,
  { detail: { eventId, occurredAt, requestId, operationId } }: ToldEvent,
  change: Change,
): Promise<void> {
  const now = deps.clock();
  const { type, timestamp, data } = change;
  if (endpoint.batch && endpoint.enabled && data.issue !== null) {
    const entry = entryOf(eventId, data);
    await deps.webhookGatherings.add(
      endpoint.id,
      { type, cause: operationId ?? requestId },
      { change: { eventId, timestamp, entry }, occurredAt, at: sentAt(now) },
    );
    return;
  }
  const id = deliveryIdOf(eventId, occurredAt);
  const delivery = newDelivery({ id, eventId, type, body: bodyOfChange(change) }, now);
  await deps.webhookDeliveries.insert(
    endpoint.id,
    endpoint.enabled ? delivery : dropped(delivery),
    {
      wasChanged: endpoint.version > 1,
    },
  );
}

/** Rounded to seconds, so that the changes of one request have few times, mostly one. */
function sentAt(now: string): string {
  const seconds = Math.ceil((Date.parse(now) + GATHERED_FOR_MS) / 1_000);
  return new Date(seconds * 1_000).toISOString();
}
