import { describe, expect, it } from 'vitest';
import type { OwnerTeam } from '../../../shared/domain/issues/group.ts';
import {
  chooseOwnerTeam,
  endOwnerTeam,
  inheritOwnerTeam,
  ownerTeamByRules,
  ownerTeamOf,
} from '../../../shared/domain/issues/owner-team.ts';
import { changes, group } from '../../support/builders.ts';

const byRules = (teamId: string | null, version = 3): OwnerTeam => ({
  teamId,
  isManual: false,
  version,
});
const byPerson = (teamId: string, version = 3): OwnerTeam => ({ teamId, isManual: true, version });
const ownedBy = (ownerTeam?: OwnerTeam) =>
  changes({ group: group(ownerTeam === undefined ? {} : { ownerTeam }) });
const team = (id: string | null) => (id === null ? null : { type: 'team', id });

describe('which team owns an issue', () => {
  it.each([
    // before, what happens -> after; whether it is told
    ['a person chooses', undefined, 'choose', '21', byPerson('21', 1), true],
    ['a person chooses another', byRules('22'), 'choose', '21', byPerson('21', 4), true],
    ['a person confirms what rules say', byRules('21'), 'choose', '21', byPerson('21'), false],
    ['a person repeats it', byPerson('21'), 'choose', '21', byPerson('21'), false],
    ['a person takes it back', byPerson('21'), 'choose', null, byRules(null, 4), true],
    ['there is nothing to take back', undefined, 'choose', null, undefined, false],
    ['rules say so', undefined, 'rules', '21', byRules('21', 1), true],
    ['rules say another', byRules('22'), 'rules', '21', byRules('21', 4), true],
    ['rules say the same', byRules('21'), 'rules', '21', byRules('21'), false],
    ['rules name no team', byRules('21'), 'rules', null, byRules(null, 4), true],
    ['rules name none, and there was none', undefined, 'rules', null, undefined, false],
    ['a person has chosen', byPerson('22'), 'rules', '21', byPerson('22'), false],
    ['a person has taken it back', byRules(null, 4), 'rules', '21', byRules('21', 5), true],
    ['the team is gone', byPerson('21'), 'end', '21', byRules(null, 4), true],
    ['another team is gone', byPerson('21'), 'end', '22', byPerson('21'), false],
  ] as const)('where %s', (_, before, what, teamId, after, isTold) => {
    const start = ownedBy(before);
    const next = {
      choose: () => chooseOwnerTeam(start, teamId),
      rules: () => ownerTeamByRules(start, teamId),
      end: () => endOwnerTeam(start, teamId ?? ''),
    }[what]();
    expect(next.group.ownerTeam).toEqual(after);
    expect(next.events).toEqual(
      isTold
        ? [
            {
              type: 'issue.owner_changed',
              version: after?.version,
              data: {
                previous: team(before?.teamId ?? null),
                current: team(after?.teamId ?? null),
                source: what === 'rules' ? 'auto' : null,
              },
            },
          ]
        : [],
    );
    if (!isTold && before?.isManual === after?.isManual) {
      expect(next).toBe(start);
    }
    expect(next.activities).toEqual([]);
  });

  it.each([
    ['none of both', undefined, undefined, undefined],
    ['the child’s alone', undefined, byPerson('21', 9), byPerson('21', 1)],
    ['the child’s, by rules', byRules(null, 4), byRules('21', 9), byRules('21', 5)],
    ['its own', byRules('22'), byPerson('21'), byRules('22')],
    ['none, though the child had one once', undefined, byRules(null, 2), undefined],
  ])('a merge leaves %s', (_, primary, child, after) => {
    expect(inheritOwnerTeam(ownedBy(primary), child).group.ownerTeam).toEqual(after);
  });

  it('is an actor, or nobody', () => {
    expect(ownerTeamOf(group())).toBeNull();
    expect(ownerTeamOf(group({ ownerTeam: byRules(null) }))).toBeNull();
    expect(ownerTeamOf(group({ ownerTeam: byRules('21') }))).toEqual({ type: 'team', id: '21' });
  });
});
