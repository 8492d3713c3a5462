import type { BusEvent } from '../../domain/events.ts';
import type { CascadeTime } from '../deps.ts';
import { type CascadeTeamDeps, cascadeTeam } from './cascade-team.ts';
import { type LeaveProjectDeps, leaveProject } from './clear-owner-team.ts';

/** What follows from the end of a team, and from its leaving a project. */
export async function followTeam(
  deps: CascadeTeamDeps & LeaveProjectDeps,
  { type, detail }: BusEvent<'team.deleted' | 'project.team_removed'>,
  time: CascadeTime,
): Promise<void> {
  const { organizationId, requestId } = detail;
  if (type === 'project.team_removed') {
    const { projectId, version, data } = detail;
    return leaveProject(deps, { ...time, ...data, organizationId, projectId, version, requestId });
  }
  const { teamId: id, ...rest } = detail.data;
  return cascadeTeam(deps, { ...time, team: { id, organizationId, ...rest }, requestId });
}
