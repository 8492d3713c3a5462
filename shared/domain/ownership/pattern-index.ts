import { isSpent, type Meter, type Pattern, type PreparedValue } from './pattern.ts';

/** A pattern and the position, in its text, of the rule that it belongs to. */
export type IndexedPattern<Value> = { readonly position: number; readonly pattern: Pattern<Value> };

/**
 * Patterns that can be asked which of them match a value, at a cost that follows from the value's
 * length and not from their number: each is filed under three characters that it requires, the
 * rarest among all patterns, and is asked only when the value has these. A pattern that requires no
 * three characters in a row is always asked.
 */
export type PatternIndex<Value> = {
  readonly bucketOf: ReadonlyMap<number, number>;
  readonly buckets: readonly (readonly IndexedPattern<Value>[])[];
  readonly always: readonly IndexedPattern<Value>[];
};

/** Files patterns for `eachMatch`. */
export function indexPatterns<Value>(
  patterns: readonly IndexedPattern<Value>[],
): PatternIndex<Value> {
  const grams = patterns.map(({ pattern }) => gramsOf(pattern.literals));
  const frequency = new Map<number, number>();
  for (const ofPattern of grams) {
    for (const gram of ofPattern) {
      frequency.set(gram, (frequency.get(gram) ?? 0) + 1);
    }
  }
  const bucketOf = new Map<number, number>();
  const buckets: IndexedPattern<Value>[][] = [];
  const always: IndexedPattern<Value>[] = [];
  for (const [at, entry] of patterns.entries()) {
    const gram = rarest(grams[at] ?? [], frequency);
    if (gram === undefined) {
      always.push(entry);
      continue;
    }
    const bucket = bucketOf.get(gram) ?? buckets.push([]) - 1;
    bucketOf.set(gram, bucket);
    buckets[bucket]?.push(entry);
  }
  return { bucketOf, buckets, always };
}

/**
 * Asks the patterns which of the values they match, and calls `visit` with each match until it
 * answers that it has seen enough of that pattern. Values are tried in the order given. Going
 * pattern by pattern, and not value by value, keeps what a pattern needs in the processor's cache:
 * ten times as fast where all are asked.
 */
export function eachMatch<Prepared extends PreparedValue<unknown>>(
  index: PatternIndex<Prepared['value']>,
  values: readonly Prepared[],
  meter: Meter,
  isWanted: (position: number) => boolean,
  visit: (position: number, value: Prepared) => 'enough' | 'more',
): void {
  if (values.length === 0) {
    return;
  }
  const ask: Ask<Prepared> = ({ position, pattern }, asked) => {
    for (const prepared of asked) {
      if (isSpent(meter)) {
        return;
      }
      meter.steps += 1;
      if (!pattern.matches(prepared.value, meter)) {
        continue;
      }
      if (visit(position, prepared) === 'enough') {
        return;
      }
    }
  };
  const wanted = (entry: IndexedPattern<Prepared['value']>) => isWanted(entry.position);
  for (const entry of index.always.filter(wanted)) {
    ask(entry, values);
  }
  for (const [bucket, asked] of valuesByBucket(index, values, meter)) {
    for (const entry of index.buckets[bucket]?.filter(wanted) ?? []) {
      ask(entry, asked);
    }
  }
}

type Ask<Prepared extends PreparedValue<unknown>> = (
  entry: IndexedPattern<Prepared['value']>,
  asked: readonly Prepared[],
) => void;

/** For each bucket, the values that have its three characters somewhere. */
function valuesByBucket<Prepared extends PreparedValue<unknown>>(
  { bucketOf }: PatternIndex<Prepared['value']>,
  values: readonly Prepared[],
  meter: Meter,
): Map<number, Prepared[]> {
  const found = new Map<number, Prepared[]>();
  if (bucketOf.size === 0) {
    return found;
  }
  for (const prepared of values) {
    const { indexed } = prepared;
    meter.steps += indexed.length;
    for (let at = 0; at + GRAM_LENGTH <= indexed.length; at += 1) {
      const bucket = bucketOf.get(gramAt(indexed, at));
      if (bucket === undefined) {
        continue;
      }
      const asked = found.get(bucket);
      if (!asked) {
        found.set(bucket, [prepared]);
      } else if (asked.at(-1) !== prepared) {
        asked.push(prepared);
      }
    }
  }
  return found;
}

const GRAM_LENGTH = 3;

/**
 * Three characters as one small number. Only ten bits of each count: two that fall together cost a
 * question that is answered with no.
 */
function gramAt(text: string, at: number): number {
  return (
    ((text.charCodeAt(at) & 1023) << 20) |
    ((text.charCodeAt(at + 1) & 1023) << 10) |
    (text.charCodeAt(at + 2) & 1023)
  );
}

function gramsOf(literals: readonly string[]): number[] {
  const grams: number[] = [];
  for (const text of literals) {
    for (let at = 0; at + GRAM_LENGTH <= text.length; at += 1) {
      grams.push(gramAt(text, at));
    }
  }
  return grams;
}

function rarest(
  grams: readonly number[],
  frequency: ReadonlyMap<number, number>,
): number | undefined {
  let found: number | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const gram of grams) {
    const count = frequency.get(gram) ?? 0;
    if (count < lowest) {
      [found, lowest] = [gram, count];
    }
  }
  return found;
}
