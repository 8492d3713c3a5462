import { notFound } from '../../domain/errors.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { PendingMemberStore } from '../../stores/directory/pending-members.ts';

export type PendingTeamsDeps = {
  readonly pendingMembers: Pick<PendingMemberStore, 'byId' | 'update'>;
};

/**
 * Puts somebody who is pending on the list of a team, or takes them off; false where nothing
 * changes. Throws `resource.not_found` for who is not pending, and not in the team to be taken off.
 */
export function changePendingTeam(
  { pendingMembers }: PendingTeamsDeps,
  {
    organizationId,
    memberId,
    teamId,
    isMember,
  }: {
    readonly organizationId: string;
    readonly memberId: string;
    readonly teamId: string;
    readonly isMember: boolean;
  },
): Promise<boolean> {
  return redecide(async () => {
    const pending = await pendingMembers.byId(organizationId, memberId);
    if (pending === undefined) {
      throw notFound();
    }
    const { role, teamIds } = pending;
    if (teamIds.includes(teamId) === isMember) {
      if (isMember) {
        return false;
      }
      throw notFound();
    }
    const after = isMember ? [...teamIds, teamId] : teamIds.filter((id) => id !== teamId);
    const outcome = await pendingMembers.update(pending, { role, teamIds: after }, new Map());
    return outcome.committed ? true : AGAIN;
  });
}
