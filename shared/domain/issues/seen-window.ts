import { invalidRequest } from '../errors.ts';
import { readTime } from '../read-time.ts';

/** A span of time in which issues were seen; ISO 8601 in UTC, open where null. */
export type SeenWindow = { readonly start: string; readonly end: string | null };

/**
 * The parameters that say which span: one kind or the other; null where a caller did not send one.
 */
export type WindowParameters = {
  readonly statsPeriod: string | null;
  readonly start: string | null;
  readonly end: string | null;
};

const periodForm = /^([0-9]{1,6})([smhdw])$/;
/** Of the units that ages and periods are written in: `24h`, `14d`. */
export const SECONDS_OF_UNIT: ReadonlyMap<string, number> = new Map(
  Object.entries<number>({
    s: 1,
    m: 60,
    h: 3_600,
    d: 86_400,
    w: 604_800,
  }),
);
/**
 * The span that a caller asks for; null where they ask for none. Throws `request.invalid`, with the
 * parameter's name, for one that cannot be read, one of `start` and `end` alone, and both kinds
 * together: half of a span would reach more issues than the caller named.
 */
export function windowOf(
  { statsPeriod, start, end }: WindowParameters,
  now: string,
): SeenWindow | null {
  if (statsPeriod !== null) {
    if (start !== null || end !== null) {
      throw invalidRequest('Send either statsPeriod, or start and end.');
    }
    return { start: startOfPeriod(statsPeriod, now), end: null };
  }
  if (start === null && end === null) {
    return null;
  }
  if (start === null) {
    throw invalidRequest('end needs start: send both of them.');
  }
  if (end === null) {
    throw invalidRequest('start needs end: send both of them.');
  }
  const window = { start: timeOf('start', start), end: timeOf('end', end) };
  if (window.start > window.end) {
    throw invalidRequest('start must be before end.');
  }
  return window;
}

/** Whether an issue was seen in a span, as far as its first and its last time tell. */
export function isSeenIn(
  { start, end }: SeenWindow,
  seen: { readonly firstSeen: string; readonly lastSeen: string },
): boolean {
  return (
    Date.parse(seen.lastSeen) >= Date.parse(start) &&
    (end === null || Date.parse(seen.firstSeen) <= Date.parse(end))
  );
}

function startOfPeriod(text: string, now: string): string {
  const [, count, unit] = periodForm.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS_OF_UNIT.get(unit ?? '') ?? Number.NaN);
  if (!(seconds > 0)) {
    throw invalidRequest(
      `Invalid statsPeriod: '${text}'. It is a number and one of s, m, h, d and w, such as 24h or 14d.`,
    );
  }
  return new Date(Math.max(0, Date.parse(now) - seconds * 1_000)).toISOString();
}

function timeOf(name: string, text: string): string {
  const time = readTime(text);
  if (time === null) {
    throw invalidRequest(
      `Invalid ${name}: '${text}'. It is a time in ISO 8601 and UTC, such as 2026-11-20T00:00:00.`,
    );
  }
  return time;
}
