import type { WebhookSnapshot } from '../../domain/sync/webhook-snapshot.ts';

/** A webhook as it arrived. */
export type Delivery = {
  /** In whatever case the sender wrote the names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body before anybody parsed it: signatures cover bytes, not meanings. */
  readonly rawBody: string;
};

/** How one tracker's webhooks are believed and read. */
export type Webhook = {
  /**
   * Whether somebody who knows one of the secrets (current first, then the previous one) sent
   * exactly this body, within five minutes of `nowMs` where the tracker signs a time. Constant
   * time; never throws.
   */
  readonly verify: (
    delivery: Delivery,
    secrets: readonly string[],
    nowMs: number,
  ) => Promise<boolean>;
  /**
   * What the body says, or null when it says nothing about an issue's people or status. Never
   * throws, whatever is missing or malformed.
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
