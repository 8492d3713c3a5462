import type { Team } from '../../shared/domain/directory.ts';
import { organizationOf, requireScope, requireUser } from '../../shared/http/access.ts';
import type { ApiReply, ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { serializeTeam } from '../../shared/http/serializers/directory/team.ts';
import { describeTeams } from '../../shared/operations/directory/read-directory.ts';
import { joinTeam, leaveTeam } from '../../shared/operations/directory/team-membership.ts';
import { findTeam } from '../../shared/operations/lookup/find-team.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/** A member of an organization becomes a member of one of its teams; 204 where they were one. */
export function joinOrganizationTeam(deps: DirectoryWriteDeps): Endpoint {
  return async (request) => {
    const membership = await membershipOf(deps, request);
    const { caller, requestId } = request;
    const initiator = { actingUserId: caller.userId, requestId };
    const joined = await joinTeam(deps, { ...membership, initiator });
    return joined ? teamReply(deps, request, membership.team, 201) : { status: 204 };
  };
}

/** A member leaves a team; what is theirs stays theirs. */
export function leaveOrganizationTeam(deps: DirectoryWriteDeps): Endpoint {
  return async (request) => {
    const membership = await membershipOf(deps, request);
    const { caller, requestId } = request;
    await leaveTeam(deps, {
      ...membership,
      initiator: { actingUserId: caller.userId, requestId },
    });
    return teamReply(deps, request, membership.team, 200);
  };
}

/** Members are named by their user's id; `me` is who asks. */
async function membershipOf(deps: DirectoryWriteDeps, { caller, params }: ApiRequest) {
  const organization = organizationOf(caller, params.org ?? '');
  requireScope(caller, 'team:write', 'member:write', 'org:write');
  const userId = params.member === 'me' ? requireUser(caller) : (params.member ?? '');
  return { userId, team: await findTeam(deps, organization.id, params.team ?? '') };
}

async function teamReply(
  deps: DirectoryWriteDeps,
  { caller }: ApiRequest,
  team: Team,
  status: number,
): Promise<ApiReply> {
  const described = await describeTeams(deps, [team], caller.userId);
  const access = [...caller.scopes];
  const [body] = described.map((found) => serializeTeam(found.team, found, access));
  return { status, body };
}
