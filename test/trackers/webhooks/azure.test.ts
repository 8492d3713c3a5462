import { describe, expect, it } from 'vitest';
import type { WebhookSnapshot } from '../../../shared/domain/sync/webhook-snapshot.ts';
import { azureUpdated, changedAtMs, readPayload } from '../../support/trackers/webhook-payloads.ts';

describe('a webhook of Azure DevOps', () => {
  it('says who holds the work item, in which revision', () => {
    expect(readPayload(azureUpdated)).toEqual({
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
      status: null,
      externalVersion: { atMs: changedAtMs + 123, rev: 7 },
      actor: {
        externalId: 'e5a5f7f8-6507-4c34-b397-6c4818e002f4',
        externalName: 'fabrikamfiber4@acme.io',
        email: 'fabrikamfiber4@acme.io',
      },
      incomplete: true,
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
    [
      'the assignee alone is the whole story',
      { [state]: undefined },
      { status: null, incomplete: false },
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
    // A hook has the name of the state and not its category, which every process gives as it likes.
    ...['New', 'Active', 'Resolved', 'Closed', 'Done', 'Removed', 'Shipped', ''].map(
      (newValue): [string, Record<string, unknown>, Partial<WebhookSnapshot>] => [
        `a state has to be read: ${newValue}`,
        { [assignedTo]: undefined, [state]: { newValue } },
        { assignees: null, status: null, incomplete: true },
      ],
    ),
  ])('%s', (_, changes, expected) => {
    const snapshot = readPayload(azureUpdated, changes);
    expected === null ? expect(snapshot).toBeNull() : expect(snapshot).toMatchObject(expected);
  });
});
