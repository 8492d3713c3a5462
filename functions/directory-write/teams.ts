import type { Endpoint } from '../../shared/http/api.ts';
import { parseNewTeam } from '../../shared/http/schemas/directory/team.ts';
import { serializeTeam } from '../../shared/http/serializers/directory/team.ts';
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
