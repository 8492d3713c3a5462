import type { Meter } from './pattern.ts';

/**
 * Finds a part of a glob (the text between two stars) in a value.
 *
 * Rules are written by strangers, and so are the values that they are compared with: a search must
 * take time in proportion to the value, whatever part and value say. A backtracking search does
 * not. `*aaaa…ab*` compared with a path of `aaaa…` costs the product of both lengths, and a regular
 * expression of a glob with many stars costs far more. So there is one search for each kind of
 * part:
 *
 * - One character: the value is scanned for it.
 * - Text without `?`: Knuth, Morris and Pratt (1977). When a character does not fit, the search
 *   does not begin again one place further on. It already knows the last characters of the value,
 *   since they are the beginning of the part, and goes on with the longest beginning of the part
 *   that is also their end (a border). In `abcabd`, a mismatch after `abcab` continues after `ab`.
 *   The value is walked once and never back: at most two steps for each of its characters.
 * - Text with `?`: borders do not work here, because "fits a `?`" is not the same as "is equal",
 *   and so two characters that both fit a third need not be equal. The search follows Baeza-Yates
 *   and Gonnet (1992, "shift-and"): every occurrence that has begun is followed at the same time,
 *   one bit each. Bit i is set while the last i + 1 characters of the value fit the first i + 1 of
 *   the part. One shift and one "and" bring all of them one character further:
 *
 *     part  a?b     accepts  a: 011   b: 110   other: 010   (the lowest bit is the first character)
 *     alive <- (alive << 1 | 1) & accepts[character]
 *
 * The occurrence is complete when the highest bit is set. The part is split into words of 32 bits:
 * one step for each character of the value and each 32 characters of the part.
 *
 * Characters are UTF-16 units, but `?` takes a whole code point, so the third search reads code
 * points. Tables are made when a search first runs, since the index of patterns
 * (`pattern-index.ts`) keeps most patterns from being compared at all.
 *
 * The benchmark is `npm run bench ownership` (`test/bench/ownership.ts`): its scenarios "stars
 * between letters", "a run that occurs everywhere but for its end" and "question marks between
 * letters" are made to be slow. `test/domain/ownership/evaluate-properties.test.ts` bounds the
 * steps.
 */

/**
 * Searches `value` between the indexes `start` and `limit`. Answers the index after the first
 * occurrence, or -1 where there is none.
 */
export type PartSearch = (value: string, start: number, limit: number, meter: Meter) => number;

/** The search for a part, by its kind. */
export function searchFor(part: string): PartSearch {
  if (part.length === 1 && part !== '?') {
    return searchCharacter(part.charCodeAt(0));
  }
  const make = part.includes('?') ? searchWithWildcards : searchLiteral;
  let search: PartSearch | null = null;
  return (value, start, limit, meter) => {
    if (limit - start < part.length) {
      return -1;
    }
    search ??= make(part);
    return search(value, start, limit, meter);
  };
}

function searchCharacter(code: number): PartSearch {
  return (value, start, limit, meter) => {
    let at = start;
    while (at < limit && value.charCodeAt(at) !== code) {
      at += 1;
    }
    meter.steps += at - start + 1;
    return at < limit ? at + 1 : -1;
  };
}

/** Text without `?`, by Knuth, Morris and Pratt. */
function searchLiteral(part: string): PartSearch {
  const borderOf = borders(part);
  return (value, start, limit, meter) => {
    let held = 0;
    let at = start;
    let steps = 0;
    while (at < limit && held < part.length) {
      steps += 1;
      if (value.charCodeAt(at) === part.charCodeAt(held)) {
        at += 1;
        held += 1;
      } else {
        // The same character is compared again, behind a shorter beginning if there is one.
        at += Number(held === 0);
        held = borderOf[held] ?? 0;
      }
    }
    meter.steps += steps;
    return held === part.length ? at : -1;
  };
}

/**
 * For each length of a beginning of the text, the length of its border: the longest shorter
 * beginning that is also its end.
 */
function borders(text: string): Int32Array {
  const borderOf = new Int32Array(text.length + 1);
  let held = 0;
  for (let at = 1; at < text.length; at += 1) {
    while (held > 0 && text.charCodeAt(at) !== text.charCodeAt(held)) {
      held = borderOf[held] ?? 0;
    }
    held += text.charCodeAt(at) === text.charCodeAt(held) ? 1 : 0;
    borderOf[at + 1] = held;
  }
  return borderOf;
}

const WORD_BITS = 32;

/** Text with `?`, by Baeza-Yates and Gonnet. */
function searchWithWildcards(part: string): PartSearch {
  const characters = [...part];
  const words = Math.ceil(characters.length / WORD_BITS);
  const { accepts, other } = acceptTables(characters, words);
  const lastBit = 1 << ((characters.length - 1) % WORD_BITS);
  return (value, start, limit, meter) => {
    const alive = new Int32Array(words);
    for (let at = start; at < limit; ) {
      const code = value.codePointAt(at) ?? 0;
      at += 1 + Number(code > 0xffff);
      advance(alive, accepts.get(code) ?? other);
      meter.steps += words;
      // A pair of surrogates may reach beyond the limit.
      if (at <= limit && ((alive[words - 1] ?? 0) & lastBit) !== 0) {
        return at;
      }
    }
    return -1;
  };
}

function advance(alive: Int32Array, accepted: Int32Array): void {
  let carry = 1;
  for (let word = 0; word < alive.length; word += 1) {
    const before = alive[word] ?? 0;
    alive[word] = ((before << 1) | carry) & (accepted[word] ?? 0);
    carry = before >>> (WORD_BITS - 1);
  }
}

/**
 * For each character of the part, the indexes in the part at which it fits: its own, and those of
 * every `?`. `other` is for all other characters, which fit a `?` only.
 */
function acceptTables(characters: readonly string[], words: number) {
  const indexesOf = Map.groupBy(characters.keys(), (index) => characters[index] ?? '');
  const wildcards = indexesOf.get('?') ?? [];
  const accepts = new Map<number, Int32Array>();
  for (const [character, indexes] of indexesOf) {
    accepts.set(character.codePointAt(0) ?? 0, bitSet([...indexes, ...wildcards], words));
  }
  return { accepts, other: bitSet(wildcards, words) };
}

function bitSet(indexes: readonly number[], words: number): Int32Array {
  const bits = new Int32Array(words);
  for (const index of indexes) {
    setBit(bits, index);
  }
  return bits;
}

function setBit(bits: Int32Array, at: number): void {
  const word = Math.floor(at / WORD_BITS);
  bits[word] = (bits[word] ?? 0) | (1 << (at % WORD_BITS));
}
