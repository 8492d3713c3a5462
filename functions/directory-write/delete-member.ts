import type { Endpoint } from '../../shared/http/api.ts';
import { deleteMember } from '../../shared/operations/directory/delete-member.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/**
 * Ends the membership of a user, named by the user's id, or of a pending member, named by the id of
 * the invitation. Issues that are assigned to the user stay so.
 */
export const deleteOrganizationMember: Endpoint<'deleteMember', DirectoryWriteDeps> = async (
  deps,
  { organization, params, initiator },
) => {
  const organizationId = organization.id;
  await deleteMember(deps, { organizationId, memberId: params.member, initiator });
  return { status: 204 };
};
