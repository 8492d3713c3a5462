import { grants, organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { parseNewMember } from '../../shared/http/schemas/directory/member.ts';
import {
  serializeMember,
  serializePendingMember,
} from '../../shared/http/serializers/directory/member.ts';
import { addMember, inviteMember } from '../../shared/operations/directory/add-member.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/**
 * Somebody becomes a member of an organization: by e-mail address pending, as a known user at once.
 */
export function addOrganizationMember(deps: DirectoryWriteDeps): Endpoint {
  return async ({ caller, params, body, requestId }) => {
    const { id: organizationId } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'member:write');
    const { person, role, teams } = parseNewMember(body);
    const addedBy = {
      userId: caller.userId,
      organizationIds: caller.organizations.map(({ id }) => id),
      isOrganizationAdmin: grants(caller.scopes, 'org:admin'),
      requestId,
    };
    const asked = { organizationId, role, teams, addedBy };
    if (person.kind === 'email') {
      const pending = await inviteMember(deps, { ...asked, email: person.email });
      return { status: 201, body: serializePendingMember(pending) };
    }
    const { member, profile } = await addMember(deps, { ...asked, user: person.user });
    return { status: 201, body: serializeMember(member, profile.user) };
  };
}
