import { createPutEvents } from '../../shared/messages/bus.ts';
import { wireWebhookOrganizations } from '../../shared/wire-webhooks.ts';
import { wireBus, wireTelemetry } from '../../shared/wiring.ts';

/** The dependencies of outbox-relay. */
export function wireOutboxRelay() {
  const bus = wireBus();
  return {
    ...wireTelemetry(),
    ...wireWebhookOrganizations(),
    putEvents: createPutEvents(bus.client, bus.name),
  };
}
