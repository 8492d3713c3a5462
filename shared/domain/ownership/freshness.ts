/** The longest life of an entry in the owner caches, and of the time of the last rule change. */
export const LONGEST_ENTRY_LIFE_SECONDS = 86_400;
/**
 * Allows for reads that were in progress at the time of the change, and for differences between
 * clocks.
 */
const OUTLIVED_MARGIN_SECONDS = 3_600;

/**
 * Whether all entries that were cached before a change have expired, so that nothing is left to be
 * invalidated.
 */
export function hasOutlivedEntries(changedAt: string, now: string): boolean {
  const ageSeconds = (Date.parse(now) - Date.parse(changedAt)) / 1_000;
  return ageSeconds > LONGEST_ENTRY_LIFE_SECONDS + OUTLIVED_MARGIN_SECONDS;
}

/**
 * Whether a cached answer is still valid after changes of the project's ownership rules. It is if
 * it was read after the last change, or if no change is stored: the time of a change is stored for
 * 24 hours, and no entry of the owner caches lives longer.
 */
export function isFresh(takenAtSeconds: number, changedAtSeconds: number | null): boolean {
  return changedAtSeconds === null || changedAtSeconds < takenAtSeconds;
}
