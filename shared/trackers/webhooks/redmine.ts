import type { ExternalPerson, ExternalStatus } from '../../domain/sync/external-issue.ts';
import { at, idAt, integerAt, listAt, textAt } from '../json.ts';
import { parseProviderTime } from '../provider-time.ts';
import { redminePerson } from '../redmine/redmine-people.ts';
import { bodyId, isSignedBody } from './secrets.ts';
import { headerOf, type Webhook } from './webhook.ts';

const aboutPeople = new Set(['assigned_to_id', 'assigned_to', 'assignee']);
const aboutStatus = new Set(['status_id', 'status']);

/**
 * Redmine has no webhooks itself. A plugin posts `{id, event, issue, actor, changes}` and signs the
 * body in `X-Redmine-Signature-256`, like GitHub.
 */
export const redmineWebhook: Webhook = {
  verify: (delivery, secrets) =>
    isSignedBody(delivery.rawBody, headerOf(delivery.headers, 'x-redmine-signature-256'), secrets),

  normalize(delivery, body) {
    const issue = at(body, 'issue');
    const key = idAt(issue, 'id');
    if (key === null || textAt(body, 'event') !== 'issue_updated') {
      return null;
    }
    const changed = listAt(body, 'changes').map((change) => textAt(change, 'field') ?? '');
    const byPeople = changed.some((field) => aboutPeople.has(field));
    const byStatus = changed.some((field) => aboutStatus.has(field));
    if (!byPeople && !byStatus) {
      return null;
    }
    const people = byPeople ? peopleIn(issue) : null;
    const status = byStatus ? statusIn(issue) : null;
    return {
      deliveryId: idAt(body, 'id') ?? bodyId(delivery.rawBody),
      externalKey: key,
      stableId: key,
      assignees: people,
      status,
      externalVersion: {
        atMs: parseProviderTime(textAt(issue, 'updated_on')),
        rev: integerAt(issue, 'lock_version'),
      },
      actor: redminePerson(at(body, 'actor')),
      incomplete: (byPeople && people === null) || (byStatus && status === null),
    };
  },
};

/** The assignee after the change, as a list; null where it cannot be read. */
function peopleIn(issue: unknown): readonly ExternalPerson[] | null {
  const assignee = at(issue, 'assignee');
  const person = redminePerson(assignee);
  if (person !== null) {
    return [person];
  }
  return assignee === null ? [] : null;
}

function statusIn(issue: unknown): ExternalStatus | null {
  const closed = at(issue, 'closed');
  if (typeof closed !== 'boolean') {
    return null;
  }
  return closed ? 'closed' : 'open';
}
