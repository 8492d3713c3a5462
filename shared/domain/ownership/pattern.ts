/**
 * Counts comparisons. A step is one comparison of characters, or one pattern that was looked at. A
 * limit on steps limits the time without depending on a clock. Once `limit` is reached, nothing
 * more is compared and nothing more matches.
 */
export type Meter = { steps: number; readonly limit: number };

/** Whether the limit is reached. */
export function isSpent(meter: Meter): boolean {
  return meter.steps >= meter.limit;
}

/** A compiled pattern. `Value` is the form of the text that this kind of pattern reads. */
export type Pattern<Value> = {
  readonly literals: readonly string[];
  matches(value: Value, meter: Meter): boolean;
};

/**
 * A value that is prepared for many patterns: the form that they read, and the text in which their
 * literals are searched.
 */
export type PreparedValue<Value> = { readonly value: Value; readonly indexed: string };
