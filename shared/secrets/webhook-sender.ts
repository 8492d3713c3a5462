import { Webhook } from 'standardwebhooks';
import { type Answer, KEPT_RESPONSE_BYTES, readRetryAfter } from '../domain/webhooks/attempts.ts';
import { type WebhookEndpoint, webhookSecretRef } from '../domain/webhooks/endpoint.ts';
import {
  readSecrets,
  signingSecrets,
  type WebhookSecret,
} from '../domain/webhooks/webhook-secrets.ts';
import { isAddressRefusal } from '../trackers/address-guard.ts';
import { createGuardedFetch, type Fetch, isStrangeStatus } from '../trackers/guarded-fetch.ts';
import type { SecretStore } from './secret-store.ts';

/** The limit for a whole call, with the answer. */
const TIMEOUT_MS = 15_000;

/** What is sent: always the same body under one id, signed anew. */
export type SignedMessage = {
  readonly eventId: string;
  readonly body: string;
  /** ISO 8601. */
  readonly sentAt: string;
};

/**
 * Signs webhooks as Standard Webhooks says, and sends them to addresses that may be called. What
 * goes wrong is an answer like others: nothing is thrown for an endpoint's sake.
 */
export function createWebhookSender({
  secrets,
  now,
  fetchWith = createGuardedFetch,
}: {
  readonly secrets: Pick<SecretStore, 'read'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly fetchWith?: typeof createGuardedFetch;
}) {
  const open = (allowPrivateAddress: boolean): Fetch =>
    fetchWith({
      allowPrivateAddress,
      callee: 'webhook',
      timeoutMs: TIMEOUT_MS,
      keptBytes: KEPT_RESPONSE_BYTES,
      // Receivers know a message by its id.
      mayArriveTwice: true,
    });
  // Connections of one must not be used under the other's rules.
  const fetches = { private: open(true), public: open(false) };

  /** The newest secret has to be among them: a copy in memory may be older than a rotation. */
  async function secretsOf(endpoint: WebhookEndpoint): Promise<readonly WebhookSecret[]> {
    const reference = webhookSecretRef(endpoint);
    const known = readSecrets((await secrets.read(reference))?.value);
    if (known.some(({ id }) => id === endpoint.secretId)) {
      return known;
    }
    return readSecrets((await secrets.read(reference, { fresh: true }))?.value);
  }

  return async function send(
    endpoint: WebhookEndpoint,
    { eventId, body, sentAt }: SignedMessage,
    { allowPrivateAddress }: { readonly allowPrivateAddress: boolean },
  ): Promise<Answer> {
    const startedMs = now();
    const ended = (answer: Partial<Answer>): Answer => ({
      ...{ code: null, error: null, response: '', retryAfterMs: null },
      ...answer,
      ms: Math.max(0, Math.round(now() - startedMs)),
    });
    const signing = signingSecrets(await secretsOf(endpoint), startedMs);
    if (signing.length === 0) {
      return ended({ error: 'The webhook has no secret yet.' });
    }
    const at = new Date(sentAt);
    const fetch = allowPrivateAddress ? fetches.private : fetches.public;
    try {
      const response = await fetch(endpoint.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'baton',
          'webhook-id': eventId,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
          'webhook-signature': signing
            .map(({ secret }) => new Webhook(secret).sign(eventId, at, body))
            .join(' '),
        },
        body,
      });
      return ended({
        code: response.status,
        response: (await response.text()).slice(0, KEPT_RESPONSE_BYTES),
        retryAfterMs: readRetryAfter(response.headers.get('retry-after'), now()),
      });
    } catch (error) {
      return ended(isStrangeStatus(error) ? { code: error.status } : { error: reasonOf(error) });
    }
  };
}

/** Says what went wrong without the address, which may hold a secret. */
function reasonOf(error: unknown): string {
  if (isAddressRefusal(error)) {
    return error.message;
  }
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `The endpoint did not answer within ${TIMEOUT_MS / 1_000} seconds.`;
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return `The endpoint could not be reached (${code}).`;
}
