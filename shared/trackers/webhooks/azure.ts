import type { ExternalPerson } from '../../domain/sync/external-issue.ts';
import { azurePerson } from '../azure-people.ts';
import { at, hasAt, idAt, integerAt, textAt } from '../json.ts';
import { parseProviderTime } from '../provider-time.ts';
import { bodyId, isOneOf } from './secrets.ts';
import { type Delivery, headerOf, type Webhook } from './webhook.ts';

/** Gone or back: only asking for the work item tells what it is now. */
const aboutWhereabouts = new Set(['workitem.deleted', 'workitem.restored']);

/**
 * Service hooks are not signed. The secret travels with them: as the password of Basic
 * authentication, or in the header `X-Baton-Secret`.
 */
export const azureWebhook: Webhook = {
  async verify({ headers }, secrets) {
    const presented = [headerOf(headers, 'x-baton-secret'), ...basicSecrets(headers)];
    return presented.map((one) => one !== null && isOneOf(one, secrets)).includes(true);
  },

  normalize(delivery, body) {
    const event = textAt(body, 'eventType') ?? '';
    const resource = at(body, 'resource');
    const whereabouts = aboutWhereabouts.has(event);
    // An update has an id of its own; the work item's is beside it.
    const key = whereabouts
      ? idAt(resource, 'id')
      : (positiveId(resource, 'workItemId') ?? positiveId(resource, 'revision', 'id'));
    const fields = at(resource, 'fields');
    const byPeople = hasAt(fields, 'System.AssignedTo');
    const byStatus = hasAt(fields, 'System.State');
    if (key === null || (!whereabouts && event !== 'workitem.updated')) {
      return null;
    }
    if (!whereabouts && !byPeople && !byStatus) {
      return null;
    }
    const people = byPeople && !whereabouts ? peopleIn(at(fields, 'System.AssignedTo')) : null;
    const changedAt =
      textAt(fields, 'System.ChangedDate', 'newValue') ??
      textAt(resource, 'revision', 'fields', 'System.ChangedDate');
    return {
      deliveryId: idAt(body, 'id') ?? bodyId(delivery.rawBody),
      externalKey: key,
      stableId: key,
      assignees: people,
      // A hook names the new state; what it means only the tracker knows.
      status: null,
      externalVersion: { atMs: parseProviderTime(changedAt), rev: integerAt(resource, 'rev') },
      actor: azurePerson(at(resource, 'revisedBy')),
      incomplete: whereabouts || (byPeople && people === null) || byStatus,
    };
  },
};

/** Both the password and the whole `user:password`, for whoever entered the secret as both. */
function basicSecrets(headers: Delivery['headers']): readonly string[] {
  const encoded = /^basic (.+)$/i.exec(headerOf(headers, 'authorization') ?? '')?.[1];
  if (encoded === undefined) {
    return [];
  }
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  return [decoded, decoded.slice(decoded.indexOf(':') + 1)];
}

function positiveId(value: unknown, ...path: readonly string[]): string | null {
  // The documented sample has `workItemId: 0` beside a revision that knows better.
  const id = idAt(value, ...path);
  return id === '0' ? null : id;
}

/** Nobody when the new value is gone; null when it is a name that could be anybody's. */
function peopleIn(change: unknown): readonly ExternalPerson[] | null {
  const value = at(change, 'newValue') ?? '';
  if (value === '') {
    return [];
  }
  const person = azurePerson(value);
  return person === null ? null : [person];
}
