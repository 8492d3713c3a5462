import type { ExternalStatus } from '../../domain/sync/external-issue.ts';

/**
 * The status for GitHub's two states, in answers and in webhooks. The reason for closing
 * (`completed`, `not_planned`, `duplicate`) does not matter.
 */
export function gitHubStatus(state: string | null): ExternalStatus | null {
  return state === 'open' || state === 'closed' ? state : null;
}
