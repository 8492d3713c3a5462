import type { ExternalStatus } from '../../domain/sync/external-issue.ts';

const meanings: ReadonlyMap<string, ExternalStatus> = new Map(
  Object.entries<ExternalStatus>({
    opened: 'open',
    // Older versions have a separate state for reopened issues.
    reopened: 'open',
    closed: 'closed',
  }),
);

/** The status for GitLab's states, in answers and in webhooks; null for an undocumented one. */
export function gitLabStatus(state: string | null): ExternalStatus | null {
  return meanings.get(state ?? '') ?? null;
}
