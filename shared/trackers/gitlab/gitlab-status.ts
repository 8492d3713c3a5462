import type { ExternalStatus } from '../../domain/sync/external-issue.ts';

const meanings: Readonly<Record<string, ExternalStatus>> = {
  opened: 'open',
  // Older versions have a separate state for reopened issues.
  reopened: 'open',
  closed: 'closed',
};

/** The status for GitLab's states, in answers and in webhooks; null for an undocumented one. */
export function gitLabStatus(state: string | null): ExternalStatus | null {
  return state !== null && Object.hasOwn(meanings, state) ? (meanings[state] ?? null) : null;
}
