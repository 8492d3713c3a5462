import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { parseNewTeam } from '../../shared/http/schemas/directory/team.ts';
import { serializeTeam } from '../../shared/http/serializers/directory/team.ts';
import { saveTeam } from '../../shared/operations/directory/save-team.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/** A new team of an organization, with who creates it as its first member. */
export function createTeam(deps: DirectoryWriteDeps): Endpoint {
  return async ({ caller, params, body }) => {
    const organization = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'team:write', 'org:write');
    const { team, isMember } = await saveTeam(deps, {
      organizationId: organization.id,
      ...parseNewTeam(body),
      actingUserId: caller.userId,
    });
    const members = { isMember, memberCount: isMember ? 1 : 0 };
    return { status: 201, body: serializeTeam(team, members, [...caller.scopes]) };
  };
}
