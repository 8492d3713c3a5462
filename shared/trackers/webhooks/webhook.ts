import type { WebhookSnapshot } from '../../domain/sync/webhook-snapshot.ts';

/** A webhook as it arrived. */
export type Delivery = {
  /** Names in any case, as sent. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as sent: signatures cover its bytes. */
  readonly rawBody: string;
};

/** Verifies and reads the webhooks of one tracker. */
export type Webhook = {
  /**
   * Whether the sender knows one of the secrets (current first, then the previous one) and sent
   * exactly this body, within five minutes of `nowMs` where the tracker signs a time. Constant
   * time; never throws.
   */
  readonly verify: (
    delivery: Delivery,
    secrets: readonly string[],
    nowMs: number,
  ) => Promise<boolean>;
  /**
   * The content of the webhook; null if it concerns neither an issue's assignees nor its status.
   * Never throws, whatever is missing or malformed.
   */
  readonly normalize: (delivery: Delivery, body: unknown) => WebhookSnapshot | null;
};

/** A header's value; names are compared in lower case. */
export function headerOf(headers: Delivery['headers'], name: string): string | null {
  for (const [key, value] of Object.entries(headers)) {
    if (key.toLowerCase() === name && typeof value === 'string' && value !== '') {
      return value;
    }
  }
  return null;
}
