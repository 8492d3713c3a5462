import { everyOrigin } from '../../shared/http/cors/cross-origin.ts';
import { createPutEvents, PRODUCER_SOURCE } from '../../shared/messages/bus.ts';
import { wireApi, wireBus, wireClockAndIds, wireIngestTable } from '../../shared/wiring.ts';

/** The dependencies of the function that takes events from SDKs. */
export function wireEnvelope() {
  const bus = wireBus();
  return {
    ...wireIngestTable(),
    ...wireClockAndIds(),
    ...wireApi(),
    ...everyOrigin,
    putEvents: createPutEvents(bus.client, bus.name, PRODUCER_SOURCE),
  };
}

export type EnvelopeDeps = ReturnType<typeof wireEnvelope>;
