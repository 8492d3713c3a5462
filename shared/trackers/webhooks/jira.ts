import type { ExternalPerson } from '../../domain/sync/external-issue.ts';
import { jiraPerson, statusOf } from '../jira/jira-fields.ts';
import { at, idAt, integerAt, listAt, textAt } from '../json.ts';
import { parseProviderTime } from '../provider-time.ts';
import { bodyId, isSignedBody } from './secrets.ts';
import { headerOf, type Webhook } from './webhook.ts';

/**
 * Webhooks of administrators are signed with `X-Hub-Signature` (SHA-256, although the name suggests
 * SHA-1).
 */
export const jiraWebhook: Webhook = {
  verify: (delivery, secrets) =>
    isSignedBody(delivery.rawBody, headerOf(delivery.headers, 'x-hub-signature'), secrets),

  normalize(delivery, body) {
    const change = changeIn(body);
    const issue = at(body, 'issue');
    const key = textAt(issue, 'key');
    if (change === null || key === null) {
      return null;
    }
    const { isElsewhere, byPeople, byStatus } = change;
    const people = byPeople ? peopleIn(issue) : null;
    const status = byStatus ? statusOf(at(issue, 'fields', 'status')) : null;
    const atMs =
      parseProviderTime(textAt(issue, 'fields', 'updated')) ?? integerAt(body, 'timestamp');
    return {
      deliveryId:
        headerOf(delivery.headers, 'x-atlassian-webhook-identifier') ?? bodyId(delivery.rawBody),
      externalKey: key,
      stableId: idAt(issue, 'id'),
      assignees: people,
      status,
      externalVersion: { atMs, rev: null },
      actor: jiraPerson(at(body, 'user')),
      incomplete: isElsewhere || (byPeople && people === null) || (byStatus && status === null),
    };
  },
};

type Change = {
  /** Deleted, or moved to another project, which changes the key. */
  readonly isElsewhere: boolean;
  readonly byPeople: boolean;
  readonly byStatus: boolean;
};

/** What a webhook is about; null for one that concerns neither the assignee nor the status. */
function changeIn(body: unknown): Change | null {
  const event = textAt(body, 'webhookEvent');
  if (event === 'jira:issue_deleted') {
    return { isElsewhere: true, byPeople: false, byStatus: false };
  }
  const changed = listAt(body, 'changelog', 'items').map(
    (item) => textAt(item, 'fieldId') ?? textAt(item, 'field'),
  );
  const isElsewhere = changed.includes('Key') || changed.includes('issuekey');
  const byPeople = changed.includes('assignee');
  const byStatus = changed.includes('status');
  const isRelevant = isElsewhere || byPeople || byStatus;
  return event === 'jira:issue_updated' && isRelevant ? { isElsewhere, byPeople, byStatus } : null;
}

/** The assignee after the change, as a list; null where it cannot be read. */
function peopleIn(issue: unknown): readonly ExternalPerson[] | null {
  const assignee = at(issue, 'fields', 'assignee');
  const person = jiraPerson(assignee);
  if (person !== null) {
    return [person];
  }
  return assignee === null ? [] : null;
}
