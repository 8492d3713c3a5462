import type { ExternalStatus } from '../domain/sync/external-issue.ts';

const meanings: Readonly<Record<string, ExternalStatus>> = {
  opened: 'open',
  // Older versions tell apart what was opened again.
  reopened: 'open',
  closed: 'closed',
};

/**
 * What GitLab's states mean, in answers and in webhooks; null for one that it does not document.
 */
export function gitLabStatus(state: string | null): ExternalStatus | null {
  return state !== null && Object.hasOwn(meanings, state) ? (meanings[state] ?? null) : null;
}
