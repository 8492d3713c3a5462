import type { Member, MemberRole, TeamMembership } from '../../domain/directory.ts';
import { invalidFields, notFound } from '../../domain/errors.ts';
import { toOrganizationEventRecord } from '../../domain/events.ts';
import type { OrganizationId, TeamId, UserId } from '../../domain/ids.ts';
import { changeTeams, type TeamsChange } from '../../domain/membership.ts';
import { namesChanged } from '../../domain/ownership/project-ownership.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { MembershipStore } from '../../stores/directory/memberships.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { PendingMemberStore } from '../../stores/directory/pending-members.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import type { FindTeamDeps } from '../lookup/find-team.ts';
import { type ForgetNamesDeps, forgetNames } from '../ownership/forget-rules.ts';
import { endedMembership } from './ended-membership.ts';
import { rolesBehind } from './roles-behind.ts';
import { teamsOfRoles, unknownTeams } from './team-roles.ts';

export type UpdateMemberDeps = FindTeamDeps &
  ForgetNamesDeps & {
    readonly users: Pick<UserStore, 'profile' | 'activeAmong'>;
    readonly organizations: Pick<OrganizationStore, 'member' | 'members'>;
    readonly memberships: Pick<MembershipStore, 'changeMember'>;
    readonly pendingMembers: Pick<PendingMemberStore, 'byId' | 'update'>;
    readonly clock: Clock;
    readonly newEventId: () => string;
  };

export type UpdateMemberInput = {
  readonly organizationId: OrganizationId;
  /** The user's id, or that of somebody who is pending. */
  readonly memberId: string;
  /** Null keeps the role that they have. */
  readonly role: MemberRole | null;
  /** Slugs or ids of all the teams that they are to be in; null keeps those that there are. */
  readonly teams: readonly string[] | null;
  /** Whether the token has `org:admin`, which counts where it has no user. */
  readonly isOrganizationAdmin: boolean;
  readonly initiator: Initiator;
};

/** Each is three of the hundred writes of a transaction. */
const MOST_CHANGED_TEAMS = 30;

/**
 * Changes the role and the teams of a member, or of somebody who is pending. Everything is
 * committed together, or nothing; nothing is written where nothing changes.
 *
 * @throws DomainError `resource.not_found` for who is neither, `access.forbidden` for a role above
 * that of who changes it, `request.invalid` for a team that is not there and for the role of the
 * only owner
 */
export async function updateMember(
  deps: UpdateMemberDeps,
  input: UpdateMemberInput,
): Promise<void> {
  const { organizationId, teams: named } = input;
  const teamIds = named && (await teamsOfRoles(deps, organizationId, named));
  await redecide(async () => {
    const profile = await deps.users.profile(input.memberId);
    const ofOrganization = ({ organizationId }: { readonly organizationId: OrganizationId }) =>
      organizationId === input.organizationId;
    const member = profile?.members.find(ofOrganization);
    if (member === undefined) {
      return changePending(deps, input, teamIds);
    }
    const teams = (profile?.teams ?? []).filter(ofOrganization);
    return changeMember(deps, input, { member, teams, teamIds });
  });
}

async function changeMember(
  deps: UpdateMemberDeps,
  input: UpdateMemberInput,
  read: {
    readonly member: Member;
    readonly teams: readonly TeamMembership[];
    readonly teamIds: readonly TeamId[] | null;
  },
): Promise<typeof AGAIN | undefined> {
  const { member } = read;
  const { organizationId, userId } = member;
  const role = input.role ?? member.role;
  const active = read.teams.filter(({ isActive }) => isActive).map(({ teamId }) => teamId);
  const { joined, left } = changeTeams(active, read.teamIds);
  requireFewTeams({ joined, left });
  if (role === member.role && joined.length + left.length === 0) {
    return undefined;
  }
  const behind = await rolesBehind(deps, { ...input, changed: member, role });
  const outcome = await deps.memberships.changeMember({
    member,
    role,
    joined,
    left: left.map((teamId) =>
      endedMembership(deps, { organizationId, teamId, userId }, input.initiator),
    ),
    ...behind,
    event: joined.length === 0 ? null : teamsJoined(deps, input, userId),
  });
  if (!outcome.committed) {
    if (outcome.refused.includes('team')) {
      throw unknownTeams(input.teams ?? []);
    }
    return AGAIN;
  }
  if (joined.length + left.length > 0) {
    await forgetNames(deps, organizationId);
  }
  return undefined;
}

async function changePending(
  deps: UpdateMemberDeps,
  input: UpdateMemberInput,
  wanted: readonly string[] | null,
): Promise<typeof AGAIN | undefined> {
  const pending = await deps.pendingMembers.byId(input.organizationId, input.memberId);
  if (pending === undefined) {
    throw notFound();
  }
  const role = input.role ?? pending.role;
  const { joined, left } = changeTeams(pending.teamIds, wanted);
  if (role === pending.role && joined.length + left.length === 0) {
    return undefined;
  }
  const { roles } = await rolesBehind(deps, { ...input, changed: pending, role });
  const teamIds = wanted ?? pending.teamIds;
  const outcome = await deps.pendingMembers.update(pending, { role, teamIds }, roles);
  return outcome.committed ? undefined : AGAIN;
}

function requireFewTeams({ joined, left }: TeamsChange): void {
  if (joined.length + left.length > MOST_CHANGED_TEAMS) {
    throw invalidFields({
      teamRoles: [`Ensure that no more than ${MOST_CHANGED_TEAMS} teams change.`],
    });
  }
}

function teamsJoined(
  deps: UpdateMemberDeps,
  { organizationId, initiator }: UpdateMemberInput,
  userId: UserId,
) {
  return toOrganizationEventRecord(namesChanged(['memberships'], userId), {
    ...eventContext(deps, initiator, deps.clock()),
    organizationId,
  });
}
