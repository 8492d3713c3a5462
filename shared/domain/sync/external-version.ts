import type { ExternalVersion } from './external-issue.ts';

/**
 * How `externalVersion` compares with `reference`. Revisions are compared when both sides have one
 * (they are exact), else times (GitHub's have a resolution of one second); with neither, `unknown`.
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

/** So long after a write a replica of the tracker may still answer as if it had not happened. */
export const REPLICA_LAG_MS = 10_000;

/**
 * Whether what was read may be from before our own last write: both carry the same second, and it
 * is only just over. Later it shows what somebody else did after us within that second. Revision
 * numbers leave no doubt: the same number is the same state.
 */
export function mayPrecedeOwnWrite(
  read: ExternalVersion,
  lastWrittenVersion: ExternalVersion | null,
  nowMs: number,
): boolean {
  const isSame = compareExternalVersions(read, lastWrittenVersion) === 'equal';
  return isSame && read.atMs !== null && Math.abs(nowMs - read.atMs) < REPLICA_LAG_MS;
}

/** The watermark after `externalVersion` was taken in: it never goes back, in either measure. */
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
 * The watermark after an issue was read. Where its newest change is a write of ours (`ownVersions`:
 * of this link and of others to the same issue), somebody else's change just before it may still be
 * on its way as a webhook: it must not look old when it arrives, so the watermark stays.
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
