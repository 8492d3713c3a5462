import type { ExternalPerson } from '../../domain/sync/external-issue.ts';
import { idAt, textAt } from '../json.ts';

/** An account as Redmine writes it: an issue shows a full name, the directory and hooks a login. */
export function redminePerson(account: unknown): ExternalPerson | null {
  const externalId = idAt(account, 'id');
  const email = textAt(account, 'mail');
  return externalId === null
    ? null
    : {
        externalId,
        externalName: textAt(account, 'login') ?? textAt(account, 'name') ?? externalId,
        ...(email === null ? {} : { email }),
      };
}
