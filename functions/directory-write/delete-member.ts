import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { deleteMember } from '../../shared/operations/directory/delete-member.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/**
 * A member, named by their user's id, or by their own while they are pending, leaves the
 * organization and its teams; what is theirs stays theirs.
 */
export function deleteOrganizationMember(deps: DirectoryWriteDeps): Endpoint {
  return async ({ caller, params, requestId }) => {
    const organization = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'member:admin');
    await deleteMember(deps, {
      organizationId: organization.id,
      memberId: params.member ?? '',
      initiator: { actingUserId: caller.userId, requestId },
    });
    return { status: 204 };
  };
}
