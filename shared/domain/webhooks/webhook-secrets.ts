/** For how long the secret before the newest one signs as well. */
const OVERLAP_MS = 24 * 60 * 60 * 1_000;

/** How many secrets sign at the same time. */
const MOST_SECRETS = 2;

/** A secret that an endpoint's webhooks are signed with. */
export type WebhookSecret = {
  readonly id: string;
  /** `whsec_` and the base64 of 32 bytes. */
  readonly secret: string;
  /** Until when it signs (epoch milliseconds); null for the newest. */
  readonly untilMs: number | null;
};

/** The secrets that sign now, the newest first. */
export function signingSecrets(
  secrets: readonly WebhookSecret[],
  nowMs: number,
): readonly WebhookSecret[] {
  return secrets.filter(({ untilMs }) => untilMs === null || untilMs > nowMs);
}

/**
 * The secrets after a rotation: the one that was the newest signs for 24 hours more, one that was
 * about to end is dropped.
 */
export function rotatedSecrets(
  secrets: readonly WebhookSecret[],
  next: Pick<WebhookSecret, 'id' | 'secret'>,
  nowMs: number,
): readonly WebhookSecret[] {
  const before = signingSecrets(secrets, nowMs).map((one) => ({
    ...one,
    untilMs: one.untilMs ?? nowMs + OVERLAP_MS,
  }));
  return [{ ...next, untilMs: null }, ...before].slice(0, MOST_SECRETS);
}

/** The secrets that a parameter holds; none where it holds anything else. */
export function readSecrets(value: unknown): readonly WebhookSecret[] {
  const { secrets } = (value ?? {}) as { readonly secrets?: unknown };
  return Array.isArray(secrets) ? secrets.filter(isSecret) : [];
}

function isSecret(value: unknown): value is WebhookSecret {
  const { id, secret, untilMs } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return (
    typeof id === 'string' &&
    typeof secret === 'string' &&
    (untilMs === null || typeof untilMs === 'number')
  );
}
