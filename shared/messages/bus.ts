import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { PutEvents } from '../operations/outbox/put-events.ts';

/** The name under which everything that Baton itself puts on the bus is known. */
export const BATON_SOURCE = 'baton';

/** Puts events on one bus, as `baton`. */
export function createPutEvents(client: EventBridgeClient, busName: string): PutEvents {
  return async (events) => {
    const output = await client.send(
      new PutEventsCommand({
        Entries: events.map((event) => ({
          EventBusName: busName,
          Source: BATON_SOURCE,
          DetailType: event.type,
          Detail: event.detail,
        })),
      }),
    );
    return events.map((_, index) => output.Entries?.[index]?.ErrorCode ?? null);
  };
}
