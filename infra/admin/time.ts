const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const duration = /^(\d{1,9})([smhd])$/;
const instant = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * Reads a time of the command line: ISO 8601, or how long ago (`90s`, `15m`, `2h`, `3d`). Answers
 * epoch milliseconds.
 *
 * @throws Error with a sentence that names the option
 */
export function parseTime(option: string, text: string, nowMs: number): number {
  const [, count, unit] = duration.exec(text) ?? [];
  if (count !== undefined) {
    return nowMs - Number(count) * unitMs[unit as keyof typeof unitMs];
  }
  const atMs = instant.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) {
    throw new Error(
      `${option} takes a time such as 2026-01-31T09:00:00Z or 2026-01-31T10:00+01:00, ` +
        `or how long ago, such as 90s, 15m, 2h or 3d; not ${JSON.stringify(text)}.`,
    );
  }
  return atMs;
}
