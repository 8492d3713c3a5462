const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const duration = /^(\d{1,9})([smhd])$/;
const instant = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** Beyond the year 9999 a time has no ISO 8601 text of the usual length. */
const LATEST_MS = Date.parse('9999-12-31T00:00:00Z');

/**
 * Reads a time of the command line: ISO 8601, or how long ago (`90s`, `15m`, `2h`, `3d`). Answers
 * epoch milliseconds.
 *
 * @throws Error with a sentence that names the option
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
 * Reads when something is to be over: ISO 8601, or how long from now. Answers epoch milliseconds.
 *
 * @throws Error with a sentence that names the option
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
    throw new Error(`${option} ${text} is ${atMs <= nowMs ? 'over already' : 'too far away'}.`);
  }
  return atMs;
}

/**
 * Reads how long something lasts, such as 90s, 15m, 1h or 3d; 0 is nothing. Answers milliseconds.
 *
 * @throws Error with a sentence that names the option
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
  const atMs = instant.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}
