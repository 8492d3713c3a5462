import type { Provider } from '../../../shared/domain/sync/external-issue.ts';
import type { WebhookSnapshot } from '../../../shared/domain/sync/webhook-snapshot.ts';
import { webhookOf } from '../../../shared/trackers/webhooks/webhook-of.ts';

/** A webhook as its vendor documents it, cut down to what surrounds an issue. */
export type WebhookPayload = {
  readonly name: string;
  readonly provider: Provider;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Record<string, unknown>;
};

const gitHubIssue = {
  id: 444500041,
  number: 1,
  state: 'open',
  updated_at: '2026-11-21T15:21:02Z',
  assignees: [{ login: 'hubot', id: 4, type: 'User' }],
};

export const gitHubAssigned: WebhookPayload = {
  name: 'GitHub, assigned',
  provider: 'github',
  headers: { 'X-GitHub-Event': 'issues', 'X-GitHub-Delivery': '72d3162e-cc78-11e3-81ab' },
  body: {
    action: 'assigned',
    issue: gitHubIssue,
    assignee: { login: 'hubot', id: 4 },
    repository: { id: 186853002, name: 'hello', full_name: 'octocat/hello' },
    sender: { login: 'octocat', id: 3, type: 'User' },
  },
};

const jiraAccount = {
  accountId: '99:27935d01-92a7-4687-8272-a9b8d3b2ae2e',
  displayName: 'Bryan Rollins',
  emailAddress: 'bryansemail@acme.io',
  accountType: 'atlassian',
};

export const jiraUpdated: WebhookPayload = {
  name: 'Jira, assignee and status changed',
  provider: 'jira',
  headers: {
    'X-Atlassian-Webhook-Identifier': '0a1b2c',
    'X-Atlassian-Webhook-Flow': 'Primary',
  },
  body: {
    timestamp: 1_795_273_262_000,
    webhookEvent: 'jira:issue_updated',
    issue_event_type_name: 'issue_assigned',
    user: { ...jiraAccount, accountId: 'actor-1', displayName: 'Actor' },
    issue: {
      id: '99291',
      key: 'JRA-20002',
      fields: {
        updated: '2026-11-21T15:21:02.123+0000',
        assignee: jiraAccount,
        status: { name: 'Done', statusCategory: { id: 3, key: 'done' } },
      },
    },
    changelog: {
      id: '10124',
      items: [
        { field: 'assignee', fieldId: 'assignee', from: null, to: jiraAccount.accountId },
        { field: 'status', fieldId: 'status', fromString: 'To Do', toString: 'Done' },
      ],
    },
  },
};

const gitLabUser = { id: 1, name: 'Administrator', username: 'root', email: 'admin@acme.io' };

export const gitLabUpdated: WebhookPayload = {
  name: 'GitLab, assignees changed',
  provider: 'gitlab',
  headers: {
    'X-Gitlab-Event': 'Issue Hook',
    'X-Gitlab-Event-UUID': '13792a34-cac6-4fda-95a8-c58e00a3954e',
    'Idempotency-Key': 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f',
  },
  body: {
    object_kind: 'issue',
    event_type: 'issue',
    user: gitLabUser,
    project: { id: 1, name: 'Test', path_with_namespace: 'gitlab-org/gitlab-test' },
    object_attributes: {
      id: 301,
      iid: 23,
      state: 'opened',
      action: 'update',
      updated_at: '2026-11-21 15:21:02 UTC',
      assignee_ids: [51],
    },
    assignees: [{ id: 51, name: 'User1', username: 'user1' }],
    changes: {
      assignees: { previous: [], current: [{ id: 51, name: 'User1', username: 'user1' }] },
    },
  },
};

export const azureUpdated: WebhookPayload = {
  name: 'Azure DevOps, assigned and closed',
  provider: 'azure',
  headers: {},
  body: {
    subscriptionId: '7bf628eb-b3a7-4fb2-ab4d-8b60f2e8cb9b',
    notificationId: 2,
    id: '27646e0e-b520-4d2b-9411-bba7524947cd',
    eventType: 'workitem.updated',
    publisherId: 'tfs',
    resource: {
      id: 2,
      workItemId: 5,
      rev: 7,
      revisedBy: {
        id: 'e5a5f7f8-6507-4c34-b397-6c4818e002f4',
        displayName: 'Jamal Hartnett',
        uniqueName: 'fabrikamfiber4@acme.io',
      },
      revisedDate: '9999-01-01T00:00:00Z',
      fields: {
        'System.Rev': { oldValue: 6, newValue: 7 },
        'System.State': { oldValue: 'Active', newValue: 'Closed' },
        'System.AssignedTo': {
          newValue: {
            id: '21354f98-ab06-67d9-b974-5a54d992082e',
            displayName: 'Bob',
            uniqueName: 'bob@acme.io',
          },
        },
        'System.ChangedDate': {
          oldValue: '2026-11-20T15:21:02.123Z',
          newValue: '2026-11-21T15:21:02.123Z',
        },
      },
      revision: { id: 5, rev: 7, fields: { 'System.ChangedDate': '2026-11-21T15:21:02.123Z' } },
    },
  },
};

export const redmineUpdated: WebhookPayload = {
  name: 'Redmine, assigned',
  provider: 'redmine',
  headers: {},
  body: {
    id: 'delivery-1',
    event: 'issue_updated',
    issue: {
      id: 1,
      lock_version: 8,
      updated_on: '2026-11-21T15:21:02Z',
      assignee: { id: 6, login: 'bob', mail: 'bob@acme.io' },
      status: 'New',
      closed: false,
    },
    actor: { id: 1, login: 'admin', mail: 'admin@acme.io' },
    changes: [{ field: 'assigned_to_id', old: null, new: '6' }],
  },
};

export const payloads: readonly WebhookPayload[] = [
  gitHubAssigned,
  jiraUpdated,
  gitLabUpdated,
  azureUpdated,
  redmineUpdated,
];

/** When the issue changed, in every payload; some add milliseconds. */
export const changedAtMs = Date.parse('2026-11-21T15:21:02Z');

/** The payload with parts replaced, by dotted paths ("/" instead of "." inside a name). */
export function readPayload(
  payload: WebhookPayload,
  changes: Readonly<Record<string, unknown>> = {},
): WebhookSnapshot | null {
  const body = structuredClone(payload.body);
  for (const [path, value] of Object.entries(changes)) {
    const names = path.split('.').map((name) => name.replaceAll('/', '.'));
    const last = names.pop() ?? '';
    const owner = names.reduce<Record<string, unknown>>(
      (found, name) => found[name] as Record<string, unknown>,
      body,
    );
    if (value === undefined) {
      delete owner[last];
    } else {
      owner[last] = value;
    }
  }
  const delivery = { headers: payload.headers, rawBody: JSON.stringify(body) };
  return webhookOf(payload.provider).normalize(delivery, body);
}
