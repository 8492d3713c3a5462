import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { deleteTeam } from '../../shared/operations/directory/delete-team.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/** A team goes; what it held is nobody's. */
export function deleteOrganizationTeam(deps: DirectoryWriteDeps): Endpoint {
  return async ({ caller, params, requestId }) => {
    const organization = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'team:admin');
    await deleteTeam(deps, {
      organizationId: organization.id,
      team: params.team ?? '',
      initiator: { actingUserId: caller.userId, requestId },
    });
    return { status: 204 };
  };
}
