import { createHash } from 'node:crypto';
import examples from '@octokit/webhooks-examples';
import { describe, expect, it } from 'vitest';
import type { WebhookSnapshot } from '../../shared/domain/sync/webhook-snapshot.ts';
import { webhookOf } from '../../shared/trackers/webhooks/webhook-of.ts';
import {
  azureUpdated,
  gitHubAssigned,
  gitLabUpdated,
  jiraUpdated,
  redmineUpdated,
  type WebhookPayload,
} from '../support/trackers/webhook-payloads.ts';

const changedAtMs = Date.parse('2026-11-21T15:21:02Z');

/** The payload with parts replaced, by dotted paths ("/" instead of "." inside a name). */
function read(
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

describe('GitHub', () => {
  it('says who holds the issue now, whoever came or went', () => {
    expect(read(gitHubAssigned)).toEqual({
      deliveryId: '72d3162e-cc78-11e3-81ab',
      externalKey: 'octocat/hello#1',
      stableId: '444500041',
      assignees: [{ externalId: '4', externalName: 'hubot' }],
      status: null,
      mark: { atMs: changedAtMs, rev: null },
      actor: { externalId: '3', externalName: 'octocat' },
      incomplete: false,
    });
  });

  it.each<[string, Record<string, unknown>, Partial<WebhookSnapshot> | null]>([
    [
      'unassigned: the list, not the one who left',
      { action: 'unassigned', 'issue.assignees': [] },
      { assignees: [] },
    ],
    [
      'closed: the status alone',
      { action: 'closed', 'issue.state': 'closed' },
      { assignees: null, status: 'closed' },
    ],
    ['reopened: the status alone', { action: 'reopened' }, { assignees: null, status: 'open' }],
    [
      'transferred: has to be read',
      { action: 'transferred' },
      { assignees: null, incomplete: true },
    ],
    ['deleted: has to be read', { action: 'deleted' }, { incomplete: true }],
    [
      'an assignee without a login: has to be read',
      { 'issue.assignees': [{ id: 4 }] },
      { assignees: null, incomplete: true },
    ],
    ['labeled: nothing', { action: 'labeled' }, null],
    ['without a repository: nothing', { repository: undefined }, null],
    ['without a number: nothing', { 'issue.number': null }, null],
  ])('%s', (_, changes, expected) => {
    const snapshot = read(gitHubAssigned, changes);
    expected === null ? expect(snapshot).toBeNull() : expect(snapshot).toMatchObject(expected);
  });

  it('says nothing of a ping, or of an event that only looks like an issue', () => {
    const ping = { ...gitHubAssigned, headers: { 'X-GitHub-Event': 'ping' } };
    expect(read(ping)).toBeNull();
  });

  // The package declares an ES module and is a JSON file: the default import is the list itself.
  const recorded = examples as unknown as readonly {
    readonly name: string;
    readonly examples: readonly { readonly action: string }[];
  }[];
  const issueEvents = recorded.find(({ name }) => name === 'issues')?.examples ?? [];
  const relevant = ['assigned', 'unassigned', 'closed', 'reopened', 'transferred', 'deleted'];
  it.each(issueEvents.map((example, index) => [example.action, index, example] as const))(
    'reads the real deliveries: %s (%i)',
    (action, _, example) => {
      const delivery = { headers: { 'x-github-event': 'issues' }, rawBody: '' };
      const snapshot = webhookOf('github').normalize(delivery, example);
      expect(snapshot !== null).toBe(relevant.includes(action));
      if (snapshot !== null) {
        expect(snapshot.externalKey).toMatch(/^[\w.-]+\/[\w.-]+#\d+$/);
        expect(snapshot.mark.atMs).not.toBeNull();
        expect(snapshot.actor).not.toBeNull();
      }
    },
  );
});

describe('Jira', () => {
  it('says who holds the issue and what its status means', () => {
    expect(read(jiraUpdated)).toEqual({
      deliveryId: '0a1b2c',
      externalKey: 'JRA-20002',
      stableId: '99291',
      assignees: [
        {
          externalId: '99:27935d01-92a7-4687-8272-a9b8d3b2ae2e',
          externalName: 'Bryan Rollins',
          email: 'bryansemail@acme.io',
        },
      ],
      status: 'closed',
      mark: { atMs: changedAtMs + 123, rev: null },
      actor: { externalId: 'actor-1', externalName: 'Actor', email: 'bryansemail@acme.io' },
      incomplete: false,
    });
  });

  const only = (field: string) => ({ 'changelog.items': [{ field, fieldId: field }] });
  it.each<[string, Record<string, unknown>, Partial<WebhookSnapshot> | null]>([
    ['nobody', { 'issue.fields.assignee': null }, { assignees: [] }],
    ['the assignee alone', only('assignee'), { status: null }],
    ['the status alone', only('status'), { assignees: null, status: 'closed' }],
    [
      'a status in progress is open',
      { 'issue.fields.status.statusCategory.key': 'indeterminate' },
      { status: 'open' },
    ],
    [
      'a hidden address',
      { 'issue.fields.assignee.emailAddress': '?' },
      {
        assignees: [
          { externalId: '99:27935d01-92a7-4687-8272-a9b8d3b2ae2e', externalName: 'Bryan Rollins' },
        ],
      },
    ],
    [
      'an assignee that is missing has to be read',
      { 'issue.fields.assignee': undefined },
      { assignees: null, incomplete: true },
    ],
    [
      'a status without a category has to be read',
      { 'issue.fields.status': { name: 'Odd' } },
      { status: null, incomplete: true },
    ],
    ['a move to another project has to be read', only('Key'), { incomplete: true }],
    [
      'a deletion has to be read',
      { webhookEvent: 'jira:issue_deleted', changelog: undefined },
      { incomplete: true, assignees: null },
    ],
    [
      'the time of the delivery where the issue has none',
      { 'issue.fields.updated': undefined },
      { mark: { atMs: 1_795_273_262_000, rev: null } },
    ],
    ['another field: nothing', only('summary'), null],
    ['a comment: nothing', { webhookEvent: 'comment_created' }, null],
    ['no key: nothing', { 'issue.key': null }, null],
  ])('%s', (_, changes, expected) => {
    const snapshot = read(jiraUpdated, changes);
    expected === null ? expect(snapshot).toBeNull() : expect(snapshot).toMatchObject(expected);
  });
});

describe('GitLab', () => {
  it('says who holds the issue now', () => {
    expect(read(gitLabUpdated)).toEqual({
      deliveryId: 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f',
      externalKey: 'gitlab-org/gitlab-test#23',
      stableId: '301',
      assignees: [{ externalId: '51', externalName: 'user1' }],
      status: null,
      mark: { atMs: changedAtMs, rev: null },
      actor: { externalId: '1', externalName: 'root', email: 'admin@acme.io' },
      incomplete: false,
    });
  });

  it.each<[string, Record<string, unknown>, Partial<WebhookSnapshot> | null]>([
    [
      'the last one left: the list is missing, the change is there',
      { assignees: undefined, 'changes.assignees.current': [] },
      { assignees: [] },
    ],
    [
      'lists that are none have to be read',
      { assignees: 'x', 'changes.assignees': {} },
      { assignees: null, incomplete: true },
    ],
    [
      'an assignee without a name has to be read',
      { assignees: [{ id: 51 }] },
      { assignees: null, incomplete: true },
    ],
    [
      'closed',
      { 'object_attributes.action': 'close', changes: {} },
      { assignees: null, status: 'closed' },
    ],
    ['reopened', { 'object_attributes.action': 'reopen', changes: {} }, { status: 'open' }],
    [
      'a redacted address is none',
      { 'user.email': '[REDACTED]' },
      { actor: { externalId: '1', externalName: 'root' } },
    ],
    ['another change: nothing', { changes: { title: {} } }, null],
    ['a merge request: nothing', { object_kind: 'merge_request' }, null],
  ])('%s', (_, changes, expected) => {
    const snapshot = read(gitLabUpdated, changes);
    expected === null ? expect(snapshot).toBeNull() : expect(snapshot).toMatchObject(expected);
  });

  it('does not take the id that all hooks of one event share for a delivery', () => {
    const { 'Idempotency-Key': _, ...headers } = gitLabUpdated.headers;
    const first = read({ ...gitLabUpdated, headers });
    const second = read({ ...gitLabUpdated, headers }, { 'object_attributes.iid': 24 });
    expect(first?.deliveryId).toMatch(/^[0-9a-f]{64}$/);
    expect(second?.deliveryId).not.toBe(first?.deliveryId);
  });
});

describe('Azure DevOps', () => {
  it('says who holds the work item, in which revision', () => {
    expect(read(azureUpdated)).toEqual({
      deliveryId: '27646e0e-b520-4d2b-9411-bba7524947cd',
      externalKey: '5',
      stableId: '5',
      assignees: [
        {
          externalId: '21354f98-ab06-67d9-b974-5a54d992082e',
          externalName: 'bob@acme.io',
          email: 'bob@acme.io',
        },
      ],
      status: 'closed',
      mark: { atMs: changedAtMs + 123, rev: 7 },
      actor: {
        externalId: 'e5a5f7f8-6507-4c34-b397-6c4818e002f4',
        externalName: 'fabrikamfiber4@acme.io',
        email: 'fabrikamfiber4@acme.io',
      },
      incomplete: false,
    });
  });

  const assignedTo = 'resource.fields.System/AssignedTo';
  const state = 'resource.fields.System/State';
  it.each<[string, Record<string, unknown>, Partial<WebhookSnapshot> | null]>([
    ['nobody: the new value is missing', { [assignedTo]: { oldValue: 'x' } }, { assignees: [] }],
    ['nobody: the new value is empty', { [assignedTo]: { newValue: '' } }, { assignees: [] }],
    [
      'an older hook writes a name with its unique name',
      { [assignedTo]: { newValue: 'Bob <bob@acme.io>' } },
      {
        assignees: [
          { externalId: 'bob@acme.io', externalName: 'bob@acme.io', email: 'bob@acme.io' },
        ],
      },
    ],
    [
      'a bare name could be anybody: has to be read',
      { [assignedTo]: { newValue: 'Jamal Hartnet' } },
      { assignees: null, incomplete: true },
    ],
    ['the state alone', { [assignedTo]: undefined }, { assignees: null, status: 'closed' }],
    [
      'a state of a process of their own has to be read',
      { [state]: { newValue: 'Shipped' } },
      { status: null, incomplete: true },
    ],
    [
      'the id of the revision where the other is 0',
      { 'resource.workItemId': 0 },
      { externalKey: '5' },
    ],
    [
      'a deletion has to be read',
      { eventType: 'workitem.deleted', 'resource.id': 5 },
      { externalKey: '5', incomplete: true },
    ],
    ['another field: nothing', { 'resource.fields': { 'System.Title': {} } }, null],
    ['a comment: nothing', { eventType: 'workitem.commented' }, null],
  ])('%s', (_, changes, expected) => {
    const snapshot = read(azureUpdated, changes);
    expected === null ? expect(snapshot).toBeNull() : expect(snapshot).toMatchObject(expected);
  });
});

describe('Redmine', () => {
  it('says who holds the issue, in which version', () => {
    expect(read(redmineUpdated)).toEqual({
      deliveryId: 'delivery-1',
      externalKey: '1',
      stableId: '1',
      assignees: [{ externalId: '6', externalName: 'bob', email: 'bob@acme.io' }],
      status: null,
      mark: { atMs: changedAtMs, rev: 8 },
      actor: { externalId: '1', externalName: 'admin', email: 'admin@acme.io' },
      incomplete: false,
    });
  });

  it.each<[string, Record<string, unknown>, Partial<WebhookSnapshot> | null]>([
    ['nobody', { 'issue.assignee': null }, { assignees: [] }],
    [
      'the status',
      { changes: [{ field: 'status_id' }], 'issue.closed': true },
      { assignees: null, status: 'closed' },
    ],
    [
      'an assignee that is missing has to be read',
      { 'issue.assignee': undefined },
      { incomplete: true },
    ],
    [
      'a status that is missing has to be read',
      { changes: [{ field: 'status_id' }], 'issue.closed': undefined },
      { incomplete: true },
    ],
    ['another field: nothing', { changes: [{ field: 'subject' }] }, null],
    ['another event: nothing', { event: 'issue_created' }, null],
  ])('%s', (_, changes, expected) => {
    const snapshot = read(redmineUpdated, changes);
    expected === null ? expect(snapshot).toBeNull() : expect(snapshot).toMatchObject(expected);
  });

  it('numbers a delivery by its body where it has no number', () => {
    const body = structuredClone(redmineUpdated.body);
    delete body.id;
    const expected = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    expect(read(redmineUpdated, { id: undefined })?.deliveryId).toBe(expected);
  });
});
