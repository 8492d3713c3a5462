import examples from '@octokit/webhooks-examples';
import { describe, expect, it } from 'vitest';
import type { WebhookSnapshot } from '../../../shared/domain/sync/webhook-snapshot.ts';
import { webhookOf } from '../../../shared/trackers/webhooks/webhook-of.ts';
import {
  changedAtMs,
  gitHubAssigned,
  readPayload,
} from '../../support/trackers/webhook-payloads.ts';

describe('a webhook of GitHub', () => {
  it('says who holds the issue now, whoever came or went', () => {
    expect(readPayload(gitHubAssigned)).toEqual({
      deliveryId: '72d3162e-cc78-11e3-81ab',
      externalKey: 'octocat/hello#1',
      stableId: '444500041',
      assignees: [{ externalId: '4', externalName: 'hubot' }],
      status: null,
      externalVersion: { atMs: changedAtMs, rev: null },
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
    const snapshot = readPayload(gitHubAssigned, changes);
    expected === null ? expect(snapshot).toBeNull() : expect(snapshot).toMatchObject(expected);
  });

  it('says nothing of a ping, or of an event that only looks like an issue', () => {
    const ping = { ...gitHubAssigned, headers: { 'X-GitHub-Event': 'ping' } };
    expect(readPayload(ping)).toBeNull();
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
        expect(snapshot.externalVersion.atMs).not.toBeNull();
        expect(snapshot.actor).not.toBeNull();
      }
    },
  );
});
