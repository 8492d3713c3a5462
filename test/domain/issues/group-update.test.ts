import { describe, expect, it } from 'vitest';
import type { GroupFacts } from '../../../shared/domain/issues/group-draft.ts';
import type { StatusRequest } from '../../../shared/domain/issues/group-status.ts';
import { decideGroupUpdate, type GroupUpdate } from '../../../shared/domain/issues/group-update.ts';
import { group, groupFacts, now } from '../../support/builders.ts';
import { alice, bob, heldBy } from '../../support/drafts.ts';

function decide(
  update: GroupUpdate,
  overrides: Partial<GroupFacts> = {},
  context: { actingUserId?: string | null; actsAsMember?: boolean } = {},
) {
  return decideGroupUpdate(groupFacts(overrides), update, {
    now: now,
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
    const draft = decide(update, holder === null ? {} : { assignment: heldBy(holder) });
    expect(draft.events.map((event) => event.type)).toEqual(events);
    const manual = draft.events.at(-1);
    expect(manual?.version).toBe(draft.assignment?.version ?? 0);
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
        snoozeBaseline: { timesSeen: 5, userCount: 3, at: now },
      },
      'set_ignored',
    ],
  ])('%s', (_, request, after, activity) => {
    const draft = decide(status(request));
    expect(draft.group).toMatchObject(after);
    expect(draft.group.statusVersion).toBe(1);
    expect(draft.activities.map(({ type }) => type)).toEqual([activity]);
    expect(draft.events.map(({ type }) => type)).toEqual(['issue.status_changed']);
  });

  it('a reopened group is ongoing', () => {
    const resolved = {
      group: group({ status: 'resolved', substatus: null, statusVersion: 4 }),
    };
    const draft = decide(status({ status: 'unresolved' }), resolved);
    expect(draft.group).toMatchObject({
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
    const draft = decide(status(request), before);
    expect(draft.group).toBe(before.group);
    expect(draft.activities).toEqual([]);
    expect(draft.events).toEqual([]);
  });

  it('subscribes whoever resolves, and nobody where nobody acts', () => {
    expect(decide(status({})).subscriptions.get('user:11')).toMatchObject({
      kind: 'ensure',
      reason: 'status_change',
    });
    expect(decide(status({}), {}, { actingUserId: null }).subscriptions.size).toBe(0);
  });
});

describe('marks, subscription and public link', () => {
  it('counts what a member has seen, and nobody else', () => {
    expect(decide({ hasSeen: true }).marks).toEqual({ userId: '11', hasSeen: true });
    expect(decide({ hasSeen: true }, {}, { actsAsMember: false }).marks).toBeNull();
  });

  it('a bookmark subscribes; without it every subscription of the user goes', () => {
    const on = decide({ isBookmarked: true });
    expect(on.marks).toEqual({ userId: '11', isBookmarked: true });
    expect(on.subscriptions.get('user:11')).toMatchObject({ kind: 'ensure', reason: 'bookmark' });
    const off = decide({ isBookmarked: false });
    expect(off.subscriptions.get('user:11')).toMatchObject({ kind: 'delete', onlyReason: null });
  });

  it('isSubscribed is said last, and decides', () => {
    const draft = decide({ isBookmarked: true, isSubscribed: false });
    expect(draft.subscriptions.get('user:11')).toMatchObject({ kind: 'put', isActive: false });
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
    const draft = decide(update, { shareId });
    expect(draft.shareId).toBe(after);
    expect(draft.activities.map(({ type }) => type)).toEqual(activities);
  });
});

it('everything of one request stands in one draft, in the order in which it takes effect', () => {
  const draft = decide(
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
  expect(draft.activities.map(({ type }) => type)).toEqual([
    'set_priority',
    'set_resolved',
    'assigned',
    'set_public',
  ]);
  expect(draft.group).toMatchObject({ priority: 'high', priorityLockedAt: now, inInbox: false });
});
