import { randomUUID } from 'node:crypto';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

/** Puts events on a stack's bus as a producer of AWS does. */
export function busOf(endpoint: string) {
  const client = new EventBridgeClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    /** Puts up to ten events that happened. */
    async putSeen(...details: readonly Record<string, unknown>[]): Promise<void> {
      const Entries = details.map((detail) => ({
        Source: 'baton.events',
        DetailType: 'group.seen',
        Detail: JSON.stringify(detail),
      }));
      const { FailedEntryCount } = await client.send(new PutEventsCommand({ Entries }));
      if (FailedEntryCount !== 0) {
        throw new Error(`The bus refused ${FailedEntryCount} events.`);
      }
    },
    close: () => client.destroy(),
  };
}

/** A `group.seen` of the project shop, now, whose error is in `filename`. */
export function seenInShop(
  fingerprint: string,
  more: Record<string, unknown> = {},
  filename = 'app/cart.py',
): Record<string, unknown> {
  const frames = [{ filename: 'lib/wsgi.py', in_app: false }, { filename }];
  return {
    eventId: randomUUID(),
    organization: 'acme',
    project: 'shop',
    fingerprint,
    title: 'KeyError: cart',
    culprit: 'app.cart',
    level: 'error',
    platform: 'python',
    timestamp: new Date().toISOString(),
    event: { exception: { values: [{ type: 'KeyError', stacktrace: { frames } }] } },
    ...more,
  };
}
