import { askedAgain } from '../../domain/webhooks/attempts.ts';
import {
  DELIVERY_RETENTION_SECONDS,
  type WebhookEndpoint,
} from '../../domain/webhooks/endpoint.ts';
import type { DueWork, WebhookDeliveryStore } from '../../stores/webhooks/webhook-deliveries.ts';
import type { Clock } from '../deps.ts';

export type RecoverDeps = {
  readonly webhookDeliveries: Pick<
    WebhookDeliveryStore,
    'page' | 'replace' | 'forgetDue' | 'advanceRecovery'
  >;
  readonly clock: Clock;
};

const PAGE = 25;

/** The time from which on deliveries are kept. */
export function oldestKept(now: string): string {
  return new Date(Date.parse(now) - DELIVERY_RETENTION_SECONDS * 1_000).toISOString();
}

/**
 * Has a page of what was not delivered sent again, and leaves word where to go on. At an endpoint
 * that is disabled the wish is forgotten.
 */
export async function recoverPage(
  deps: RecoverDeps,
  { id, enabled }: WebhookEndpoint,
  work: DueWork & { readonly kind: 'recovery' },
): Promise<void> {
  if (!enabled) {
    return deps.webhookDeliveries.forgetDue(id, [work.sortKey]);
  }
  const now = deps.clock();
  const page = await deps.webhookDeliveries.page(id, {
    from: work.from,
    oldest: oldestKept(now),
    limit: PAGE,
    newestFirst: false,
  });
  for (const delivery of page) {
    if (delivery.status === 'failed' || delivery.status === 'dropped') {
      await deps.webhookDeliveries.replace(id, delivery, askedAgain(delivery, now));
    }
  }
  const last = page.length < PAGE ? null : (page.at(-1)?.id ?? null);
  await deps.webhookDeliveries.advanceRecovery(id, work, last, now);
}
