import { wireClockAndIds, wireTable, wireTelemetry, wireWebhooks } from '../../shared/wiring.ts';

/** The dependencies of the endpoint that receives webhooks. */
export function wireWebhook() {
  return { ...wireTable(), ...wireClockAndIds(), ...wireTelemetry(), ...wireWebhooks() };
}

export type WebhookDeps = ReturnType<typeof wireWebhook>;
