import type { ExternalPerson } from '../../domain/sync/external-issue.ts';
import { idAt, textAt } from '../json.ts';

/** An account as GitHub writes it, in answers and in webhooks. */
export function gitHubPerson(account: unknown): ExternalPerson | null {
  const externalId = idAt(account, 'id');
  const externalName = textAt(account, 'login');
  const email = textAt(account, 'email');
  return externalId === null || externalName === null
    ? null
    : { externalId, externalName, ...(email === null ? {} : { email }) };
}
