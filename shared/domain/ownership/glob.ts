import { type PartSearch, searchFor } from './part-search.ts';
import type { Meter, Pattern, PreparedValue } from './pattern.ts';

/**
 * Mark the ends of a value in its indexed text, so that `*.js` can be found by how the value ends.
 */
const START_ANCHOR = '\u0002';
const END_ANCHOR = '\u0003';

/**
 * Compiles a glob: `*` is any run of characters, slashes too, `?` is one character, all else stands
 * for itself. The whole value has to match. Nothing is ever tried twice: what stands before the
 * first star is compared at the start, what follows the last star at the end, and each part between
 * them is taken where it first occurs, which leaves the most to the parts after it.
 */
export function compileGlob(pattern: string): Pattern<string> {
  const literals = `${START_ANCHOR}${pattern}${END_ANCHOR}`.split(/[*?]+/).filter(Boolean);
  const [head = '', ...others] = pattern.split(/\*+/);
  const tail = others.pop();
  if (tail === undefined) {
    return { literals, matches: (value, meter) => endOf(head, value, meter) === value.length };
  }
  const between: PartSearch[] = others.map(searchFor);
  return {
    literals,
    matches(value, meter) {
      let at = endOf(head, value, meter);
      if (at < 0) {
        return false;
      }
      const limit = startOf(tail, value, meter);
      for (const search of between) {
        at = limit < at ? -1 : search(value, at, limit, meter);
        if (at < 0) {
          return false;
        }
      }
      return at <= limit;
    },
  };
}

/** A value as globs read it. */
export function globValue(value: string): PreparedValue<string> {
  return { value, indexed: `${START_ANCHOR}${value}${END_ANCHOR}` };
}

const questionMark = '?'.charCodeAt(0);

/** Where the part ends when the value begins with it; -1 where it does not. */
function endOf(part: string, value: string, meter: Meter): number {
  let to = 0;
  for (let from = 0; from < part.length; from += 1) {
    meter.steps += 1;
    const width = widthAt(part.charCodeAt(from), value, to);
    if (width === 0) {
      return -1;
    }
    to += width;
  }
  return to;
}

/** Where the part begins when the value ends with it; -1 where it does not. */
function startOf(part: string, value: string, meter: Meter): number {
  let to = value.length;
  for (let from = part.length - 1; from >= 0; from -= 1) {
    meter.steps += 1;
    const width = widthBefore(part.charCodeAt(from), value, to);
    if (width === 0) {
      return -1;
    }
    to -= width;
  }
  return to;
}

/** How many units at `at` one character of a pattern takes: 0 where it does not match. */
function widthAt(wanted: number, value: string, at: number): number {
  if (at >= value.length) {
    return 0;
  }
  if (wanted === questionMark) {
    return isPairAt(value, at) ? 2 : 1;
  }
  return wanted === value.charCodeAt(at) ? 1 : 0;
}

/** The same for the units that end at `end`. */
function widthBefore(wanted: number, value: string, end: number): number {
  if (end <= 0) {
    return 0;
  }
  if (wanted === questionMark) {
    return end > 1 && isPairAt(value, end - 2) ? 2 : 1;
  }
  return wanted === value.charCodeAt(end - 1) ? 1 : 0;
}

/** Characters beyond the first plane take two units of a string; `?` takes both. */
function isPairAt(value: string, at: number): boolean {
  const code = value.codePointAt(at);
  return code !== undefined && code > 0xffff;
}
