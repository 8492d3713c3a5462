import type { Team } from '../../domain/directory.ts';
import { notFound } from '../../domain/errors.ts';
import { toOrganizationEventRecord, toTeamEventRecord } from '../../domain/events.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import { namesChanged } from '../../domain/ownership/project-ownership.ts';
import { commitWithRetry } from '../../retry.ts';
import type { MembershipStore } from '../../stores/directory/memberships.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { type ForgetNamesDeps, forgetNames } from '../ownership/forget-rules.ts';

export type TeamMembershipDeps = ForgetNamesDeps & {
  readonly organizations: Pick<OrganizationStore, 'membersAmong'>;
  readonly memberships: Pick<MembershipStore, 'join' | 'leave'>;
  readonly clock: Clock;
  readonly newEventId: () => string;
};

type TeamMembership = { readonly team: Team; readonly userId: UserId };

/**
 * Makes a member of the organization a member of one of its teams; false where they were one.
 * Throws `resource.not_found` for somebody who is no member of the organization, and for a team
 * that is gone.
 */
export async function joinTeam(
  deps: TeamMembershipDeps,
  { team, userId, initiator }: TeamMembership & { readonly initiator: Initiator },
): Promise<boolean> {
  await requireMember(deps, team.organizationId, userId);
  const { id: teamId, organizationId } = team;
  const event = toOrganizationEventRecord(namesChanged(['memberships'], userId), {
    ...eventContext(deps, initiator, deps.clock()),
    organizationId,
  });
  const outcome = await commitWithRetry(() =>
    deps.memberships.join({ organizationId, teamId, userId, isActive: true }, event),
  );
  if (outcome.committed) {
    await forgetNames(deps, organizationId);
    return true;
  }
  if (outcome.refused.includes('team') || outcome.refused.includes('member')) {
    throw notFound();
  }
  return false;
}

/**
 * Ends a membership in a team. What is assigned stays assigned; that the member no longer follows
 * the team's issues comes after the event. Throws `resource.not_found` for somebody who is not in
 * the team.
 */
export async function leaveTeam(
  deps: TeamMembershipDeps,
  { team, userId, initiator }: TeamMembership & { readonly initiator: Initiator },
): Promise<void> {
  const { id: teamId, organizationId } = team;
  const event = toTeamEventRecord(
    { type: 'team.member_left', version: 1, data: { userId } },
    { ...eventContext(deps, initiator, deps.clock()), organizationId, teamId },
  );
  const outcome = await commitWithRetry(() =>
    deps.memberships.leave({ organizationId, teamId, userId }, event),
  );
  if (!outcome.committed) {
    throw notFound();
  }
  await forgetNames(deps, organizationId);
}

async function requireMember(
  { organizations }: TeamMembershipDeps,
  organizationId: OrganizationId,
  userId: UserId,
): Promise<void> {
  const members = await organizations.membersAmong(organizationId, [userId]);
  if (!members.has(userId)) {
    throw notFound();
  }
}
