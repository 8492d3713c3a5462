import type { ExternalPerson } from '../../domain/sync/external-issue.ts';
import { gitHubPerson } from '../github/github-people.ts';
import { gitHubStatus } from '../github/github-status.ts';
import { at, idAt, integerAt, listAt, textAt } from '../json.ts';
import { parseProviderTime } from '../provider-time.ts';
import { bodyId, isSignedBody } from './secrets.ts';
import { type Delivery, headerOf, type Webhook } from './webhook.ts';

const aboutPeople = new Set(['assigned', 'unassigned']);
const aboutStatus = new Set(['closed', 'reopened']);
/** Deleted or transferred: the issue has to be read. */
const aboutWhereabouts = new Set(['transferred', 'deleted']);

/**
 * `X-Hub-Signature-256` does not sign a time, so a replay is only recognized by its delivery id and
 * its age.
 */
export const gitHubWebhook: Webhook = {
  verify: (delivery, secrets) =>
    isSignedBody(delivery.rawBody, headerOf(delivery.headers, 'x-hub-signature-256'), secrets),

  normalize(delivery, body) {
    const about = subjectOf(delivery, body);
    const issue = at(body, 'issue');
    const repository = textAt(body, 'repository', 'full_name');
    const number = integerAt(issue, 'number');
    if (about === undefined || repository === null || number === null) {
      return null;
    }
    const people = about === aboutPeople ? peopleIn(issue) : null;
    const status = about === aboutStatus ? gitHubStatus(textAt(issue, 'state')) : null;
    return {
      deliveryId: headerOf(delivery.headers, 'x-github-delivery') ?? bodyId(delivery.rawBody),
      externalKey: `${repository}#${number}`,
      stableId: idAt(issue, 'id'),
      assignees: people,
      status,
      externalVersion: { atMs: parseProviderTime(textAt(issue, 'updated_at')), rev: null },
      actor: gitHubPerson(at(body, 'sender')),
      incomplete: people === null && status === null,
    };
  },
};

/** The set of actions that an event's action belongs to; undefined for all other events. */
function subjectOf(delivery: Delivery, body: unknown): ReadonlySet<string> | undefined {
  const isAboutIssue = headerOf(delivery.headers, 'x-github-event') === 'issues';
  const action = textAt(body, 'action') ?? '';
  const subjects = isAboutIssue ? [aboutPeople, aboutStatus, aboutWhereabouts] : [];
  return subjects.find((actions) => actions.has(action));
}

/**
 * The assignees after the change; null where they cannot be read. The payload's `assignee` is the
 * one who was added or removed, and the two events of one reassignment arrive in any order.
 */
function peopleIn(issue: unknown): readonly ExternalPerson[] | null {
  const people = listAt(issue, 'assignees').map(gitHubPerson);
  const isReadable = Array.isArray(at(issue, 'assignees')) && !people.includes(null);
  return isReadable ? people.filter((one) => one !== null) : null;
}
