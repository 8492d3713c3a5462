/** A count that is known within two ends, both of which it can be. */
export type CountRange = { readonly min: number; readonly max: number };

/** Ranges of each doubling of a count: none is wider than a quarter of its start. */
const RANGES_PER_DOUBLING = 4;

/** What is known of a count that no list has noted. */
export const ANY_COUNT: CountRange = { min: 0, max: Number.MAX_SAFE_INTEGER };

/**
 * The range that a count lies in: up to 7 the count itself, from there on a quarter of a doubling.
 * Lists note the range and not the count, so that few events change what they have noted.
 */
export function countRangeOf(count: number): CountRange {
  if (count < 2 * RANGES_PER_DOUBLING) {
    return { min: count, max: count };
  }
  const width = 2 ** Math.floor(Math.log2(count)) / RANGES_PER_DOUBLING;
  const min = Math.floor(count / width) * width;
  return { min, max: min + width - 1 };
}
