import type { ExternalPerson } from '../domain/sync/external-issue.ts';
import { textAt } from './json.ts';

/** An account as Jira writes it, in answers and in webhooks. */
export function jiraPerson(account: unknown): ExternalPerson | null {
  const externalId = textAt(account, 'accountId');
  const email = textAt(account, 'emailAddress');
  return externalId === null
    ? null
    : {
        externalId,
        externalName: textAt(account, 'displayName') ?? externalId,
        ...(email?.includes('@') === true ? { email } : {}),
      };
}

/** Statuses are named freely; their category is one of three. */
export function statusOf(status: unknown): 'open' | 'closed' | null {
  const category = textAt(status, 'statusCategory', 'key');
  if (category === null) {
    return null;
  }
  return category === 'done' ? 'closed' : 'open';
}
