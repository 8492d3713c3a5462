import { createHash, timingSafeEqual } from 'node:crypto';
import { verifyWithFallback } from '@octokit/webhooks-methods';

/** The largest difference between a signed time and our clock. */
const TOLERANCE_MS = 5 * 60 * 1_000;

/** Compares two texts in constant time. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Whether `text` is one of the secrets. All are compared, in constant time. */
export function isOneOf(text: string, secrets: readonly string[]): boolean {
  return secrets.map((secret) => sameText(text, secret)).includes(true);
}

/**
 * Verifies `sha256=<hex>` over the raw body, the signature of GitHub, Jira and our Redmine plugin.
 */
export async function isSignedBody(
  rawBody: string,
  signature: string | null,
  secrets: readonly string[],
): Promise<boolean> {
  // The library throws for empty input instead of refusing it.
  const [current, ...previous] = secrets.filter((secret) => secret !== '');
  if (current === undefined || signature === null || rawBody === '') {
    return false;
  }
  return (await verifyWithFallback(current, rawBody, signature, previous)) === true;
}

export function isRecent(epochSeconds: number, nowMs: number): boolean {
  return Math.abs(nowMs - epochSeconds * 1_000) <= TOLERANCE_MS;
}

/** A delivery id for trackers without one: equal bodies are the same delivery. */
export function bodyId(rawBody: string): string {
  return createHash('sha256').update(rawBody).digest('hex');
}
