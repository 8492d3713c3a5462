import { wireApi, wireClockAndIds, wireTable, wireWebhooks } from '../../shared/wiring.ts';

/** The dependencies of the endpoint that receives webhooks. */
export function wireWebhook() {
  return { ...wireTable(), ...wireClockAndIds(), ...wireApi(), ...wireWebhooks() };
}

export type WebhookDeps = ReturnType<typeof wireWebhook>;
