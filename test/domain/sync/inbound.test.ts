import { describe, expect, it } from 'vitest';
import { type ExternalPerson, traitsOf } from '../../../shared/domain/sync/external-issue.ts';
import { claimedBy, decideInboundAssignment } from '../../../shared/domain/sync/inbound.ts';
import { person } from './sync-world.ts';

const many = traitsOf('github');

describe('the people of a tracker, seen from here', () => {
  const [p1, p2, p3] = [person('1'), person('2'), person('3')];
  const candidate = (who: ExternalPerson, userId: string | null) => ({ person: who, userId });

  it.each([
    ['nobody unassigns', [], 'u1', { kind: 'unassign' }],
    [
      'the assignee here stays if among them, wherever in the list',
      [candidate(p2, 'u2'), candidate(p1, 'u1')],
      'u1',
      { kind: 'keep', claim: p1 },
    ],
    [
      'else the first who maps',
      [candidate(p3, null), candidate(p2, 'u2'), candidate(p1, 'u1')],
      'u9',
      { kind: 'assign', userId: 'u2', claim: p2 },
    ],
    [
      'also over a team or nobody',
      [candidate(p1, 'u1')],
      null,
      { kind: 'assign', userId: 'u1', claim: p1 },
    ],
    [
      'nobody maps: nothing changes',
      [candidate(p3, null)],
      'u1',
      { kind: 'unmapped', people: [p3] },
    ],
    [
      'a person without a user is not the unassigned assignee',
      [candidate(p3, null)],
      null,
      { kind: 'unmapped', people: [p3] },
    ],
  ] as const)('%s', (_, candidates, current, expected) => {
    expect(decideInboundAssignment(candidates, current)).toEqual(expected);
  });

  it('claim our slot only when they are applied', () => {
    expect(claimedBy({ kind: 'assign', userId: 'u2', claim: p2 }, [p1], many)).toEqual([p2, p1]);
    expect(claimedBy({ kind: 'keep', claim: p1 }, [p1], many)).toEqual([p1]);
    expect(claimedBy({ kind: 'unmapped', people: [p3] }, [p1], many)).toEqual([p1]);
    expect(claimedBy({ kind: 'unassign' }, [p1], many)).toEqual([p1]);
  });
});
