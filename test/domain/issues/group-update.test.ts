import { describe, expect, it } from 'vitest';
import type { GroupFacts } from '../../../shared/domain/issues/group-changes.ts';
import type { StatusRequest } from '../../../shared/domain/issues/group-status.ts';
import { decideGroupUpdate, type GroupUpdate } from '../../../shared/domain/issues/group-update.ts';
import { group, groupFacts, NOW } from '../../support/builders.ts';
import { alice, bob, heldBy } from '../../support/group-facts.ts';

function decide(
  update: GroupUpdate,
  overrides: Partial<GroupFacts> = {},
  context: { actingUserId?: string | null; actsAsMember?: boolean } = {},
) {
  return decideGroupUpdate(groupFacts(overrides), update, {
    now: NOW,
    actingUserId: '11',
    actsAsMember: true,
    position: 0,
    shareId: 'fresh',
    ...context,
  });
}

const status = (request: Partial<StatusRequest>): GroupUpdate => ({
  status: { status: 'resolved', substatus: null, resolvedIn: null, conditions: {}, ...request },
});

describe('handleAssignedTo', () => {
  const to = (assignee: typeof bob | null): GroupUpdate => ({
    assignedTo: { assignee, assignedBy: 'assignee_selector', integration: null },
  });

  it.each([
    ['first assignment', to(bob), null, false, ['issue.assigned', 'manual.issue_assignment']],
    [
      'replacing someone',
      to(bob),
      alice.actor,
      true,
      ['issue.assigned', 'manual.issue_assignment'],
    ],
    ['the same again', to(bob), bob.actor, false, ['manual.issue_assignment']],
    ['unassigning', to(null), bob.actor, true, ['issue.unassigned', 'manual.issue_assignment']],
    ['unassigning nobody', to(null), null, true, ['manual.issue_assignment']],
  ])('%s', (_, update, holder, hadToDeassign, events) => {
    const changes = decide(update, holder === null ? {} : { assignment: heldBy(holder) });
    expect(changes.events.map((event) => event.type)).toEqual(events);
    const manual = changes.events.at(-1);
    expect(manual?.version).toBe(changes.assignment?.version ?? 0);
    expect(manual?.data).toEqual({
      organization_id: 1,
      project_id: 31,
      group_id: 101,
      assigned_by: 'assignee_selector',
      had_to_deassign: hadToDeassign,
      position: 0,
    });
  });
});

describe('status', () => {
  it.each<[string, Partial<StatusRequest>, object, string]>([
    ['resolved', {}, { status: 'resolved', substatus: null, statusDetails: {} }, 'set_resolved'],
    [
      'resolved in the next release',
      { resolvedIn: { kind: 'nextRelease' } },
      { status: 'resolved', statusDetails: { inNextRelease: true } },
      'set_resolved_in_release',
    ],
    [
      'resolved in a release',
      { resolvedIn: { kind: 'release', version: '1.2' } },
      { status: 'resolved', statusDetails: { inRelease: '1.2' }, resolvedAfter: null },
      'set_resolved_in_release',
    ],
    [
      'ignored',
      { status: 'ignored' },
      { status: 'ignored', substatus: 'archived_until_escalating', statusDetails: {} },
      'set_ignored',
    ],
    [
      'ignored for an hour',
      { status: 'ignored', conditions: { ignoreDuration: 60 } },
      {
        status: 'ignored',
        substatus: 'archived_until_condition_met',
        statusDetails: { ignoreUntil: '2026-11-22T13:00:00.000Z' },
      },
      'set_ignored',
    ],
    [
      'ignored for ten events',
      { status: 'ignored', conditions: { ignoreCount: 10 } },
      {
        statusDetails: { ignoreCount: 10 },
        snoozeBaseline: { timesSeen: 5, userCount: 3, at: NOW },
      },
      'set_ignored',
    ],
  ])('%s', (_, request, after, activity) => {
    const changes = decide(status(request));
    expect(changes.group).toMatchObject(after);
    expect(changes.group.statusVersion).toBe(1);
    expect(changes.activities.map(({ type }) => type)).toEqual([activity]);
    expect(changes.events.map(({ type }) => type)).toEqual(['issue.status_changed']);
  });

  it('a reopened group is ongoing', () => {
    const resolved = {
      group: group({ status: 'resolved', substatus: null, statusVersion: 4 }),
    };
    const changes = decide(status({ status: 'unresolved' }), resolved);
    expect(changes.group).toMatchObject({
      status: 'unresolved',
      substatus: 'ongoing',
      statusVersion: 5,
    });
  });

  it.each([
    ['resolved', { status: 'resolved', substatus: null }, {}],
    ['unresolved', { status: 'unresolved' }, { status: 'unresolved' }],
    [
      'ignored',
      { status: 'ignored', substatus: 'archived_until_escalating' },
      { status: 'ignored' },
    ],
  ] as const)('what is %s already does not change', (_, state, request) => {
    const before = { group: group(state) };
    const changes = decide(status(request), before);
    expect(changes.group).toBe(before.group);
    expect(changes.activities).toEqual([]);
    expect(changes.events).toEqual([]);
  });

  it('subscribes whoever resolves, and nobody where nobody acts', () => {
    expect(decide(status({})).subscriptions.get('user:11')).toMatchObject({
      kind: 'ensure',
      reason: 'status_change',
    });
    expect(decide(status({}), {}, { actingUserId: null }).subscriptions.size).toBe(0);
  });
});

describe('flags, subscription and public link', () => {
  it('counts what a member has seen, and nobody else', () => {
    expect(decide({ hasSeen: true }).userFlags).toEqual({ userId: '11', hasSeen: true });
    expect(decide({ hasSeen: true }, {}, { actsAsMember: false }).userFlags).toBeNull();
    expect(decide({ hasSeen: false }, {}, { actsAsMember: false }).userFlags).toMatchObject({
      hasSeen: false,
    });
  });

  it('a bookmark subscribes; without it every subscription of the user goes', () => {
    const on = decide({ isBookmarked: true });
    expect(on.userFlags).toEqual({ userId: '11', isBookmarked: true });
    expect(on.subscriptions.get('user:11')).toMatchObject({ kind: 'ensure', reason: 'bookmark' });
    const off = decide({ isBookmarked: false });
    expect(off.subscriptions.get('user:11')).toMatchObject({ kind: 'delete', onlyReason: null });
  });

  it('isSubscribed is said last, and decides', () => {
    const changes = decide({ isBookmarked: true, isSubscribed: false });
    expect(changes.subscriptions.get('user:11')).toMatchObject({ kind: 'put', isActive: false });
  });

  it.each([
    ['shared', { isPublic: true }, null, 'fresh', ['set_public']],
    [
      'shared again under a new link',
      { isPublic: true },
      'old',
      'fresh',
      ['set_private', 'set_public'],
    ],
    ['withdrawn', { isPublic: false }, 'old', null, ['set_private']],
    ['withdrawn without having been shared', { isPublic: false }, null, null, []],
  ])('%s', (_, update, shareId, after, activities) => {
    const changes = decide(update, { shareId });
    expect(changes.shareId).toBe(after);
    expect(changes.activities.map(({ type }) => type)).toEqual(activities);
  });
});

it('everything of one request is in the same changes, in the order in which it takes effect', () => {
  const changes = decide(
    {
      ...status({}),
      priority: 'high',
      assignedTo: { assignee: bob, assignedBy: null, integration: null },
      hasSeen: true,
      isSubscribed: true,
      isPublic: true,
      inbox: false,
    },
    { group: group({ inInbox: true }) },
  );
  expect(changes.activities.map(({ type }) => type)).toEqual([
    'set_priority',
    'set_resolved',
    'assigned',
    'set_public',
  ]);
  expect(changes.group).toMatchObject({ priority: 'high', priorityLockedAt: NOW, inInbox: false });
});
