/**
 * Counts the work of matching. A step is one comparison of characters, or one pattern that was
 * looked at, so that a bound on steps is a bound on time that no clock blurs. Once `limit` is
 * reached nothing more is compared and nothing more matches.
 */
export type Meter = { steps: number; readonly limit: number };

/** Whether the steps are used up. */
export function isSpent(meter: Meter): boolean {
  return meter.steps >= meter.limit;
}

/**
 * A pattern that was compiled once and is asked often. `Value` is the text in the form that its
 * kind of pattern reads.
 *
 * `literals` are texts that every value it matches contains, in the spelling of the value's
 * `indexed` text: an index over them spares most patterns from being asked at all.
 */
export type Pattern<Value> = {
  readonly literals: readonly string[];
  matches(value: Value, meter: Meter): boolean;
};

/**
 * A value prepared for many patterns: the form that they read, and the text in which their literals
 * are found.
 */
export type PreparedValue<Value> = { readonly value: Value; readonly indexed: string };
