import { notFound } from '../../domain/errors.ts';
import type { OrganizationId, TeamId } from '../../domain/ids.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { PendingMemberStore } from '../../stores/directory/pending-members.ts';

export type PendingTeamsDeps = {
  readonly pendingMembers: Pick<PendingMemberStore, 'byId' | 'update'>;
};

export type PendingTeamChange = {
  readonly organizationId: OrganizationId;
  readonly memberId: string;
  readonly teamId: TeamId;
  readonly isMember: boolean;
};

/**
 * Puts somebody who is pending on the list of a team, or takes them off; false where nothing
 * changes. Throws `resource.not_found` for who is not pending, and not in the team to be taken off.
 */
export function changePendingTeam(
  { pendingMembers }: PendingTeamsDeps,
  { organizationId, memberId, teamId, isMember }: PendingTeamChange,
): Promise<boolean> {
  return redecide(async () => {
    const pending = await pendingMembers.byId(organizationId, memberId);
    if (pending === undefined) {
      throw notFound();
    }
    const { role, teamIds } = pending;
    const after = isMember ? withTeam(teamIds, teamId) : withoutTeam(teamIds, teamId);
    if (after.length === teamIds.length) {
      return false;
    }
    const outcome = await pendingMembers.update(pending, { role, teamIds: after }, new Map());
    return outcome.committed ? true : AGAIN;
  });
}

function withTeam(teamIds: readonly TeamId[], teamId: TeamId): string[] {
  return [...new Set([...teamIds, teamId])];
}

function withoutTeam(teamIds: readonly TeamId[], teamId: TeamId): string[] {
  if (!teamIds.includes(teamId)) {
    throw notFound();
  }
  return teamIds.filter((id) => id !== teamId);
}
