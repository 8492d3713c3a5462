import { readTime } from '../read-time.ts';
import { unreadableQuery } from './issue-query-text.ts';
import { SECONDS_OF_UNIT } from './seen-window.ts';

/** A span of numbers, or of times in milliseconds of Unix time; both ends belong to it. */
export type SearchRange = { readonly min: number; readonly max: number };

type Comparison = '>' | '>=' | '<' | '<=';

const comparisonForm = /^(>=|<=|>|<)(.*)$/s;
const relativeForm = /^([+-])([0-9]{1,6})([smhdw])$/;
const dayForm = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const numberForm = /^([0-9]{1,12}(?:\.[0-9]{1,6})?)([kmb]?)$/i;

const factors: ReadonlyMap<string, number> = new Map(
  Object.entries<number>({ '': 1, k: 1e3, m: 1e6, b: 1e9 }),
);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * The times that a value of `firstSeen`, `age` or `lastSeen` means: `-24h` the last 24 hours, `+1d`
 * what is a day old or older, a day the whole of it in UTC, a time the minutes around it (5 before
 * and 5 after), and with `>`, `>=`, `<`, `<=` what comes after or before. Throws `request.invalid`.
 */
export function timeRange(key: string, value: string, nowMs: number): SearchRange {
  const [, sign, count, unit] = relativeForm.exec(value) ?? [];
  if (sign !== undefined) {
    const at = nowMs - Number(count) * (SECONDS_OF_UNIT.get(unit ?? '') ?? 0) * 1_000;
    return sign === '-' ? compared('>=', at) : compared('<=', at);
  }
  const [, comparison, text = value] = comparisonForm.exec(value) ?? [];
  const time = readTime(text);
  if (time === null) {
    throw unreadableQuery(
      `Invalid value for "${key}" search: ${value}. It is an age such as -24h or +7d, or a time such as >=2026-11-20T00:00:00.`,
    );
  }
  const at = Date.parse(time);
  if (comparison !== undefined) {
    return compared(comparison as Comparison, at);
  }
  return dayForm.test(text)
    ? { min: at, max: at + DAY_MS - 1 }
    : { min: at - 5 * MINUTE_MS, max: at + 6 * MINUTE_MS - 1 };
}

/**
 * The numbers that a value of `timesSeen` or `userCount` means: `10`, `>10`, `<=1.5k`. Throws
 * `request.invalid`.
 */
export function numberRange(key: string, value: string): SearchRange {
  const [, comparison, text = value] = comparisonForm.exec(value) ?? [];
  const [form, digits, unit = ''] = numberForm.exec(text) ?? [];
  if (form === undefined) {
    throw unreadableQuery(
      `Invalid value for "${key}" search: ${value}. It is a number such as 10, >10 or <=1.5k.`,
    );
  }
  const number = Number(digits) * (factors.get(unit.toLowerCase()) ?? 1);
  return comparison === undefined
    ? { min: number, max: number }
    : compared(comparison as Comparison, number);
}

/** Counts and milliseconds are whole, so that what is more than one begins at the next. */
function compared(comparison: Comparison, at: number): SearchRange {
  switch (comparison) {
    case '>':
      return { min: Math.floor(at) + 1, max: Number.POSITIVE_INFINITY };
    case '>=':
      return { min: at, max: Number.POSITIVE_INFINITY };
    case '<':
      return { min: Number.NEGATIVE_INFINITY, max: Math.ceil(at) - 1 };
    case '<=':
      return { min: Number.NEGATIVE_INFINITY, max: at };
  }
}
