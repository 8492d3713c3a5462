import type { EndpointsOf } from '../../shared/http/api.ts';
import { addOrganizationMember } from './add-member.ts';
import { deleteOrganizationMember } from './delete-member.ts';
import { deleteOrganizationTeam } from './delete-team.ts';
import type { DirectoryWriteDeps } from './deps.ts';
import { joinOrganizationTeam, leaveOrganizationTeam } from './members.ts';
import { attachProjectTeam, detachProjectTeam } from './project-teams.ts';
import { createTeam } from './teams.ts';

/** The endpoint of each operation. */
export const endpoints: EndpointsOf<'directory-write', DirectoryWriteDeps> = {
  createTeam,
  deleteTeam: deleteOrganizationTeam,
  deleteMember: deleteOrganizationMember,
  addMember: addOrganizationMember,
  joinTeam: joinOrganizationTeam,
  leaveTeam: leaveOrganizationTeam,
  addProjectTeam: attachProjectTeam,
  removeProjectTeam: detachProjectTeam,
};
