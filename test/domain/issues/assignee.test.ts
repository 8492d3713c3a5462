import { describe, expect, it } from 'vitest';
import { leaseDueAt, leaseFrom, leaseStep } from '../../../shared/domain/issues/assignee.ts';
import { assign, deassign, tellEnding } from '../../../shared/domain/issues/assignment.ts';
import { handleAssignedTo } from '../../../shared/domain/issues/handle-assigned-to.ts';
import { inheritedLease } from '../../../shared/domain/issues/merge.ts';
import { changes, NOW } from '../../support/builders.ts';
import { alice, bob, heldBy } from '../../support/group-facts.ts';

const in2Hours = leaseFrom(NOW, 7_200);
const at = (seconds: number) => leaseFrom(NOW, seconds).expiresAt;
const held = { ...heldBy(bob.actor, 3), lease: in2Hours };
const asked = (assignee: typeof bob | null, expiresIn?: number | null) => ({
  assignee,
  assignedBy: null,
  integration: null,
  ...(expiresIn === undefined ? {} : { expiresIn }),
});

describe('what is to be done about a lease', () => {
  it.each([
    // seconds from now, told -> step
    ['before the last hour', 3_599, false, 'nothing'],
    ['when the last hour begins', 3_600, false, 'tell'],
    ['in the last hour', 7_199, false, 'tell'],
    ['in the last hour, once told', 7_199, true, 'nothing'],
    ['when it has run out', 7_200, true, 'end'],
    ['when it has run out untold', 7_200, false, 'end'],
    ['long after', 1_000_000, false, 'end'],
  ])('%s', (_, seconds, isEndingTold, step) => {
    const lease = { ...in2Hours, isEndingTold };
    expect(leaseStep({ ...held, lease }, at(seconds))).toBe(step);
    expect(leaseDueAt(lease) <= at(seconds)).toBe(step !== 'nothing');
  });

  it.each([
    ['no assignment', null],
    ['an assignment that stays', heldBy(bob.actor)],
    ['nobody', { ...held, assignee: null }],
  ])('nothing for %s', (_, assignment) => {
    expect(leaseStep(assignment, at(1_000_000))).toBe('nothing');
  });
});

describe('an assignment that lasts so long', () => {
  it.each([
    // holder, whom it is asked for, for how long -> lease, version, activities
    ['is made', heldBy(null, 3), bob, 7_200, at(7_200), 4, 1],
    ['is somebody else’s', held, alice, 3_600, at(3_600), 4, 1],
    ['is renewed, and stays the same one', held, bob, 10_800, at(10_800), 3, 0],
    ['is made of one that stays', heldBy(bob.actor, 3), bob, 3_600, at(3_600), 3, 0],
    ['stays from now on', held, bob, null, undefined, 3, 0],
    ['ends when it would have, where nobody says', held, bob, undefined, in2Hours.expiresAt, 3, 0],
    ['is no one else’s', held, alice, undefined, undefined, 4, 1],
    ['is nobody’s', held, null, undefined, undefined, 4, 1],
  ])('%s', (_, assignment, target, expiresIn, expiresAt, version, activities) => {
    const start = changes({ assignment });
    const after = handleAssignedTo(start, asked(target, expiresIn), 0);
    expect(after.assignment?.lease?.expiresAt).toBe(expiresAt);
    expect(after.assignment?.version).toBe(version);
    expect(after.activities).toHaveLength(activities);
    expect(after.events.at(-1)).toMatchObject({ type: 'manual.issue_assignment', version });
  });

  it('is the same row where it is renewed until the same time', () => {
    const start = changes({ assignment: { ...held, lease: { ...in2Hours, isEndingTold: true } } });
    const { changes: after } = assign(start, bob, { lease: in2Hours });
    expect(after.assignment).toBe(start.assignment);
  });

  it('is told again once it was renewed', () => {
    const told = tellEnding(changes({ assignment: held }));
    const after = handleAssignedTo(told, asked(bob, 10_800), 0);
    expect(after.assignment?.lease?.isEndingTold).toBe(false);
  });

  it('is left alone by who only asks for an issue that nobody has', () => {
    const start = changes({ assignment: heldBy(bob.actor) });
    const after = assign(start, bob, { createOnly: true, lease: in2Hours }).changes;
    expect(after.assignment).toBe(start.assignment);
  });
});

it('is told of with the version that ends, which stays as it is', () => {
  const after = tellEnding(changes({ assignment: held }));
  expect(after.assignment).toEqual({ ...held, lease: { ...in2Hours, isEndingTold: true } });
  expect(after.events).toEqual([
    {
      type: 'issue.lease_ending',
      version: 3,
      data: { assignee: bob.actor, expiresAt: in2Hours.expiresAt },
    },
  ]);
  expect(after.activities).toEqual([]);
  const unheld = changes({ assignment: heldBy(null) });
  expect(tellEnding(unheld)).toBe(unheld);
});

it('ends with its reason, and forgets that a person made it', () => {
  const byPerson = { ...held, lastAssignedManually: true };
  const ended = deassign(changes({ assignment: byPerson }), { reason: 'expired' }).changes;
  expect(ended.assignment).toMatchObject({ assignee: null, version: 4 });
  expect(ended.assignment?.lastAssignedManually).toBeNull();
  expect(ended.assignment).not.toHaveProperty('lease');
  expect(ended.activities).toMatchObject([{ type: 'unassigned', data: { reason: 'expired' } }]);
  const taken = deassign(changes({ assignment: byPerson })).changes;
  expect(taken.assignment?.lastAssignedManually).toBe(true);
});

it('goes with the assignee that a merge inherits, and is told of again', () => {
  const lease = { ...in2Hours, isEndingTold: true };
  expect(inheritedLease({ ...held, lease })).toEqual(in2Hours);
  expect(inheritedLease(heldBy(bob.actor))).toBeNull();
  expect(inheritedLease(null)).toBeNull();
});
