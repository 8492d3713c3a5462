const withZone = /(?:z|utc|gmt|[+-]\d{2}:?\d{2})$/i;

/**
 * A tracker's time in epoch milliseconds; null where it cannot be parsed. Trackers write
 * `2026-11-21T10:00:00Z`, `2019-09-25T08:37:05.392-0500` (Jira), `2023-01-01 00:00:00 UTC`
 * (GitLab), seven decimals (Azure DevOps). A time without a zone is UTC, not in this machine's
 * zone.
 */
export function parseProviderTime(value: unknown): number | null {
  if (typeof value !== 'string') {
    return null;
  }
  const text = value.trim();
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/i.test(text)) {
    return null;
  }
  const parts = text.replace(/\s*(?:utc|gmt)$/i, 'Z').replace(' ', 'T');
  const zoned = withZone.test(parts) ? parts : `${parts}Z`;
  const atMs = Date.parse(zoned.replace(/([+-]\d{2})(\d{2})$/, '$1:$2').replace(/\s/g, ''));
  return Number.isNaN(atMs) ? null : atMs;
}
