import { describe, expect, it } from 'vitest';
import { type Actor, formatActor } from '../../../shared/domain/actor.ts';
import type { Assignee } from '../../../shared/domain/issues/assignee.ts';
import { assign, deassign, decideAssign } from '../../../shared/domain/issues/assignment.ts';
import { followersOf } from '../../../shared/domain/issues/followers.ts';
import type { GroupChanges } from '../../../shared/domain/issues/group-changes.ts';
import { changes, NOW, teamAssignee } from '../../support/builders.ts';
import { acme, alice, bob, core, heldBy, web } from '../../support/group-facts.ts';

const nobody = null;
const textsOf = (actors: readonly Actor[]) => actors.map(formatActor);
const followersAfter = (after: GroupChanges) => textsOf(followersOf(after) ?? []);

describe('whether an assignment changes anything', () => {
  it.each([
    // existing row, createOnly, force, target -> affected, new, updated
    ['nobody', nobody, false, false, bob, true, false],
    ['nobody, create only', nobody, true, false, bob, true, false],
    ['nobody, forced', nobody, false, true, bob, true, false],
    ['nobody, create only and forced', nobody, true, true, bob, true, false],
    ['somebody else', alice.actor, false, false, bob, false, true],
    ['the same', bob.actor, false, false, bob, false, false],
    ['somebody else, create only', alice.actor, true, false, bob, false, false],
    ['somebody else, create only and forced', alice.actor, true, true, bob, false, false],
    ['the same, create only', bob.actor, true, false, bob, false, false],
    ['the same, create only and forced', bob.actor, true, true, bob, false, false],
    ['the same, forced', bob.actor, false, true, bob, false, true],
    ['somebody else, forced', alice.actor, false, true, bob, false, true],
    [
      'a team with the number of the user',
      { type: 'team', id: '12' } as const,
      false,
      false,
      bob,
      false,
      true,
    ],
  ])('%s', (_, current, createOnly, force, target, isNew, updated) => {
    expect(decideAssign(current, target.actor, { createOnly, force })).toEqual({
      newAssignment: isNew,
      updatedAssignment: updated,
    });

    const before = current === null ? {} : { assignment: heldBy(current) };
    const { changes: after } = assign(changes(before), target, { createOnly, force });
    const affected = isNew || updated;
    expect(after.activities.filter((activity) => activity.type === 'assigned')).toHaveLength(
      affected ? 1 : 0,
    );
    expect(after.activities.map(({ history }) => history)).toEqual(affected ? ['assigned'] : []);
    expect(after.events).toHaveLength(affected ? 1 : 0);
    expect(after.assignment?.version ?? 0).toBe((current === null ? 0 : 1) + (affected ? 1 : 0));
    // Who does not get the group, because somebody else keeps it, gets nothing of it.
    const holdsIt = affected || (current?.type === 'user' && current.id === '12');
    expect(followersAfter(after)).toEqual(holdsIt ? ['user:12'] : []);
  });
});

describe('what an assignment records', () => {
  it('names a user with their address', () => {
    const { changes: after } = assign(changes(), bob);
    expect(after.activities).toEqual([
      {
        type: 'assigned',
        userId: '11',
        data: { assignee: '12', assigneeEmail: 'bob@acme.io', assigneeType: 'user' },
        history: 'assigned',
      },
    ]);
  });

  it('names a team by its slug, so that it can be named when it is gone', () => {
    const { changes: after } = assign(changes(), core, { extra: { integration: 'slack' } });
    expect(after.activities[0]?.data).toEqual({
      assignee: '21',
      assigneeEmail: null,
      assigneeType: 'team',
      assigneeName: 'core',
      integration: 'slack',
    });
    expect(after.assignment?.lastAssignedManually).toBe(false);
  });

  it('tells of the previous assignee and of a first assignment, also after an unassign', () => {
    const first = assign(changes(), bob).changes;
    expect(first.events[0]).toEqual({
      type: 'issue.assigned',
      version: 1,
      data: { assignee: bob.actor, previous: null, isFirstAssignment: true, source: null },
    });
    const second = assign(changes({ assignment: heldBy(bob.actor, 4) }), core, { source: 'auto' });
    expect(second.changes.events[0]).toEqual({
      type: 'issue.assigned',
      version: 5,
      data: { assignee: core.actor, previous: bob.actor, isFirstAssignment: false, source: 'auto' },
    });
    const again = assign(changes({ assignment: heldBy(null, 2) }), bob).changes;
    expect(again.events[0]?.data).toMatchObject({ isFirstAssignment: true });
    expect(again.assignment?.version).toBe(3);
  });

  it('is never dated before the version that it replaces', () => {
    const later = '2027-01-01T00:00:00.000Z';
    const behind = changes({ assignment: { ...heldBy(alice.actor), changedAt: later } });
    expect(assign(behind, bob).changes.assignment?.changedAt).toBe('2027-01-01T00:00:00.001Z');
    expect(
      assign(changes({ assignment: heldBy(alice.actor) }), bob).changes.assignment?.changedAt,
    ).toBe(NOW);
  });
});

describe('deassign', () => {
  it.each([
    ['a group that was never assigned', {}],
    ['a group that is unassigned', { assignment: heldBy(null, 2) }],
  ])('does nothing at all to %s', (_, before) => {
    const start = changes(before);
    const { changes: after, unassigned } = deassign(start);
    expect(unassigned).toBe(false);
    expect(after).toBe(start);
  });

  it('keeps the row, raises its version, and records activity and event', () => {
    const { changes: after } = deassign(changes({ assignment: heldBy(bob.actor, 3) }), {
      source: '501',
    });
    expect(after.assignment).toMatchObject({
      version: 4,
      assignee: null,
      dateAssigned: null,
      source: '501',
      lastAssignedManually: true,
    });
    expect(after.activities).toEqual([
      { type: 'unassigned', userId: '11', data: null, history: 'unassigned' },
    ]);
    expect(after.events).toEqual([
      {
        type: 'issue.unassigned',
        version: 4,
        data: { previous: bob.actor, source: '501' },
      },
    ]);
  });
});

describe('who loses the subscription that they had for holding the group', () => {
  const featureOn = acme(['team-workflow-notifications']);
  const featureOff = acme();
  const users = (...ids: string[]) => ids.map((id): Actor => ({ type: 'user', id }));
  const inBoth = teamAssignee({ id: '23', slug: 'both', members: ['12', '13', '14'] });

  it.each<[string, typeof featureOn, Assignee, Assignee | null, Actor[], string[]]>([
    ['nobody, where nobody held it', featureOff, alice, alice, users('11'), []],
    ["a team's row, feature on", featureOn, core, bob, [core.actor, ...users('12')], ['team:21']],
    ["a team's row, feature on, unassigned", featureOn, core, null, [core.actor], ['team:21']],
    [
      "a team's members, feature off",
      featureOff,
      core,
      null,
      users('11', '12'),
      ['user:11', 'user:12'],
    ],
    [
      "a team's members but the new assignee who is one of them",
      featureOff,
      core,
      bob,
      users('11', '12'),
      ['user:11'],
    ],
    [
      "a team's members but those of the new team",
      featureOff,
      core,
      inBoth,
      users('11', '12'),
      ['user:11'],
    ],
    ['nobody, where a user gives way to a team of theirs', featureOff, bob, web, users('12'), []],
    [
      'nobody, where a user gives way to a team of theirs, feature on',
      featureOn,
      bob,
      web,
      users('12'),
      [],
    ],
    ['a user who gives way to another user', featureOff, bob, alice, users('12'), ['user:12']],
    [
      'a user who gives way to a team without them',
      featureOff,
      alice,
      web,
      users('11'),
      ['user:11'],
    ],
    ['a user who gives way to nobody', featureOff, bob, null, users('12'), ['user:12']],
  ])('%s', (_, organization, previous, next, stored, deleted) => {
    const start = changes({
      organization,
      assignment: heldBy(previous.actor),
      followers: stored,
    });
    const { changes: after } = next === null ? deassign(start) : assign(start, next);
    const left = followersAfter(after);
    expect(textsOf(stored).filter((follower) => !left.includes(follower))).toEqual(deleted);
    expect(after.subscriptions.size).toBe(0);
  });

  it('leaves those who follow where the assignee is assigned again by force', () => {
    const former = { type: 'user', id: '13' } as const;
    const start = changes({ assignment: heldBy(bob.actor), followers: [former] });
    const { changes: after } = assign(start, bob, { force: true });
    expect(followersAfter(after)).toEqual(['user:13', 'user:12']);
  });

  it('decides on followers alone that were read', () => {
    const featureOn = acme(['team-workflow-notifications']);
    const unread = { assignment: heldBy(bob.actor), followers: null };
    expect(deassign(changes(unread)).changes.followers).toEqual([]);
    expect(assign(changes(unread), alice).changes.followers).toEqual([alice.actor]);
    expect(() => assign(changes(unread), bob)).toThrow('followers of the group 101 were not read');
    expect(() => assign(changes({ ...unread, organization: featureOn }), core)).toThrow('not read');
  });
});

describe('who is subscribed', () => {
  it.each<[string, string[], Assignee, string[]]>([
    ['a user', [], bob, ['user:12']],
    ['each member of a team', [], core, ['user:11', 'user:12']],
    [
      'the team as one, where it gets notifications as one',
      ['team-workflow-notifications'],
      core,
      ['team:21'],
    ],
  ])('%s', (_, features, target, subscribed) => {
    const { changes: after } = assign(changes({ organization: acme(features) }), target);
    expect(followersAfter(after)).toEqual(subscribed);
  });
});
