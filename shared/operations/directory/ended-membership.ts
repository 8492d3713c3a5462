import type { TeamMembership } from '../../domain/directory.ts';
import { toTeamEventRecord } from '../../domain/events.ts';
import type { EndedMembership } from '../../stores/directory/directory-removal.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';

/** The end of a membership in a team, with the event that tells of it. */
export function endedMembership(
  deps: { readonly clock: Clock; readonly newEventId: () => string },
  { organizationId, teamId, userId }: Omit<TeamMembership, 'isActive'>,
  initiator: Initiator,
): EndedMembership {
  return {
    membership: { organizationId, teamId, userId },
    event: toTeamEventRecord(
      { type: 'team.member_left', version: 1, data: { userId } },
      { ...eventContext(deps, initiator, deps.clock()), organizationId, teamId },
    ),
  };
}
