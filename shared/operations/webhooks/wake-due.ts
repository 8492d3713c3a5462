import { mapConcurrently } from '../../map-concurrently.ts';
import type { WebhookSendingStore } from '../../stores/webhooks/webhook-sending.ts';
import type { Clock } from '../deps.ts';
import type { WakeSender } from './fan-out.ts';

export type WakeDueDeps = {
  readonly webhookSending: Pick<WebhookSendingStore, 'due'>;
  readonly wakeSender: WakeSender;
  readonly clock: Clock;
};

const PAGE = 100;
const WIDTH = 10;

/**
 * Wakes whoever sends to the endpoints that something is due for: attempts that come hours after
 * the one before, and whatever a worker that died has left.
 */
export async function wakeDueSenders(
  deps: WakeDueDeps,
  { hasTime }: { readonly hasTime: () => boolean },
): Promise<number> {
  const now = deps.clock();
  let woken = 0;
  let after: Record<string, unknown> | undefined;
  do {
    const { endpoints, next } = await deps.webhookSending.due(now, PAGE, after);
    await mapConcurrently(WIDTH, endpoints, (endpoint) => deps.wakeSender(endpoint, 0));
    woken += endpoints.length;
    after = next;
  } while (after !== undefined && hasTime());
  return woken;
}
