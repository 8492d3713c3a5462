import { isSpent, type Meter, type Pattern, type PreparedValue } from './pattern.ts';

/**
 * An index that finds, of thousands of patterns, the few that can match a value.
 *
 * A project has up to some ten thousand rules, and an event of 200 frames has several hundred
 * values (paths, modules). Comparing each pattern with each value would be millions of comparisons
 * for every event. Most patterns hold some plain text, though (`src/billing/` in
 * `src/billing/*.py`), and a value that does not contain that text cannot match.
 *
 * The index uses trigrams, three characters in a row:
 *
 * - `Pattern.literals` are the texts that every matching value contains. All of their trigrams are
 *   counted over all patterns. Each pattern is filed under the one of its own trigrams that is
 *   rarest, so that `src` does not collect a thousand patterns while `bil` has one.
 * - A value is walked once. Each of its trigrams that has a bucket adds the value to that bucket.
 * - Then every pattern of a bucket is compared, with the values of that bucket only. Whether it
 *   really matches is decided by `Pattern.matches`: the index only leaves out what cannot match.
 * - A pattern without three plain characters in a row (`*.c`) is compared with every value.
 *
 * Globs anchor both ends of a value with a character of their own (`glob.ts`), so that `*.js` has
 * the trigrams `.js` and `js` with the end anchor, and not only `.js`.
 *
 * The cost follows from the length of the values and the number of real candidates, not from the
 * number of rules. The benchmark is `npm run bench ownership` (`test/bench/ownership.ts`): compare
 * its scenario "ordinary" with "each rule asked", where no pattern has a trigram.
 * `test/domain/ownership/evaluate-properties.test.ts` compares results with those of
 * `reference.ts`, an evaluation without an index.
 */

/** A pattern and the position, in its text, of the rule that it belongs to. */
export type IndexedPattern<Value> = { readonly position: number; readonly pattern: Pattern<Value> };

/**
 * Patterns by their rarest trigram. `bucketOf` leads from a trigram to its bucket; `always` holds
 * the patterns without a trigram.
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

/** Which patterns of an index are compared, and what happens with each match. */
export type Search<Prepared> = {
  readonly meter: Meter;
  /** Whether the rule at this position is looked for. */
  readonly isWanted: (position: number) => boolean;
  /** Called with each match. `enough` ends the search for this pattern, `more` continues it. */
  readonly visit: (position: number, value: Prepared) => 'enough' | 'more';
};

/**
 * Finds the values that each pattern matches, in the order given. Going pattern by pattern, and not
 * value by value, keeps what a pattern needs in the processor's cache: ten times as fast where all
 * patterns are compared.
 */
export function eachMatch<Prepared extends PreparedValue<unknown>>(
  index: PatternIndex<Prepared['value']>,
  values: readonly Prepared[],
  search: Search<Prepared>,
): void {
  if (values.length === 0) {
    return;
  }
  const wanted = ({ position }: IndexedPattern<Prepared['value']>) => search.isWanted(position);
  for (const entry of index.always.filter(wanted)) {
    compare(entry, values, search);
  }
  for (const [bucket, candidates] of valuesByBucket(index, values, search.meter)) {
    for (const entry of index.buckets[bucket]?.filter(wanted) ?? []) {
      compare(entry, candidates, search);
    }
  }
}

function compare<Prepared extends PreparedValue<unknown>>(
  { position, pattern }: IndexedPattern<Prepared['value']>,
  values: readonly Prepared[],
  { meter, visit }: Search<Prepared>,
): void {
  for (const prepared of values) {
    if (isSpent(meter)) {
      return;
    }
    meter.steps += 1;
    if (pattern.matches(prepared.value, meter) && visit(position, prepared) === 'enough') {
      return;
    }
  }
}

/** For each bucket, the values that contain its trigram. */
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
      if (bucket !== undefined) {
        addOnce(found, bucket, prepared);
      }
    }
  }
  return found;
}

/** Adds a value to a bucket. Values come one after the other, so only the last can be the same. */
function addOnce<Prepared>(found: Map<number, Prepared[]>, bucket: number, value: Prepared): void {
  const values = found.get(bucket);
  if (!values) {
    found.set(bucket, [value]);
  } else if (values.at(-1) !== value) {
    values.push(value);
  }
}

const GRAM_LENGTH = 3;

/**
 * A trigram as one number of 30 bits, ten for each character. Characters that agree in their lowest
 * ten bits share a bucket, which costs a comparison and no more.
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
