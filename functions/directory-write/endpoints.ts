import type { EndpointsOf } from '../../shared/http/api.ts';
import { addOrganizationMember } from './add-member.ts';
import { deleteOrganizationMember } from './delete-member.ts';
import { deleteOrganizationTeam } from './delete-team.ts';
import type { DirectoryWriteDeps } from './deps.ts';
import { joinOrganizationTeam, leaveOrganizationTeam, updateTeamMember } from './members.ts';
import { updateOrganizationDetails } from './organization.ts';
import { attachProjectTeam, detachProjectTeam } from './project-teams.ts';
import { createTeam, updateTeam } from './teams.ts';
import { updateOrganizationMember } from './update-member.ts';

/** The endpoint of each operation. */
export const endpoints: EndpointsOf<'directory-write', DirectoryWriteDeps> = {
  updateOrganization: updateOrganizationDetails,
  createTeam,
  updateTeam,
  deleteTeam: deleteOrganizationTeam,
  deleteMember: deleteOrganizationMember,
  updateMember: updateOrganizationMember,
  addMember: addOrganizationMember,
  joinTeam: joinOrganizationTeam,
  updateTeamMember,
  leaveTeam: leaveOrganizationTeam,
  addProjectTeam: attachProjectTeam,
  removeProjectTeam: detachProjectTeam,
};
