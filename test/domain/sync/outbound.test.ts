import { describe, expect, it } from 'vitest';
import { syncConfigOf } from '../../../shared/domain/sync/config.ts';
import type { ExternalIssue, ExternalPerson } from '../../../shared/domain/sync/external-issue.ts';
import { traitsOf } from '../../../shared/domain/sync/external-issue.ts';
import type { LinkState } from '../../../shared/domain/sync/link-state.ts';
import {
  decideOutbound,
  directionAtLinkTime,
  planOf,
  refusalIn,
  slotGoal,
} from '../../../shared/domain/sync/outbound.ts';
import type { SlotGoal } from '../../../shared/domain/sync/slot.ts';
import { person } from './sync-world.ts';

const many = traitsOf('github');
const [bob, carol, stranger] = [person('bob'), person('carol'), person('stranger')];

function issue(assignees: readonly ExternalPerson[], atMs = 5_000): ExternalIssue {
  const externalVersion = { atMs, rev: null };
  return { key: 'o/r#1', stableId: '1', assignees, status: 'open', externalVersion, lock: null };
}

/** Settled at version 3 with Bob in our slot, last seen at second 4. */
const synced: LinkState = {
  syncedVersion: 3,
  syncedStatusVersion: 0,
  ours: [bob],
  inflight: null,
  watermark: null,
  lastWrittenVersion: null,
  lastExternal: { assignees: [bob], status: 'open', externalVersion: { atMs: 4_000, rev: null } },
  heldVersion: null,
};

const writtenAt5 = { ...synced, lastWrittenVersion: { atMs: 5_000, rev: null } };

function decide(overrides: Partial<Parameters<typeof decideOutbound>[0]>) {
  return decideOutbound({
    version: 3,
    cameFromHere: false,
    goal: { kind: 'person', person: bob },
    link: synced,
    issue: issue([bob]),
    traits: many,
    forward: true,
    reverse: true,
    onDrift: 'adopt',
    nowMs: 60_000,
    ...overrides,
  });
}

describe('whom the tracker should show', () => {
  const policies = { teamPolicy: 'clear', unmappedPolicy: 'keep' } as const;
  const held = (type: 'user' | 'team', followsEnd?: 'expired' | 'orphaned') => ({
    assignee: { type, id: '1' },
    ...(followsEnd === undefined ? {} : { followsEnd }),
  });
  const unmapped = (policy: 'keep' | 'clear'): SlotGoal => ({ kind: 'unmapped', policy });
  const goals: [string, Parameters<typeof slotGoal>[0], ExternalPerson | null, SlotGoal][] = [
    ['nobody for nobody', null, null, { kind: 'nobody' }],
    ['nobody after an end', { assignee: null, followsEnd: 'expired' }, null, { kind: 'nobody' }],
    ['the account of the user', held('user'), bob, { kind: 'person', person: bob }],
    ['that after an end', held('user', 'orphaned'), bob, { kind: 'person', person: bob }],
    ['what the policy says for a user without one', held('user'), null, unmapped('keep')],
    ['nobody for such a user after an end', held('user', 'expired'), null, unmapped('clear')],
    ['what the policy says for a team', held('team'), null, unmapped('clear')],
    [
      "not the account that is mapped to a team: it serves code owners' files",
      held('team'),
      bob,
      unmapped('clear'),
    ],
  ];
  it.each(goals)('is %s', (_, assignment, mapped, expected) => {
    expect(slotGoal(assignment, mapped, policies)).toEqual(expected);
  });

  it.each(['expired', 'orphaned'] as const)('is nobody for a team after an end: %s', (end) => {
    const keep = { teamPolicy: 'keep', unmappedPolicy: 'keep' } as const;
    expect(slotGoal(held('team', end), null, keep)).toEqual(unmapped('clear'));
  });

  it('by default is whoever is there', () => {
    expect(syncConfigOf({ sync_forward_assignment: true, teamPolicy: 'other' })).toEqual({
      forwardAssignment: true,
      reverseAssignment: false,
      forwardStatus: false,
      reverseStatus: false,
      teamPolicy: 'keep',
      unmappedPolicy: 'keep',
    });
  });
});

describe('a link whose version is new', () => {
  const next = { version: 4, goal: { kind: 'person', person: carol } } as const;

  it('writes the difference and names what will be ours', () => {
    expect(decide({ ...next, issue: issue([bob, stranger]) })).toEqual({
      kind: 'write',
      change: { add: [carol], remove: [bob] },
      ours: [carol],
      linkStatus: 'ok',
      inflight: null,
    });
  });

  it('is synced without a write when the tracker shows it already', () => {
    const decision = decide({ ...next, issue: issue([carol]) });
    expect(decision).toMatchObject({ kind: 'inSync', ours: [carol], linkStatus: 'ok' });
    expect(planOf(decision)).toEqual({ add: [], remove: [] });
  });

  it('claims the account as the tracker writes it', () => {
    const renamed = { externalId: 'carol', externalName: 'carol-new' };
    expect(decide({ ...next, issue: issue([renamed]) })).toMatchObject({ ours: [renamed] });
  });

  it('leaves the issue to the policy when nobody there stands for the assignee', () => {
    const keep = decide({ version: 4, goal: { kind: 'unmapped', policy: 'keep' } });
    expect(keep).toMatchObject({ kind: 'inSync', ours: [bob], linkStatus: 'unmapped' });
    const clear = decide({ version: 4, goal: { kind: 'unmapped', policy: 'clear' } });
    expect(clear).toMatchObject({ kind: 'write', ours: [], linkStatus: 'unmapped' });
    expect(planOf(clear)).toEqual({ add: [], remove: [bob] });
  });

  it('takes away what a worker that never came back may have put there, and looks again', () => {
    const link = { ...synced, inflight: { add: stranger } };
    expect(decide({ ...next, link, issue: issue([bob, stranger]) })).toEqual({
      kind: 'write',
      change: { add: [carol], remove: [bob, stranger] },
      ours: [carol, stranger],
      linkStatus: 'ok',
      inflight: { add: stranger },
    });
  });

  it('keeps a write that may still land until the look that comes after it', () => {
    const inflight = { add: null };
    const link = { ...synced, inflight };
    const gone = { link, issue: issue([]) };
    expect(decide({ link, issue: issue([bob]) })).toMatchObject({ kind: 'inSync', inflight });
    // Whatever it took away is no news.
    expect(decide({ ...gone, onDrift: 'adopt' })).toMatchObject({ kind: 'write', inflight });
    const last = decide({ ...gone, onDrift: 'repair' });
    expect(last).toMatchObject({ kind: 'write', change: { add: [bob] }, inflight: null });
    expect(decide({ ...gone, ...next, onDrift: 'repair' })).toMatchObject({ inflight });
  });

  it('that came from this very issue yields to what the issue says by now', () => {
    const came = { ...next, cameFromHere: true, issue: issue([stranger]) };
    expect(decide(came)).toEqual({ kind: 'adopt' });
    expect(decide({ ...came, cameFromHere: false }).kind).toBe('write');
  });

  it('reads again when the answer is older than what was seen', () => {
    expect(decide({ ...next, issue: issue([], 3_000) })).toEqual({ kind: 'reread' });
  });
});

describe('a link that is synced', () => {
  it.each<[string, Parameters<typeof decide>[0], string]>([
    ['rests while our person is there', {}, 'inSync'],
    ['rests while others come', { issue: issue([bob, stranger]) }, 'inSync'],
    ['adopts a change whose webhook was lost', { issue: issue([carol]) }, 'adopt'],
    ['adopts that everybody left', { issue: issue([]) }, 'adopt'],
    [
      'adopts a newcomer where nobody is assigned here',
      { goal: { kind: 'nobody' }, link: { ...synced, ours: [] }, issue: issue([bob, carol]) },
      'adopt',
    ],
    [
      'rests when a stranger leaves and nobody is assigned here',
      { goal: { kind: 'nobody' }, link: { ...synced, ours: [] }, issue: issue([]) },
      'inSync',
    ],
    [
      'repairs what a late write of our own did',
      { onDrift: 'repair', issue: issue([carol]) },
      'write',
    ],
    [
      'waits for what a replica may not know yet: our own write of the same second',
      { link: writtenAt5, issue: issue([]), nowMs: 14_999 },
      'wait',
    ],
    [
      'adopts what was done right after our own write, in the same second',
      { link: writtenAt5, issue: issue([]), nowMs: 15_000 },
      'adopt',
    ],
    [
      'rests at once where our own write is to be seen',
      { link: writtenAt5, nowMs: 5_100 },
      'inSync',
    ],
    [
      'is not kept waiting by a clock that is far ahead',
      { link: writtenAt5, issue: issue([]), nowMs: -60_000 },
      'adopt',
    ],
    [
      'leaves people what they did right after our own write when nothing may come back',
      { reverse: false, link: writtenAt5, issue: issue([]), nowMs: 5_100 },
      'inSync',
    ],
    [
      'leaves people their change when nothing may come back',
      { reverse: false, issue: issue([carol]) },
      'inSync',
    ],
    ['adopts with the way out switched off', { forward: false, issue: issue([carol]) }, 'adopt'],
    [
      'only looks with the way out switched off',
      { forward: false, issue: issue([bob]) },
      'observe',
    ],
    [
      'only looks with both ways switched off',
      { forward: false, reverse: false, issue: issue([carol]) },
      'observe',
    ],
  ])('%s', (_, overrides, kind) => {
    expect(decide(overrides).kind).toBe(kind);
  });

  it("writes nothing over a stranger's choice until the assignment changes here", () => {
    const link: LinkState = {
      ...synced,
      heldVersion: 3,
      lastExternal: {
        assignees: [stranger],
        status: 'open',
        externalVersion: { atMs: 5_000, rev: null },
      },
    };
    const held = decide({ link, issue: issue([stranger]), onDrift: 'repair' });
    expect(held).toMatchObject({ kind: 'inSync', linkStatus: 'unmapped' });
    expect(decide({ link, version: 4, issue: issue([stranger]) }).kind).toBe('write');
  });
});

describe('after a write', () => {
  it.each([
    ['all is well', { add: [bob], remove: [carol] }, [bob, stranger], null],
    [
      'a person who was dropped in silence',
      { add: [bob], remove: [] },
      [],
      'The tracker did not assign bob. Check whether the account may be assigned to the issue.',
    ],
    [
      'a person who would not go',
      { add: [], remove: [carol] },
      [carol],
      'The tracker did not unassign carol.',
    ],
  ])('%s', (_, change, assignees, expected) => {
    expect(refusalIn(change, { assignees }, many)).toBe(expected);
  });
});

describe('linking an issue', () => {
  it.each([
    ['takes its assignee over when nobody is assigned here', false, true, true, 'adopt'],
    ['pushes ours when both have one', true, true, true, 'push'],
    ['pushes ours when only we have one', true, false, true, 'push'],
    ['takes nothing over when that way is off', false, true, false, 'push'],
  ] as const)('%s', (_, assignedHere, assignedThere, reverse, expected) => {
    expect(directionAtLinkTime({ assignedHere, assignedThere, reverse })).toBe(expected);
  });
});
