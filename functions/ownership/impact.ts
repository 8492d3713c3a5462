import type { Actor } from '../../shared/domain/actor.ts';
import { requireUser } from '../../shared/http/access.ts';
import type { ApiReply, Endpoint, RequestOf } from '../../shared/http/api.ts';
import { linkHeader, readCursor, readLimit } from '../../shared/http/pagination.ts';
import { serializeImpact } from '../../shared/http/serializers/ownership/impact.ts';
import { findTeam } from '../../shared/operations/lookup/find-team.ts';
import { describeImpact } from '../../shared/operations/ownership/holders/describe-impact.ts';
import type { OwnershipDeps } from './deps.ts';

/** Says what a member holds, and where it would go if they left; `me` is the token's user. */
export const getMemberImpact: Endpoint<'getMemberImpact', OwnershipDeps> = (deps, request) => {
  const { caller, params } = request;
  const id = params.member === 'me' ? requireUser(caller) : params.member;
  return impactReply(deps, request, { type: 'user', id });
};

/** Says what a team holds, and where it would go if the team were deleted. */
export const getTeamImpact: Endpoint<'getTeamImpact', OwnershipDeps> = async (deps, request) => {
  const team = await findTeam(deps, request.organization.id, request.params.team);
  return impactReply(deps, request, { type: 'team', id: team.id });
};

async function impactReply(
  deps: OwnershipDeps,
  request: RequestOf<'getMemberImpact' | 'getTeamImpact'>,
  holder: Actor,
): Promise<ApiReply> {
  const { organization, query } = request;
  const impact = await describeImpact(deps, {
    organizationId: organization.id,
    holder,
    from: readCursor(query)?.position ?? null,
    limit: readLimit(query),
  });
  return {
    status: 200,
    headers: { Link: linkHeader(request, { next: impact.next, previous: null }) },
    body: serializeImpact(impact),
  };
}
