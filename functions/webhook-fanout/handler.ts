import { busConsumer } from '../../shared/messages/bus-consumer.ts';
import { hearEvent } from '../../shared/operations/webhooks/hear-event.ts';
import { wireWebhookFanOutTable } from '../../shared/wire-webhooks.ts';
import {
  wireClockAndIds,
  wireConsumer,
  wireSecrets,
  wireWebhookQueue,
} from '../../shared/wiring.ts';

const deps = {
  ...wireWebhookFanOutTable(),
  ...wireClockAndIds(),
  ...wireConsumer(),
  ...wireWebhookQueue(),
  secrets: wireSecrets(),
};

/** Makes of an event a delivery for each endpoint that hears of it. */
export const handler = busConsumer(deps, 'webhook-fanout', (event) => hearEvent(deps, event));
