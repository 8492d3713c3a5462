import type { Team } from '../../shared/domain/directory.ts';
import { requireUser } from '../../shared/http/access.ts';
import type { ApiReply, ApiRequest, Endpoint, RequestOf } from '../../shared/http/api.ts';
import { serializeTeam } from '../../shared/http/serializers/directory/team.ts';
import { describeTeams } from '../../shared/operations/directory/read-directory.ts';
import { joinTeam, leaveTeam } from '../../shared/operations/directory/team-membership.ts';
import { findTeam } from '../../shared/operations/lookup/find-team.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/** Makes a member of an organization a member of one of its teams; 204 for one who was already. */
export const joinOrganizationTeam: Endpoint<'joinTeam', DirectoryWriteDeps> = async (
  deps,
  request,
) => {
  const membership = await membershipOf(deps, request);
  const joined = await joinTeam(deps, { ...membership, initiator: request.initiator });
  return joined ? teamReply(deps, request, membership.team, 201) : { status: 204 };
};

/** Ends a membership in a team; issues that are assigned to the user stay so. */
export const leaveOrganizationTeam: Endpoint<'leaveTeam', DirectoryWriteDeps> = async (
  deps,
  request,
) => {
  const membership = await membershipOf(deps, request);
  await leaveTeam(deps, { ...membership, initiator: request.initiator });
  return teamReply(deps, request, membership.team, 200);
};

/** Members are named by their user's id; `me` is the token's user. */
async function membershipOf(
  deps: DirectoryWriteDeps,
  { caller, organization, params }: RequestOf<'joinTeam' | 'leaveTeam'>,
) {
  const userId = params.member === 'me' ? requireUser(caller) : params.member;
  return { userId, team: await findTeam(deps, organization.id, params.team) };
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
