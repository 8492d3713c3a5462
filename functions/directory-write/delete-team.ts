import type { Endpoint } from '../../shared/http/api.ts';
import { deleteTeam } from '../../shared/operations/directory/delete-team.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/** Deletes a team; its issues are unassigned later, by the function team-cascade. */
export const deleteOrganizationTeam: Endpoint<'deleteTeam', DirectoryWriteDeps> = async (
  deps,
  { organization, params, initiator },
) => {
  await deleteTeam(deps, { organizationId: organization.id, team: params.team, initiator });
  return { status: 204 };
};
