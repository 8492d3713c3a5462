import type { ExternalStatus } from '../domain/sync/external-issue.ts';

/**
 * What GitHub's two states mean, in answers and in webhooks. For which reason an issue was closed
 * (`completed`, `not_planned`, `duplicate`) is of no account: it is closed for its people.
 */
export function gitHubStatus(state: string | null): ExternalStatus | null {
  return state === 'open' || state === 'closed' ? state : null;
}
