import { at, hasAt, idAt, integerAt, listAt, textAt } from '../json.ts';
import { parseProviderTime } from '../provider-time.ts';
import { redminePerson } from '../redmine-people.ts';
import { bodyId, isSignedBody } from './secrets.ts';
import { headerOf, type Webhook } from './webhook.ts';

const aboutPeople = new Set(['assigned_to_id', 'assigned_to', 'assignee']);
const aboutStatus = new Set(['status_id', 'status']);

/**
 * Redmine has no webhooks of its own; a plugin posts `{id, event, issue, actor, changes}` and signs
 * the body in `X-Redmine-Signature-256` as GitHub would.
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
    const person = redminePerson(at(issue, 'assignee'));
    const peopleKnown =
      hasAt(issue, 'assignee') && (at(issue, 'assignee') === null || person !== null);
    const closed = at(issue, 'closed');
    const statusKnown = typeof closed === 'boolean';
    return {
      deliveryId: idAt(body, 'id') ?? bodyId(delivery.rawBody),
      externalKey: key,
      stableId: key,
      assignees: byPeople && peopleKnown ? (person === null ? [] : [person]) : null,
      status: byStatus && statusKnown ? (closed ? 'closed' : 'open') : null,
      externalVersion: {
        atMs: parseProviderTime(textAt(issue, 'updated_on')),
        rev: integerAt(issue, 'lock_version'),
      },
      actor: redminePerson(at(body, 'actor')),
      incomplete: (byPeople && !peopleKnown) || (byStatus && !statusKnown),
    };
  },
};
