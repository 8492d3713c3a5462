import { describe, expect, it } from 'vitest';
import type { WebhookSnapshot } from '../../../shared/domain/sync/webhook-snapshot.ts';
import { changedAtMs, jiraUpdated, readPayload } from '../../support/trackers/webhook-payloads.ts';

describe('a webhook of Jira', () => {
  it('says who holds the issue and what its status means', () => {
    expect(readPayload(jiraUpdated)).toEqual({
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
      externalVersion: { atMs: changedAtMs + 123, rev: null },
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
      { externalVersion: { atMs: 1_795_273_262_000, rev: null } },
    ],
    ['another field: nothing', only('summary'), null],
    ['a comment: nothing', { webhookEvent: 'comment_created' }, null],
    ['no key: nothing', { 'issue.key': null }, null],
  ])('%s', (_, changes, expected) => {
    const snapshot = readPayload(jiraUpdated, changes);
    expected === null ? expect(snapshot).toBeNull() : expect(snapshot).toMatchObject(expected);
  });
});
