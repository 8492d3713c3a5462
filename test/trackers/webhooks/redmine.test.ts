import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WebhookSnapshot } from '../../../shared/domain/sync/webhook-snapshot.ts';
import {
  changedAtMs,
  readPayload,
  redmineUpdated,
} from '../../support/trackers/webhook-payloads.ts';

describe('a webhook of Redmine', () => {
  it('says who holds the issue, in which version', () => {
    expect(readPayload(redmineUpdated)).toEqual({
      deliveryId: 'delivery-1',
      externalKey: '1',
      stableId: '1',
      assignees: [{ externalId: '6', externalName: 'bob', email: 'bob@acme.io' }],
      status: null,
      externalVersion: { atMs: changedAtMs, rev: 8 },
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
    const snapshot = readPayload(redmineUpdated, changes);
    expected === null ? expect(snapshot).toBeNull() : expect(snapshot).toMatchObject(expected);
  });

  it('numbers a delivery by its body where it has no number', () => {
    const body = structuredClone(redmineUpdated.body);
    delete body.id;
    const expected = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    expect(readPayload(redmineUpdated, { id: undefined })?.deliveryId).toBe(expected);
  });
});
