import type { BusEvent } from '../../domain/events.ts';
import type { ToldEvent } from '../../domain/webhooks/told-event.ts';
import { fanOutWebhooks, type WakeSender, type WebhookFanOutDeps } from './fan-out.ts';

export type HearEventDeps = WebhookFanOutDeps & {
  readonly secrets: { remove(reference: string): Promise<void> };
};

/**
 * What follows from an event: deliveries for whoever hears of it. Where it is about an endpoint
 * itself, its worker drops what waits; of one that is gone the secrets are deleted.
 */
export async function hearEvent(
  deps: HearEventDeps,
  event: ToldEvent | BusEvent<'webhook.disabled' | 'webhook.deleted'>,
): Promise<void> {
  if (event.type === 'webhook.deleted') {
    await deps.secrets.remove(event.detail.data.secretRef);
    return wake(deps, event);
  }
  return event.type === 'webhook.disabled' ? wake(deps, event) : fanOutWebhooks(deps, event);
}

function wake(
  { wakeSender }: { readonly wakeSender: WakeSender },
  { detail: { organizationId, data } }: BusEvent<'webhook.disabled' | 'webhook.deleted'>,
): Promise<void> {
  return wakeSender({ organizationId, webhookId: data.webhookId }, 0);
}
