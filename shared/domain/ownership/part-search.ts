import type { Meter } from './pattern.ts';

/**
 * Finds a part of a glob, the text between two stars, in a value: the end of its first occurrence
 * that lies between two places, or -1. The value is walked once and never back.
 */
export type PartSearch = (value: string, start: number, limit: number, meter: Meter) => number;

/**
 * The search for a part. Its table is made when it is first needed: most patterns never get that
 * far.
 */
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

/** After Knuth, Morris and Pratt: at most two steps a character, however long the part. */
function searchLiteral(part: string): PartSearch {
  const table = borders(part);
  return (value, start, limit, meter) => {
    let held = 0;
    let at = start;
    let steps = 0;
    while (at < limit && held < part.length) {
      steps += 1;
      if (value.charCodeAt(at) === part.charCodeAt(held)) {
        at += 1;
        held += 1;
      } else if (held === 0) {
        at += 1;
      } else {
        held = table[held - 1] ?? 0;
      }
    }
    meter.steps += steps;
    return held === part.length ? at : -1;
  };
}

/** For each prefix of the text, the length of its longest proper prefix that is also its suffix. */
function borders(text: string): Int32Array {
  const table = new Int32Array(text.length);
  let held = 0;
  for (let at = 1; at < text.length; ) {
    if (text.charCodeAt(at) === text.charCodeAt(held)) {
      held += 1;
      table[at] = held;
      at += 1;
    } else if (held > 0) {
      held = table[held - 1] ?? 0;
    } else {
      at += 1;
    }
  }
  return table;
}

const WORD_BITS = 32;

/**
 * Where `?` stands in the part, every occurrence that has begun is followed at once, one bit each,
 * after Baeza-Yates and Gonnet: one step for each character and each 32 characters of the part.
 *
 *     part  a?b     accepts  a: 011   b: 110   other: 010   (first character lowest)
 *     alive <- (alive << 1 | 1) & accepts[character]
 */
function searchWithWildcards(part: string): PartSearch {
  const characters = [...part];
  const words = Math.ceil(characters.length / WORD_BITS);
  const { accepts, other } = acceptTables(characters, words);
  const lastBit = 1 << ((characters.length - 1) % WORD_BITS);
  return (value, start, limit, meter) => {
    const alive = new Int32Array(words);
    for (let at = start; at < limit; ) {
      const code = value.codePointAt(at) ?? 0;
      at += code > 0xffff ? 2 : 1;
      advance(alive, accepts.get(code) ?? other);
      meter.steps += words;
      if (((alive[words - 1] ?? 0) & lastBit) !== 0) {
        return at <= limit ? at : -1;
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
 * For each character of the part, the places that it may take; `other` is for all the rest, which
 * only `?` takes.
 */
function acceptTables(characters: readonly string[], words: number) {
  const other = new Int32Array(words);
  const accepts = new Map<number, Int32Array>();
  for (const [at, character] of characters.entries()) {
    if (character === '?') {
      setBit(other, at);
    }
  }
  for (const [at, character] of characters.entries()) {
    if (character === '?') {
      continue;
    }
    const code = character.codePointAt(0) ?? 0;
    const positions = accepts.get(code) ?? other.slice();
    setBit(positions, at);
    accepts.set(code, positions);
  }
  return { accepts, other };
}

function setBit(bits: Int32Array, at: number): void {
  const word = Math.floor(at / WORD_BITS);
  bits[word] = (bits[word] ?? 0) | (1 << (at % WORD_BITS));
}
