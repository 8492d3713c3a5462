import type { ExternalPerson } from '../../domain/sync/external-issue.ts';
import { idAt, textAt } from '../json.ts';

/** An account as GitLab writes it; administrators see `email`, everybody `public_email`. */
export function gitLabPerson(account: unknown): ExternalPerson | null {
  const externalId = idAt(account, 'id');
  const externalName = textAt(account, 'username');
  const email = textAt(account, 'public_email') ?? textAt(account, 'email');
  return externalId === null || externalName === null
    ? null
    : {
        externalId,
        externalName,
        ...(email?.includes('@') === true ? { email } : {}),
      };
}
