import type { ExternalPerson } from '../../domain/sync/external-issue.ts';
import { azurePerson } from '../azure/azure-people.ts';
import { at, hasAt, idAt, integerAt, textAt } from '../json.ts';
import { parseProviderTime } from '../provider-time.ts';
import { bodyId, isOneOf } from './secrets.ts';
import { type Delivery, headerOf, type Webhook } from './webhook.ts';

/** Deleted or restored: the work item has to be read. */
const aboutWhereabouts = new Set(['workitem.deleted', 'workitem.restored']);

/**
 * Service hooks are not signed. They carry the secret itself: as the password of Basic
 * authentication, or in the header `X-Baton-Secret`.
 */
export const azureWebhook: Webhook = {
  async verify({ headers }, secrets) {
    const presented = [headerOf(headers, 'x-baton-secret'), ...basicSecrets(headers)];
    return presented.map((one) => one !== null && isOneOf(one, secrets)).includes(true);
  },

  normalize(delivery, body) {
    const change = changeIn(body);
    if (change === null) {
      return null;
    }
    const { key, isElsewhere, byPeople, byStatus } = change;
    const resource = at(body, 'resource');
    const people = byPeople ? peopleIn(at(resource, 'fields', 'System.AssignedTo')) : null;
    const changedAt =
      textAt(resource, 'fields', 'System.ChangedDate', 'newValue') ??
      textAt(resource, 'revision', 'fields', 'System.ChangedDate');
    return {
      deliveryId: idAt(body, 'id') ?? bodyId(delivery.rawBody),
      externalKey: key,
      stableId: key,
      assignees: people,
      // A hook gives the name of the new state; only the tracker knows its category.
      status: null,
      externalVersion: { atMs: parseProviderTime(changedAt), rev: integerAt(resource, 'rev') },
      actor: azurePerson(at(resource, 'revisedBy')),
      incomplete: isElsewhere || (byPeople && people === null) || byStatus,
    };
  },
};

type Change = {
  readonly key: string;
  /** Deleted or restored. */
  readonly isElsewhere: boolean;
  readonly byPeople: boolean;
  readonly byStatus: boolean;
};

/** What a hook is about; null for one that changes neither the assignee nor the state. */
function changeIn(body: unknown): Change | null {
  const event = textAt(body, 'eventType') ?? '';
  const resource = at(body, 'resource');
  if (aboutWhereabouts.has(event)) {
    const key = idAt(resource, 'id');
    return key === null ? null : { key, isElsewhere: true, byPeople: false, byStatus: false };
  }
  // An update has an id of its own; the work item's is beside it.
  const key = positiveId(resource, 'workItemId') ?? positiveId(resource, 'revision', 'id');
  const byPeople = hasAt(resource, 'fields', 'System.AssignedTo');
  const byStatus = hasAt(resource, 'fields', 'System.State');
  if (event !== 'workitem.updated' || key === null || !(byPeople || byStatus)) {
    return null;
  }
  return { key, isElsewhere: false, byPeople, byStatus };
}

/** Both the password and the whole `user:password`, for secrets that were entered in this form. */
function basicSecrets(headers: Delivery['headers']): readonly string[] {
  const encoded = /^basic (.+)$/i.exec(headerOf(headers, 'authorization') ?? '')?.[1];
  if (encoded === undefined) {
    return [];
  }
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  return [decoded, decoded.slice(decoded.indexOf(':') + 1)];
}

function positiveId(value: unknown, ...path: readonly string[]): string | null {
  // The documented sample has `workItemId: 0` beside a revision with the right id.
  const id = idAt(value, ...path);
  return id === '0' ? null : id;
}

/**
 * The new assignee as a list: empty for none, null for a name that does not identify an account.
 */
function peopleIn(change: unknown): readonly ExternalPerson[] | null {
  const value = at(change, 'newValue') ?? '';
  if (value === '') {
    return [];
  }
  const person = azurePerson(value);
  return person === null ? null : [person];
}
