import type { Team } from '../../shared/domain/directory.ts';
import { notFound } from '../../shared/domain/errors.ts';
import { requireUser } from '../../shared/http/access.ts';
import type { ApiReply, ApiRequest, Endpoint, RequestOf } from '../../shared/http/api.ts';
import { parseChangedTeamMember } from '../../shared/http/schemas/directory/member.ts';
import { serializeTeamMembership } from '../../shared/http/serializers/directory/member.ts';
import { serializeTeam } from '../../shared/http/serializers/directory/team.ts';
import { changePendingTeam } from '../../shared/operations/directory/pending-teams.ts';
import { describeTeams } from '../../shared/operations/directory/read-directory.ts';
import { readMember } from '../../shared/operations/directory/read-member.ts';
import { joinTeam, leaveTeam } from '../../shared/operations/directory/team-membership.ts';
import { findTeam } from '../../shared/operations/lookup/find-team.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/**
 * Makes a member of an organization a member of one of its teams, or says so for who is pending;
 * 204 for one who was already.
 */
export const joinOrganizationTeam: Endpoint<'joinTeam', DirectoryWriteDeps> = async (
  deps,
  request,
) => {
  const membership = await membershipOf(deps, request);
  const joined = membership.isPending
    ? await changePendingTeam(deps, { ...membership, isMember: true })
    : await joinTeam(deps, { ...membership, initiator: request.initiator });
  return joined ? teamReply(deps, request, membership.team, 201) : { status: 204 };
};

/** Ends a membership in a team; issues that are assigned to the user stay so. */
export const leaveOrganizationTeam: Endpoint<'leaveTeam', DirectoryWriteDeps> = async (
  deps,
  request,
) => {
  const membership = await membershipOf(deps, request);
  if (membership.isPending) {
    await changePendingTeam(deps, { ...membership, isMember: false });
  } else {
    await leaveTeam(deps, { ...membership, initiator: request.initiator });
  }
  return teamReply(deps, request, membership.team, 200);
};

/** Confirms the role of a member in a team; there is one role, so nothing is written. */
export const updateTeamMember: Endpoint<'updateTeamMember', DirectoryWriteDeps> = async (
  deps,
  request,
) => {
  const { memberId, team } = await membershipOf(deps, request);
  const { teams } = await readMember(deps, request.organization.id, memberId);
  if (!teams.some(({ id }) => id === team.id)) {
    throw notFound();
  }
  parseChangedTeamMember(request.body);
  return { status: 200, body: serializeTeamMembership() };
};

/** Members are named by their user's id, who is pending by their own; `me` is the token's user. */
async function membershipOf(
  deps: DirectoryWriteDeps,
  {
    caller,
    organization: { id: organizationId },
    params,
  }: RequestOf<'joinTeam' | 'leaveTeam' | 'updateTeamMember'>,
) {
  const memberId = params.member === 'me' ? requireUser(caller) : params.member;
  const [team, pending] = await Promise.all([
    findTeam(deps, organizationId, params.team),
    deps.pendingMembers.byId(organizationId, memberId),
  ]);
  const isPending = pending !== undefined;
  return { organizationId, memberId, userId: memberId, team, teamId: team.id, isPending };
}

async function teamReply(
  deps: DirectoryWriteDeps,
  { caller }: ApiRequest,
  team: Team,
  status: number,
): Promise<ApiReply> {
  const described = await describeTeams(deps, [team], caller.userId);
  const [body] = described.map((found) => serializeTeam(found.team, found, caller.scopes));
  return { status, body };
}
