import { createHash, timingSafeEqual } from 'node:crypto';
import { verifyWithFallback } from '@octokit/webhooks-methods';

/** How far a signed time may lie from ours, in either direction. */
const TOLERANCE_MS = 5 * 60 * 1_000;

/** Compares without telling by the time it takes where, or by how much, two texts differ. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Whether `text` is one of the secrets; all are compared, whichever matches. */
export function isOneOf(text: string, secrets: readonly string[]): boolean {
  return secrets.map((secret) => sameText(text, secret)).includes(true);
}

/** `sha256=<hex>` over the raw body, as GitHub, Jira and our Redmine plugin sign. */
export async function isSignedBody(
  rawBody: string,
  signature: string | null,
  secrets: readonly string[],
): Promise<boolean> {
  // The library throws on empty input instead of refusing it.
  const [current, ...previous] = secrets.filter((secret) => secret !== '');
  if (current === undefined || signature === null || rawBody === '') {
    return false;
  }
  return (await verifyWithFallback(current, rawBody, signature, previous)) === true;
}

export function isRecent(epochSeconds: number, nowMs: number): boolean {
  return Math.abs(nowMs - epochSeconds * 1_000) <= TOLERANCE_MS;
}

/** For trackers that do not number their deliveries: the same body is the same delivery. */
export function bodyId(rawBody: string): string {
  return createHash('sha256').update(rawBody).digest('hex');
}
