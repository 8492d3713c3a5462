import { changedMeanwhile, notFound } from '../../domain/errors.ts';
import { answerLost } from '../../domain/idempotency.ts';
import { type WebhookEndpoint, webhookSecretRef } from '../../domain/webhooks/endpoint.ts';
import {
  readSecrets,
  rotatedSecrets,
  type WebhookSecret,
} from '../../domain/webhooks/webhook-secrets.ts';
import type { SecretStore } from '../../secrets/secret-store.ts';
import type { Progress } from '../../stores/repeats.ts';
import type { WebhookEndpointStore } from '../../stores/webhooks/webhook-endpoints.ts';
import type { Clock } from '../deps.ts';

export type WebhookSecretDeps = {
  readonly secrets: Pick<SecretStore, 'read' | 'write'>;
  /** `whsec_` and the base64 of 32 random bytes. */
  readonly newSigningSecret: () => string;
};

/** A secret that is shown, and by what its request can be answered with it again. */
export type NewSecret = { readonly secret: string; readonly reference: string };

/** Longer than any two calls of the parameter store take. */
const ROTATION_LASTS_MS = 30_000;

export type RotateSecretDeps = WebhookSecretDeps & {
  readonly webhookEndpoints: Pick<WebhookEndpointStore, 'byId' | 'claimRotation' | 'endRotation'>;
  readonly newId: () => string;
  readonly clock: Clock;
};

/** The first secret of an endpoint: what is there, where a request died after writing it. */
export function keepFirstSecret(
  deps: RotateSecretDeps,
  endpoint: WebhookEndpoint,
): Promise<NewSecret> {
  return keepNewest(deps, endpoint, endpoint.secretId);
}

/** Gives an endpoint a new secret; the one before signs for 24 hours more. */
export async function rotateSecret(
  deps: RotateSecretDeps,
  endpoint: WebhookEndpoint,
  progress: Progress,
): Promise<NewSecret> {
  const id = progress.noted() ?? deps.newId();
  await progress.note(id);
  return keepNewest(deps, endpoint, id);
}

/**
 * Makes the secret of this id the newest of an endpoint, unless it is there. One request at a time:
 * of two the parameter store would keep one, and an endpoint that is deleted meanwhile would leave
 * its secrets behind. Throws `conflict` for the other request.
 */
async function keepNewest(
  deps: RotateSecretDeps,
  endpoint: WebhookEndpoint,
  id: string,
): Promise<NewSecret> {
  const nowMs = Date.parse(deps.clock());
  const untilMs = nowMs + ROTATION_LASTS_MS;
  if (!(await deps.webhookEndpoints.claimRotation(endpoint, nowMs, untilMs))) {
    throw await refusalOf(deps, endpoint);
  }
  const before = await secretsOf(deps, endpoint);
  const known = before.find((one) => one.id === id);
  const next = known ?? { id, secret: deps.newSigningSecret() };
  if (known === undefined) {
    const secrets = rotatedSecrets(before, next, nowMs);
    await deps.secrets.write(webhookSecretRef(endpoint), { secrets });
  }
  await deps.webhookEndpoints.endRotation(endpoint, untilMs, id);
  return shown(endpoint, next);
}

async function refusalOf(deps: RotateSecretDeps, { organizationId, id }: WebhookEndpoint) {
  const endpoint = await deps.webhookEndpoints.byId(organizationId, id);
  return endpoint === undefined ? notFound() : changedMeanwhile();
}

/**
 * The secret that an answer showed, by what its record holds of it. Throws `request.answer_lost`
 * where it is gone: rotated away twice, or with its endpoint.
 */
export async function revealSecret(
  { secrets }: Pick<WebhookSecretDeps, 'secrets'>,
  reference: string,
  requestId: string,
): Promise<string> {
  const [secretRef = '', id] = reference.split('#');
  const stored = await secrets.read(secretRef, { fresh: true });
  const known = readSecrets(stored?.value).find((one) => one.id === id);
  if (known === undefined) {
    throw answerLost(requestId);
  }
  return known.secret;
}

async function secretsOf({ secrets }: WebhookSecretDeps, endpoint: WebhookEndpoint) {
  return readSecrets((await secrets.read(webhookSecretRef(endpoint), { fresh: true }))?.value);
}

function shown(
  endpoint: WebhookEndpoint,
  { id, secret }: Pick<WebhookSecret, 'id' | 'secret'>,
): NewSecret {
  return { secret, reference: `${webhookSecretRef(endpoint)}#${id}` };
}
