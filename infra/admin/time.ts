import { readTime } from '../../shared/domain/read-time.ts';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const duration = /^(\d{1,9})([smhd])$/;
const instant = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** Later times have no ISO 8601 text of the usual length. */
const LATEST_MS = Date.parse('9999-12-31T00:00:00Z');

/**
 * Parses a time: ISO 8601, or how long ago (`90s`, `15m`, `2h`, `3d`). Returns epoch milliseconds.
 *
 * @throws Error with the name of the option
 */
export function parseTime(option: string, text: string, nowMs: number): number {
  const lastsMs = durationOf(text);
  const atMs = lastsMs === undefined ? instantOf(text) : nowMs - lastsMs;
  if (atMs === undefined) {
    throw new Error(
      `${option} takes a time such as 2026-01-31T09:00:00Z or 2026-01-31T10:00+01:00, ` +
        `or how long ago, such as 90s, 15m, 2h or 3d; not ${JSON.stringify(text)}.`,
    );
  }
  return atMs;
}

/**
 * Parses an end: ISO 8601, or how long from now. Returns epoch milliseconds.
 *
 * @throws Error with the name of the option
 */
export function parseEnd(option: string, text: string, nowMs: number): number {
  const lastsMs = durationOf(text);
  const atMs = lastsMs === undefined ? instantOf(text) : nowMs + lastsMs;
  if (atMs === undefined) {
    throw new Error(
      `${option} takes a time such as 2027-01-31 or 2027-01-31T09:00:00Z, ` +
        `or how long from now, such as 90d or 12h; not ${JSON.stringify(text)}.`,
    );
  }
  if (atMs <= nowMs || atMs > LATEST_MS) {
    throw new Error(
      `${option} ${text} is ${atMs <= nowMs ? 'in the past' : 'after the year 9999'}.`,
    );
  }
  return atMs;
}

/**
 * Parses a duration such as 90s, 15m, 1h or 3d, or 0. Returns milliseconds.
 *
 * @throws Error with the name of the option
 */
export function parseDuration(option: string, text: string): number {
  const lastsMs = text === '0' ? 0 : durationOf(text);
  if (lastsMs === undefined) {
    throw new Error(
      `${option} takes a time such as 90s, 15m, 1h or 3d; not ${JSON.stringify(text)}.`,
    );
  }
  return lastsMs;
}

function durationOf(text: string): number | undefined {
  const [, count, unit] = duration.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * unitMs[unit as keyof typeof unitMs];
}

function instantOf(text: string): number | undefined {
  const time = instant.test(text) ? readTime(text) : null;
  return time === null ? undefined : Date.parse(time);
}
