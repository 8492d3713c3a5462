import { activeMembers, type Team, type TeamRoster } from '../../domain/directory.ts';
import type { TeamId, UserId } from '../../domain/ids.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';

export type TeamPeopleDeps = {
  readonly teams: Pick<TeamStore, 'roster'>;
  readonly users: Pick<UserStore, 'activeAmong'>;
};

/**
 * Which of a roster's users have an active account. One round trip for 100 of them; none for an
 * empty roster.
 */
export function activeAccountsOf(
  { users }: Pick<TeamPeopleDeps, 'users'>,
  roster: TeamRoster | undefined,
): Promise<Set<string>> {
  return users.activeAmong((roster?.memberships ?? []).map(({ userId }) => userId));
}

/** A team with its people; undefined where there is no such team. Two round trips. */
export async function readTeamPeople(
  deps: TeamPeopleDeps,
  teamId: TeamId,
): Promise<{ readonly team: Team; readonly userIds: readonly UserId[] } | undefined> {
  const roster = await deps.teams.roster(teamId);
  if (roster === undefined) {
    return undefined;
  }
  const userIds = activeMembers(roster, await activeAccountsOf(deps, roster));
  return { team: roster.team, userIds };
}
