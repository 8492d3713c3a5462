/**
 * The longest life of an entry of the owner caches, and how long a change of rules is remembered.
 */
export const LONGEST_ENTRY_LIFE_SECONDS = 86_400;
/** For answers that were on their way when the change was committed, and for clocks that differ. */
const OUTLIVED_MARGIN_SECONDS = 3_600;

/**
 * Whether everything has expired that was cached before a change, so that nothing of it is left to
 * be invalidated.
 *
 * @param changedAt when the change was committed, as ISO 8601
 */
export function hasOutlivedEntries(changedAt: string, now: string): boolean {
  const ageSeconds = (Date.parse(now) - Date.parse(changedAt)) / 1_000;
  return ageSeconds > LONGEST_ENTRY_LIFE_SECONDS + OUTLIVED_MARGIN_SECONDS;
}

/**
 * Whether a cached answer still holds after the project's ownership rules changed. It holds when it
 * was taken strictly later than the last change, or when no change is remembered: a change is
 * remembered for 24 hours, and no entry of the owner caches lives longer.
 *
 * Both times are unix seconds with a fraction, by the clock of the same Redis shard. Equal counts
 * as stale: the answer may have been read just before the change.
 */
export function isFresh(takenAtSeconds: number, changedAtSeconds: number | null): boolean {
  return changedAtSeconds === null || changedAtSeconds < takenAtSeconds;
}
