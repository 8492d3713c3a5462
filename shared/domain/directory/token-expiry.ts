import type { Token } from '../directory.ts';

/** Tokens expire at whole seconds, as the table counts them. */
const SECOND_MS = 1_000;

/**
 * Whether a token is dead of age. The table removes what has expired within days, so this never
 * relies on the row being gone.
 */
export function isExpired({ dateExpires }: Pick<Token, 'dateExpires'>, nowMs: number): boolean {
  return dateExpires !== null && Date.parse(dateExpires) <= nowMs;
}

/** When a token expires that was asked to at that time: the whole second before it. */
export function expiryAt(atMs: number): string {
  return new Date(Math.floor(atMs / SECOND_MS) * SECOND_MS).toISOString();
}

/** When the successor of a token expires: it lives as long as its predecessor was to. */
export function expiryOfSuccessor(
  { dateCreated, dateExpires }: Pick<Token, 'dateCreated' | 'dateExpires'>,
  nowMs: number,
): string | null {
  if (dateExpires === null) {
    return null;
  }
  return expiryAt(nowMs + Date.parse(dateExpires) - Date.parse(dateCreated));
}

/**
 * When a token ends that was replaced: after the overlap, or before it where it was to end before.
 * Null: at that moment.
 */
export function endOfOverlap(
  { dateExpires }: Pick<Token, 'dateExpires'>,
  nowMs: number,
  overlapMs: number,
): string | null {
  if (overlapMs < SECOND_MS) {
    return null;
  }
  const endMs = nowMs + overlapMs;
  return expiryAt(dateExpires === null ? endMs : Math.min(endMs, Date.parse(dateExpires)));
}
