import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { PutEvents } from '../operations/outbox/put-events.ts';

/** The name under which everything that Baton itself puts on the bus is known. */
export const BATON_SOURCE = 'baton';

/** The name under which producers put events on the bus. */
export const PRODUCER_SOURCE = 'baton.events';

/** Puts events on one bus, as `baton` unless another source is named. */
export function createPutEvents(
  client: EventBridgeClient,
  busName: string,
  source: typeof BATON_SOURCE | typeof PRODUCER_SOURCE = BATON_SOURCE,
): PutEvents {
  return async (events) => {
    const output = await client.send(
      new PutEventsCommand({
        Entries: events.map((event) => ({
          EventBusName: busName,
          Source: source,
          DetailType: event.type,
          Detail: event.detail,
        })),
      }),
    );
    return events.map((_, index) => output.Entries?.[index]?.ErrorCode ?? null);
  };
}
