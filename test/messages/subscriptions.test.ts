import { expect, it } from 'vitest';
import type { SubscriberName } from '../../shared/messages/subscriptions.ts';
import { hears } from '../support/bus-events.ts';

const status = (now: string, before: string) => ({
  data: { status: now, substatus: null, previous: { status: before, substatus: null } },
});
const none = { data: {} };

/** What wakes a function, and what it could do nothing about. */
const cases: readonly [SubscriberName, string, object, boolean][] = [
  ['webhook-fanout', 'issue.assigned', { ...none, webhooks: true }, true],
  ['webhook-fanout', 'issue.assigned', { ...none, webhooks: false }, false],
  ['webhook-fanout', 'issue.assigned', none, true],
  ['webhook-fanout', 'webhook.disabled', none, true],
  ['sync-fanout', 'issue.assigned', { ...none, linked: true }, true],
  ['sync-fanout', 'issue.assigned', { ...none, linked: false }, false],
  ['sync-fanout', 'issue.assigned', none, true],
  ['holder-review', 'issue.status_changed', status('unresolved', 'resolved'), true],
  ['holder-review', 'issue.status_changed', status('resolved', 'unresolved'), false],
  ['holder-review', 'issue.status_changed', status('unresolved', 'unresolved'), false],
  ['holder-review', 'ownership.names_changed', { data: { changed: ['teams'] } }, false],
  [
    'holder-review',
    'ownership.names_changed',
    { data: { changed: ['memberships'], userId: '11' } },
    true,
  ],
  ['holder-review', 'project.team_added', { data: { teamId: '21' } }, true],
  ['holder-review', 'member.left', { data: { userId: '11' } }, true],
  ['cache-repeat', 'project.updated', { data: { changed: { name: ['a', 'b'] } } }, false],
  ['cache-repeat', 'project.team_added', { data: { teamId: '21' } }, true],
  ['cache-repeat', 'project.team_removed', { data: { teamId: '21' } }, true],
];

it.each(cases)('%s, by %s with %j: %s', (functionName, type, detail, isWoken) => {
  expect(hears(functionName, { type, detail })).toBe(isWoken);
});
