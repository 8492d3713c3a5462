import { describe, expect, it } from 'vitest';
import type { WebhookSnapshot } from '../../../shared/domain/sync/webhook-snapshot.ts';
import {
  changedAtMs,
  gitLabUpdated,
  readPayload,
} from '../../support/trackers/webhook-payloads.ts';

describe('a webhook of GitLab', () => {
  it('says who holds the issue now', () => {
    expect(readPayload(gitLabUpdated)).toEqual({
      deliveryId: 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f',
      externalKey: 'gitlab-org/gitlab-test#23',
      stableId: '301',
      assignees: [{ externalId: '51', externalName: 'user1' }],
      status: null,
      externalVersion: { atMs: changedAtMs, rev: null },
      actor: { externalId: '1', externalName: 'root', email: 'admin@acme.io' },
      incomplete: false,
    });
  });

  const closed = { 'object_attributes.action': 'close', 'object_attributes.state': 'closed' };
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
      { ...closed, changes: {} },
      { assignees: null, status: 'closed', incomplete: false },
    ],
    [
      'closed, in a state that GitLab does not document: has to be read',
      { ...closed, 'object_attributes.state': 'locked', changes: {} },
      { status: null, incomplete: true },
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
    const snapshot = readPayload(gitLabUpdated, changes);
    expected === null ? expect(snapshot).toBeNull() : expect(snapshot).toMatchObject(expected);
  });

  it('does not take the id that all hooks of one event share for a delivery', () => {
    const { 'Idempotency-Key': _, ...headers } = gitLabUpdated.headers;
    const first = readPayload({ ...gitLabUpdated, headers });
    const second = readPayload({ ...gitLabUpdated, headers }, { 'object_attributes.iid': 24 });
    expect(first?.deliveryId).toMatch(/^[0-9a-f]{64}$/);
    expect(second?.deliveryId).not.toBe(first?.deliveryId);
  });
});
