import { revealSecret } from '../../shared/operations/webhooks/secrets.ts';
import {
  wireWebhookAddressRules,
  wireWebhookSecrets,
  wireWebhookTable,
} from '../../shared/wire-webhooks.ts';
import { wireApi, wireClockAndIds, wireWebhookQueue } from '../../shared/wiring.ts';

/** The dependencies of the endpoints for webhooks. */
export function wireWebhooksApi() {
  const secrets = wireWebhookSecrets();
  return {
    ...wireWebhookTable(),
    ...wireClockAndIds(),
    ...wireApi(),
    ...wireWebhookAddressRules(),
    ...wireWebhookQueue(),
    ...secrets,
    revealSecret: (reference: string, requestId: string) =>
      revealSecret(secrets, reference, requestId),
  };
}

export type WebhooksDeps = ReturnType<typeof wireWebhooksApi>;
