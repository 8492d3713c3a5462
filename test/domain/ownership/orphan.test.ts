import { describe, expect, it } from 'vitest';
import type { UserProfile } from '../../../shared/domain/directory.ts';
import type { Candidate } from '../../../shared/domain/issues/assignable.ts';
import { assign, deassign } from '../../../shared/domain/issues/assignment.ts';
import {
  isHeldBy,
  listOrphan,
  markOrphaned,
  orphanCauseOf,
  unmarkOrphaned,
} from '../../../shared/domain/ownership/orphan.ts';
import {
  assignment,
  changes,
  group,
  NOW,
  organization,
  profile,
  project,
  team,
  teamAssignee,
  user,
} from '../../support/builders.ts';

const person = (given: Partial<UserProfile> = {}): Candidate => ({
  type: 'user',
  profile: profile(given),
});
const stranger: Candidate = { type: 'user', profile: undefined };
const core: Candidate = {
  type: 'team',
  roster: { team: team(), memberships: [] },
  activeAccounts: new Set(),
};
const elsewhere: Candidate = {
  type: 'team',
  roster: { team: team({ organizationId: '2' }), memberships: [] },
  activeAccounts: new Set(),
};
const noTeam: Candidate = { type: 'team', roster: undefined, activeAccounts: new Set() };
const off = { user: user({ isActive: false }) };

describe('why a holder may not hold issues of a project', () => {
  const of = (
    holder: Candidate,
    more: { open?: boolean; teams?: readonly string[]; left?: boolean } = {},
  ) =>
    orphanCauseOf({
      holder,
      organization: organization({ openMembership: more.open ?? false }),
      project: { project: project(), teamIds: more.teams ?? ['21'] },
      teamHasLeft: more.left ?? false,
    });

  it.each([
    ['a member of a team of the project', person(), {}, null],
    ['a member without a team', person({ teams: [] }), {}, 'no_access'],
    ['the same under open membership', person({ teams: [] }), { open: true }, null],
    ['a member whose team is not on it', person(), { teams: ['22'] }, 'no_access'],
    ['who is no member', person({ members: [] }), { open: true }, 'left'],
    ['who is no member, and switched off', person({ ...off, members: [] }), {}, 'left'],
    ['who is nobody', stranger, {}, 'left'],
    ['whose account is off', person(off), { open: true }, 'deactivated'],
    ['a team of the project', core, {}, null],
    ['a team that is not on it', core, { teams: [] }, 'team_left'],
    ['the same under open membership', core, { open: true, teams: [] }, null],
    ['the same where it has left', core, { open: true, teams: [], left: true }, 'team_left'],
    ['a team that left and is back', core, { open: true, left: true }, null],
    ['a team that is gone', noTeam, { open: true }, 'team_left'],
    ['a team of another organization', elsewhere, { open: true }, 'team_left'],
  ] as const)('%s', (_, holder, more, cause) => {
    expect(of(holder, more)).toBe(cause);
  });
});

describe('the note of an orphan', () => {
  it('is made once, with one event, and leaves the version alone', () => {
    const noted = markOrphaned(changes({ assignment: assignment() }), 'left');
    expect(noted.assignment).toEqual({
      ...assignment(),
      subscriptionsVersion: 1,
      orphan: { cause: 'left', since: NOW, isListed: true },
    });
    expect(noted.events).toEqual([
      {
        type: 'issue.orphaned',
        version: 1,
        data: { assignee: { type: 'user', id: '11' }, cause: 'left' },
      },
    ]);
    expect(noted.activities).toEqual([]);
    expect(markOrphaned(noted, 'left')).toBe(noted);
    expect(markOrphaned(noted, 'no_access').assignment?.orphan?.cause).toBe('no_access');
    expect(unmarkOrphaned(noted).assignment).toEqual(assignment({ subscriptionsVersion: 2 }));
  });

  it('is not made of what nobody holds', () => {
    const nobody = changes({ assignment: assignment({ assignee: null, dateAssigned: null }) });
    expect(markOrphaned(nobody, 'left')).toBe(nobody);
    expect(unmarkOrphaned(nobody)).toBe(nobody);
  });

  it('is listed while the issue is open', () => {
    const noted = markOrphaned(changes({ assignment: assignment() }), 'left');
    expect(listOrphan(noted)).toBe(noted);
    const resolved = listOrphan({ ...noted, group: group({ status: 'resolved' }) });
    expect(resolved.assignment?.orphan?.isListed).toBe(false);
    expect(listOrphan({ ...resolved, group: group() }).assignment?.orphan?.isListed).toBe(true);
    const unnoted = changes({ assignment: assignment(), group: group({ status: 'resolved' }) });
    expect(listOrphan(unnoted)).toBe(unnoted);
  });

  it('ends with the assignment', () => {
    const orphan = { cause: 'left', since: NOW, isListed: true } as const;
    const held = changes({ assignment: assignment({ orphan }), actingUserId: null });
    for (const { changes: after } of [
      deassign(held, { reason: 'orphaned' }),
      assign(held, teamAssignee()),
    ]) {
      expect(after.assignment).not.toHaveProperty('orphan');
      expect(after.assignment?.version).toBe(2);
    }
  });
});

it('an assignment that ends as an orphan says why, and forgets that a person made it', () => {
  const { changes: ended } = deassign(changes({ assignment: assignment(), actingUserId: null }), {
    reason: 'orphaned',
  });
  expect(ended.assignment).toMatchObject({ assignee: null, lastAssignedManually: null });
  expect(ended.activities).toMatchObject([
    { type: 'unassigned', userId: null, data: { reason: 'orphaned' } },
  ]);
  expect(ended.events).toMatchObject([{ type: 'issue.unassigned', version: 2 }]);
});

it.each([
  ['unresolved', '11', true],
  ['unresolved', '12', false],
  ['resolved', '11', false],
  ['ignored', '11', false],
] as const)('an issue that is %s is held by its holder, asked of %s: %s', (status, id, held) => {
  const facts = changes({ group: group({ status }), assignment: assignment() }).facts;
  expect(isHeldBy(facts, { type: 'user', id })).toBe(held);
});
