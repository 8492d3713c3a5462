import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../shared/domain/actor.ts';
import { DomainError } from '../../../shared/domain/errors.ts';
import {
  decideAutoAssignment,
  type GroupOwner,
  type GroupOwnerType,
} from '../../../shared/domain/ownership/auto-assignment.ts';
import {
  assigneeGate,
  debounceGate,
  EVALUATED_GROUPS_PER_WINDOW,
  killSwitchGate,
  manualGate,
  rateLimitGate,
  settingGate,
} from '../../../shared/domain/ownership/gates.ts';
import {
  autoAssignmentText,
  defaultAutoAssignment,
  parseAutoAssignment,
} from '../../../shared/domain/ownership/settings.ts';

const core: Actor = { type: 'team', id: '21' };
const bob: Actor = { type: 'user', id: '12' };
const carol: Actor = { type: 'user', id: '13' };

function owner(type: GroupOwnerType, actor: Actor | null, minute = 0): GroupOwner {
  const rule = type === 'suspectCommit' ? null : `${type}:rule`;
  return { type, actor, rule, dateAdded: `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z` };
}

type Facts = Parameters<typeof decideAutoAssignment>[0];

function decide(facts: Partial<Facts>) {
  return decideAutoAssignment({
    settings: defaultAutoAssignment,
    owners: [owner('ownershipRule', core)],
    exists: () => true,
    latestAssignment: null,
    assignee: null,
    ...facts,
  });
}

const both = { autoAssignment: true, suspectCommitterAutoAssignment: true };
const off = { autoAssignment: false, suspectCommitterAutoAssignment: false };
const commitsOnly = { autoAssignment: false, suspectCommitterAutoAssignment: true };

describe('an issue assigns itself', () => {
  const every = [
    owner('codeowners', bob, 0),
    owner('ownershipRule', core, 2),
    owner('ownershipRule', bob, 1),
    owner('suspectCommit', carol, 3),
  ];
  it.each<[string, Partial<Facts>, Actor]>([
    ['to the owner of a rule', {}, core],
    ['to a commit’s author before the owner of a rule', { owners: every, settings: both }, carol],
    ['to the owner of the rule that won first', { owners: every }, bob],
    [
      'to the owner of a CODEOWNERS line that won before a rule',
      { owners: [owner('ownershipRule', core, 1), owner('codeowners', bob, 0)] },
      bob,
    ],
    [
      'to a commit’s author where only these are allowed',
      { owners: every, settings: commitsOnly },
      carol,
    ],
    [
      'to the first who is somebody',
      { owners: [owner('ownershipRule', null), owner('codeowners', bob, 1)] },
      bob,
    ],
    [
      'after an assignment that came from a chat',
      { latestAssignment: { integration: 'slack' } },
      core,
    ],
    ['beside an assignee, which then stays', { assignee: bob }, core],
    [
      'over a person’s decision when forced',
      { latestAssignment: { integration: null }, force: true },
      core,
    ],
  ])('%s', (_, facts, actor) => {
    expect(decide(facts).verdict).toMatchObject({ verdict: 'assign', actor });
  });

  it.each<[string, Partial<Facts>, string]>([
    ['the setting is off', { settings: off }, 'setting'],
    ['nobody is suggested', { owners: [] }, 'noCandidate'],
    [
      'only a commit’s author is, which the setting rules out',
      { owners: [owner('suspectCommit', bob)] },
      'noCandidate',
    ],
    [
      'the candidate is gone, even with another behind',
      {
        exists: (actor) => actor !== core,
        owners: [owner('ownershipRule', core), owner('ownershipRule', bob, 1)],
      },
      'ownerGone',
    ],
    ['a person assigned it last', { latestAssignment: { integration: null } }, 'manual'],
    ['the candidate has it already', { assignee: { ...core } }, 'alreadyAssigned'],
  ])('not when %s', (_, facts, reason) => {
    expect(decide(facts).verdict).toEqual({ verdict: 'stop', reason });
  });

  it.each<[GroupOwnerType, object, string]>([
    ['suspectCommit', { integration: 'suspectCommitter' }, 'suspectcommit.assignment'],
    [
      'ownershipRule',
      { integration: 'projectOwnership', rule: 'ownershipRule:rule' },
      'issueowners.assignment',
    ],
    ['codeowners', { integration: 'codeowners', rule: 'codeowners:rule' }, 'codeowners.assignment'],
  ])('and tells why: %s', (type, extra, analytics) => {
    const { verdict } = decide({ owners: [owner(type, bob)], settings: both });
    expect(verdict).toMatchObject({ extra, analytics, createOnly: true, forceAutoassign: false });
  });

  it('replaces an assignee only when forced', () => {
    expect(decide({ assignee: bob, force: true }).verdict).toMatchObject({
      createOnly: false,
      forceAutoassign: true,
    });
  });

  it('tells of both gates, whichever stopped it', () => {
    const { gates } = decide({ settings: off, latestAssignment: { integration: null } });
    expect(gates.map(({ gate, stopped }) => [gate, stopped])).toEqual([
      ['setting', true],
      ['manual', true],
    ]);
  });
});

describe('a gate', () => {
  it.each([
    ['an assignee stops', assigneeGate(true), 'assignee', true],
    ['no assignee lets through', assigneeGate(false), 'assignee', false],
    ['an evaluation stops the next', debounceGate(100.5, null), 'debounce', true],
    ['newer rules let through', debounceGate(100.5, 101), 'debounce', false],
    ['rules of the same moment let through', debounceGate(100.5, 100.5), 'debounce', false],
    ['older rules do not', debounceGate(100.5, 100), 'debounce', true],
    ['no evaluation lets through', debounceGate(null, null), 'debounce', false],
    ['the 50th issue passes', rateLimitGate(50, EVALUATED_GROUPS_PER_WINDOW), 'rateLimit', false],
    ['the 51st does not', rateLimitGate(51, EVALUATED_GROUPS_PER_WINDOW), 'rateLimit', true],
    ['a project that is named is switched off', killSwitchGate(['31'], '31'), 'killSwitch', true],
    ['a project named by a number too', killSwitchGate([31], '31'), 'killSwitch', true],
    ['another project is not', killSwitchGate(['32'], '31'), 'killSwitch', false],
    [
      'an option of another shape switches nothing off',
      killSwitchGate('31', '31'),
      'killSwitch',
      false,
    ],
    ['a person’s assignment stops', manualGate({ integration: null }, false), 'manual', true],
    ['a rule’s does not', manualGate({ integration: 'codeowners' }, false), 'manual', false],
    ['no assignment lets through', manualGate(null, false), 'manual', false],
    ['force passes', manualGate({ integration: null }, true), 'manual', false],
    ['a setting that is off stops', settingGate(off), 'setting', true],
    ['a setting for commits only lets through', settingGate(commitsOnly), 'setting', false],
  ])('%s', (_, gate, name, stopped) => {
    expect(gate).toMatchObject({ gate: name, stopped });
    expect(gate.detail).toMatch(/\.$/);
  });
});

describe('the setting', () => {
  it.each([
    ['Auto Assign to Issue Owner', defaultAutoAssignment],
    ['Auto Assign to Suspect Commits', both],
    ['Turn off Auto-Assignment', off],
  ])('%s reads and prints', (text, flags) => {
    expect(parseAutoAssignment(text)).toEqual(flags);
    expect(autoAssignmentText(flags)).toBe(text);
  });

  it('without owners by rule prints as off', () => {
    expect(autoAssignmentText(commitsOnly)).toBe('Turn off Auto-Assignment');
  });

  it.each([['auto assign to issue owner'], [''], [null], [true], ['toString'], [{}]])(
    'refuses %j',
    (text) => {
      expect(() => parseAutoAssignment(text)).toThrow(DomainError);
      try {
        parseAutoAssignment(text);
      } catch (error) {
        expect(error).toMatchObject({ fields: { autoAssignment: ['Invalid selection.'] } });
      }
    },
  );
});
