import type { Endpoint } from '../../shared/http/api.ts';
import { parseNewTeam, parseRenamedTeam } from '../../shared/http/schemas/directory/team.ts';
import { serializeTeam } from '../../shared/http/serializers/directory/team.ts';
import { teamDetailReply } from '../../shared/http/team-detail.ts';
import { renameTeam } from '../../shared/operations/directory/rename-team.ts';
import { saveTeam } from '../../shared/operations/directory/save-team.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/** Creates a team in an organization; the token's user becomes its first member. */
export const createTeam: Endpoint<'createTeam', DirectoryWriteDeps> = async (
  deps,
  { caller, organization, body },
) => {
  const { team, isMember } = await saveTeam(deps, {
    organizationId: organization.id,
    ...parseNewTeam(body),
    actingUserId: caller.userId,
  });
  const members = { isMember, memberCount: isMember ? 1 : 0 };
  return { status: 201, body: serializeTeam(team, members, caller.scopes) };
};

/** Changes the name and the slug of a team. */
export const updateTeam: Endpoint<'updateTeam', DirectoryWriteDeps> = async (deps, request) => {
  const { organization, params, body, initiator } = request;
  const team = await renameTeam(deps, {
    organizationId: organization.id,
    team: params.team,
    ...parseRenamedTeam(body),
    initiator,
  });
  return { status: 200, body: await teamDetailReply(deps, request, team) };
};
