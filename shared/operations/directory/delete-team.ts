import { toTeamEventRecord } from '../../domain/events.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { DirectoryRemovalStore } from '../../stores/directory/directory-removal.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { type FindTeamDeps, findTeam } from '../lookup/find-team.ts';
import { type ForgetNamesDeps, forgetNames } from '../ownership/forget-rules.ts';

export type DeleteTeamDeps = FindTeamDeps &
  ForgetNamesDeps & {
    readonly directoryRemoval: Pick<DirectoryRemovalStore, 'removeTeam'>;
    readonly clock: Clock;
    readonly newEventId: () => string;
  };

/**
 * Deletes a team: it is hidden with the commit, and its slug is free. What it holds is
 * unassigned after the event. Throws `resource.not_found` for a team that is not there.
 */
export async function deleteTeam(
  deps: DeleteTeamDeps,
  input: {
    readonly organizationId: OrganizationId;
    /** By id or slug. */
    readonly team: string;
    readonly initiator: Initiator;
  },
): Promise<void> {
  await redecide(async () => {
    const team = await findTeam(deps, input.organizationId, input.team);
    const { id: teamId, organizationId, slug, name, dateCreated } = team;
    const event = toTeamEventRecord(
      { type: 'team.deleted', version: 1, data: { slug, name, dateCreated } },
      { ...eventContext(deps, input.initiator, deps.clock()), organizationId, teamId },
    );
    // Refused for a team that somebody else deleted, which is then not found, or renamed.
    const { committed } = await deps.directoryRemoval.removeTeam(team, event);
    return committed ? undefined : AGAIN;
  });
  await forgetNames(deps, input.organizationId);
}
