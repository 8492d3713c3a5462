import type { ExternalPerson } from '../../domain/sync/external-issue.ts';
import { textAt } from '../json.ts';

/** An identity inside a work item or a webhook; older hooks write `Name <unique name>`. */
export function azurePerson(identity: unknown): ExternalPerson | null {
  if (typeof identity === 'string') {
    const name = /<([^<>]+)>\s*$/.exec(identity)?.[1];
    return name === undefined ? null : personOf(name, name);
  }
  const externalId = textAt(identity, 'id');
  const name = textAt(identity, 'uniqueName');
  return externalId === null ? null : personOf(externalId, name ?? externalId);
}

/** An identity in the directory, whose fields have other names. */
export function directoryPerson(identity: unknown): ExternalPerson | null {
  const externalId = textAt(identity, 'id');
  const account = textAt(identity, 'properties', 'Account', '$value');
  const mail = textAt(identity, 'properties', 'Mail', '$value');
  if (externalId === null || account === null) {
    return null;
  }
  return { ...personOf(externalId, account), ...(mail === null ? {} : { email: mail }) };
}

function personOf(externalId: string, externalName: string): ExternalPerson {
  return {
    externalId,
    externalName,
    ...(externalName.includes('@') ? { email: externalName } : {}),
  };
}

/** The value for the assignee field: `mail@acme.io`, or `DOMAIN\name` on premises. */
export function uniqueNameOf(person: ExternalPerson): string {
  const name = person.externalName.replace(/^@/, '');
  return name.includes('@') || name.includes('\\') ? name : (person.email ?? name);
}
