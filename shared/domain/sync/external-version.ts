import type { ExternalVersion } from './external-issue.ts';

export const noVersion: ExternalVersion = { atMs: null, rev: null };

/**
 * Compares a version with a reference. Revision numbers are exact and compared where both sides
 * have one; otherwise times are (GitHub's have a resolution of one second); without either the
 * result is `unknown`.
 */
export function compareExternalVersions(
  externalVersion: ExternalVersion,
  reference: ExternalVersion | null,
): 'older' | 'equal' | 'newer' | 'unknown' {
  if (reference === null) {
    return 'unknown';
  }
  if (externalVersion.rev !== null && reference.rev !== null) {
    return order(externalVersion.rev, reference.rev);
  }
  if (externalVersion.atMs !== null && reference.atMs !== null) {
    return order(externalVersion.atMs, reference.atMs);
  }
  return 'unknown';
}

/** For this long after a write, a replica of the tracker may return the state before it. */
export const REPLICA_LAG_MS = 10_000;

/**
 * Whether a read may show the state before our own last write: both have the same time, and that
 * was less than 10 s ago. After 10 s the read shows another change within the same second. Equal
 * revision numbers mean the same state, so they never leave this doubt.
 */
export function mayPrecedeOwnWrite(
  read: ExternalVersion,
  lastWrittenVersion: ExternalVersion | null,
  nowMs: number,
): boolean {
  const isSame = compareExternalVersions(read, lastWrittenVersion) === 'equal';
  return isSame && read.atMs !== null && Math.abs(nowMs - read.atMs) < REPLICA_LAG_MS;
}

/** The watermark after a change was processed: neither its time nor its revision ever falls. */
export function newestOf(
  watermark: ExternalVersion | null,
  externalVersion: ExternalVersion,
): ExternalVersion {
  return {
    atMs: greater(watermark?.atMs ?? null, externalVersion.atMs),
    rev: greater(watermark?.rev ?? null, externalVersion.rev),
  };
}

/**
 * The watermark after an issue was read. If the newest change is a write of our own (`ownVersions`:
 * of this link and of others to the same issue), the webhook of somebody else's change just before
 * it may still arrive. It must not count as old then, so the watermark stays.
 */
export function watermarkAfterRead(
  watermark: ExternalVersion | null,
  read: ExternalVersion,
  ownVersions: readonly (ExternalVersion | null)[],
): ExternalVersion | null {
  const isOwn = ownVersions.some(
    (own) => own !== null && compareExternalVersions(read, own) === 'equal',
  );
  return isOwn ? watermark : newestOf(watermark, read);
}

function order(a: number, b: number): 'older' | 'equal' | 'newer' {
  if (a === b) {
    return 'equal';
  }
  return a < b ? 'older' : 'newer';
}

function greater(a: number | null, b: number | null): number | null {
  if (a === null || b === null) {
    return a ?? b;
  }
  return Math.max(a, b);
}
