import { type PartSearch, searchFor } from './part-search.ts';
import type { Meter, Pattern, PreparedValue } from './pattern.ts';

/**
 * Characters for the ends of a value in its indexed text, so that `*.js` is found by the end of the
 * value.
 */
const START_MARK = '\u0002';
const END_MARK = '\u0003';

/**
 * Compiles a glob: `*` is any run of characters including slashes, `?` is one character. The whole
 * value has to match. Nothing is tried twice: the text before the first star is compared at the
 * start, the text after the last star at the end, and each part in between is taken at its first
 * occurrence, which leaves the most of the value for the following parts.
 */
export function compileGlob(pattern: string): Pattern<string> {
  const literals = `${START_MARK}${pattern}${END_MARK}`.split(/[*?]+/).filter(Boolean);
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

/** A value for globs. */
export function globValue(value: string): PreparedValue<string> {
  return { value, indexed: `${START_MARK}${value}${END_MARK}` };
}

const questionMark = '?'.charCodeAt(0);

/** The end of the part at the start of the value; -1 where the value does not begin with it. */
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

/** The start of the part at the end of the value; -1 where the value does not end with it. */
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

/** The number of UTF-16 units that a character of the pattern matches at `at`; 0 for none. */
function widthAt(wanted: number, value: string, at: number): number {
  if (at >= value.length) {
    return 0;
  }
  if (wanted === questionMark) {
    return isPairAt(value, at) ? 2 : 1;
  }
  return wanted === value.charCodeAt(at) ? 1 : 0;
}

/** The number of UTF-16 units that it matches before `end`; 0 for none. */
function widthBefore(wanted: number, value: string, end: number): number {
  if (end <= 0) {
    return 0;
  }
  if (wanted === questionMark) {
    return end > 1 && isPairAt(value, end - 2) ? 2 : 1;
  }
  return wanted === value.charCodeAt(end - 1) ? 1 : 0;
}

/** Code points beyond U+FFFF are two UTF-16 units; `?` matches both. */
function isPairAt(value: string, at: number): boolean {
  const code = value.codePointAt(at);
  return code !== undefined && code > 0xffff;
}
