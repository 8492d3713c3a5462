import { hasScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { parseNewMember } from '../../shared/http/schemas/directory/member.ts';
import {
  serializeMember,
  serializePendingMember,
} from '../../shared/http/serializers/directory/member.ts';
import { addMember, inviteMember } from '../../shared/operations/directory/add-member.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/**
 * Adds a member to an organization: pending where only an e-mail address is given, a full member
 * where a user is.
 */
export const addOrganizationMember: Endpoint<'addMember', DirectoryWriteDeps> = async (
  deps,
  { caller, organization, body, initiator },
) => {
  const { person, role, teams } = parseNewMember(body);
  const addedBy = {
    userId: caller.userId,
    organizationIds: caller.organizations.map(({ id }) => id),
    isOrganizationAdmin: hasScope(caller, 'org:admin'),
    requestId: initiator.requestId,
  };
  const asked = { organizationId: organization.id, role, teams, addedBy };
  if (person.kind === 'email') {
    const pending = await inviteMember(deps, { ...asked, email: person.email });
    return { status: 201, body: serializePendingMember(pending) };
  }
  const { member, profile } = await addMember(deps, { ...asked, user: person.user });
  return { status: 201, body: serializeMember(member, profile.user) };
};
