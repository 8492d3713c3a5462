import { jiraPerson, statusOf } from '../jira-fields.ts';
import { at, idAt, integerAt, listAt, textAt } from '../json.ts';
import { parseProviderTime } from '../provider-time.ts';
import { bodyId, isSignedBody } from './secrets.ts';
import { headerOf, type Webhook } from './webhook.ts';

/** Administrators' webhooks are signed with `X-Hub-Signature` (SHA-256, whatever its name). */
export const jiraWebhook: Webhook = {
  verify: (delivery, secrets) =>
    isSignedBody(delivery.rawBody, headerOf(delivery.headers, 'x-hub-signature'), secrets),

  normalize(delivery, body) {
    const event = textAt(body, 'webhookEvent');
    const issue = at(body, 'issue');
    const key = textAt(issue, 'key');
    if (key === null || (event !== 'jira:issue_updated' && event !== 'jira:issue_deleted')) {
      return null;
    }
    const changed = new Set(
      listAt(body, 'changelog', 'items').map(
        (item) => textAt(item, 'fieldId') ?? textAt(item, 'field'),
      ),
    );
    const deleted = event === 'jira:issue_deleted';
    // A move to another project changes the key.
    const moved = changed.has('Key') || changed.has('issuekey');
    if (!deleted && !moved && !changed.has('assignee') && !changed.has('status')) {
      return null;
    }
    const assignee = at(issue, 'fields', 'assignee');
    const person = jiraPerson(assignee);
    const peopleKnown = assignee === null || person !== null;
    const status = statusOf(at(issue, 'fields', 'status'));
    const byPeople = changed.has('assignee') && peopleKnown && !deleted;
    const byStatus = changed.has('status') && status !== null && !deleted;
    const atMs =
      parseProviderTime(textAt(issue, 'fields', 'updated')) ?? integerAt(body, 'timestamp');
    return {
      deliveryId:
        headerOf(delivery.headers, 'x-atlassian-webhook-identifier') ?? bodyId(delivery.rawBody),
      externalKey: key,
      stableId: idAt(issue, 'id'),
      assignees: byPeople ? (person === null ? [] : [person]) : null,
      status: byStatus ? status : null,
      externalVersion: { atMs, rev: null },
      actor: jiraPerson(at(body, 'user')),
      incomplete:
        deleted ||
        moved ||
        (changed.has('assignee') && !byPeople) ||
        (changed.has('status') && !byStatus),
    };
  },
};
