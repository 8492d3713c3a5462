/**
 * Whether a cached answer still holds after the project's ownership rules changed. It holds when it was taken strictly
 * later than the last change, or when no change is remembered: a change is remembered for 24 hours, and no entry of
 * the owner caches lives longer.
 *
 * Both times are unix seconds with a fraction, by the clock of the same Redis shard. Equal counts as stale: the answer
 * may have been read just before the change.
 */
export function isFresh(takenAtSeconds: number, changedAtSeconds: number | null): boolean {
  return changedAtSeconds === null || changedAtSeconds < takenAtSeconds;
}
