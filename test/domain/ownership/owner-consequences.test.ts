import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { GroupOwner } from '../../../shared/domain/ownership/auto-assignment.ts';
import type { GateName } from '../../../shared/domain/ownership/gates.ts';
import {
  consequenceOf,
  leadsToAssignment,
  newSuspectsAmong,
  ownersAfter,
} from '../../../shared/domain/ownership/owner-consequences.ts';

const NOW = '2026-11-22T12:00:00.000Z';
const core: Actor = { type: 'team', id: '21' };
const bob: Actor = { type: 'user', id: '12' };
const stored = (type: GroupOwner['type'], actor: Actor, rule: string | null = 'r'): GroupOwner => ({
  type,
  actor,
  rule,
  dateAdded: '2026-01-01T00:00:00.000Z',
});
const suggested = (actor: Actor, rule = 'r') => ({ type: 'ownershipRule', actor, rule }) as const;

describe('the first gate that stops', () => {
  const gate = (name: GateName, stopped: boolean) => ({ gate: name, stopped, detail: '' });
  it.each([
    ['none', [], 'evaluate'],
    ['an assignee', [gate('assignee', true), gate('killSwitch', true)], 'keep'],
    ['the limit', [gate('assignee', false), gate('rateLimit', true)], 'keep'],
    ['the kill switch', [gate('rateLimit', false), gate('killSwitch', true)], 'remove'],
  ])('%s', (_, gates, consequence) => {
    expect(consequenceOf(gates)).toBe(consequence);
  });

  it.each([
    ['keep', 0, false],
    ['keep', 1, true],
    ['remove', 0, true],
    ['evaluate', 0, true],
  ] as const)(
    'after %s with %i new suspects leads to an attempt: %s',
    (consequence, count, expected) => {
      expect(leadsToAssignment(consequence, count)).toBe(expected);
    },
  );
});

describe('owners after an event', () => {
  const nothing = { consequence: 'evaluate', suggested: [], suspects: [], now: NOW } as const;
  it('by rule are replaced, in the order in which they won', () => {
    const before = [stored('suspectCommit', bob, null), stored('ownershipRule', bob)];
    const after = ownersAfter(before, { ...nothing, suggested: [suggested(core), suggested(bob)] });
    expect(after.map(({ type, actor, dateAdded }) => [type, actor?.id, dateAdded])).toEqual([
      ['suspectCommit', '12', before[0]?.dateAdded],
      ['ownershipRule', '21', NOW],
      ['ownershipRule', '12', '2026-11-22T12:00:00.001Z'],
    ]);
  });

  it('stay the same rows where the rules suggest the same again', () => {
    const before = [stored('ownershipRule', core)];
    expect(ownersAfter(before, { ...nothing, suggested: [suggested(core)] })[0]).toBe(before[0]);
    const other = ownersAfter(before, { ...nothing, suggested: [suggested(core, 'other')] });
    expect(other).toEqual([{ ...suggested(core, 'other'), dateAdded: NOW }]);
  });

  it('are bounded, however many a line names and however long it is', () => {
    const many = Array.from({ length: 300 }, (_, id) =>
      suggested({ type: 'user', id: String(id) }, 'x'.repeat(500_000)),
    );
    const after = ownersAfter([], { ...nothing, suggested: many });
    expect(after).toHaveLength(100);
    expect(after[0]?.rule).toHaveLength(2_003);
    expect(ownersAfter(after, { ...nothing, suggested: many })).toEqual(after);
  });

  it.each([
    ['keep', ['suspectCommit', 'ownershipRule']],
    ['remove', ['suspectCommit']],
    ['evaluate', ['suspectCommit']],
  ] as const)('after %s', (consequence, types) => {
    const before = [stored('suspectCommit', bob, null), stored('ownershipRule', core)];
    const after = ownersAfter(before, { ...nothing, consequence });
    expect(after.map(({ type }) => type)).toEqual(types);
  });

  it('are joined by the authors of commits, each once', () => {
    const suspects = [bob, core, bob].map((actor) => ({ actor, commitId: null }));
    expect(newSuspectsAmong(suspects, [stored('suspectCommit', core, null)])).toEqual([
      { actor: bob, commitId: null },
    ]);
  });
});
