import { apiHandler } from '../../shared/http/api.ts';
import { addOrganizationMember } from './add-member.ts';
import { deleteOrganizationMember } from './delete-member.ts';
import { deleteOrganizationTeam } from './delete-team.ts';
import { wireDirectoryWrite } from './deps.ts';
import { joinOrganizationTeam, leaveOrganizationTeam } from './members.ts';
import { attachProjectTeam, detachProjectTeam } from './project-teams.ts';
import { createTeam } from './teams.ts';

const deps = wireDirectoryWrite();

/** Writes the teams and members of organizations, and which teams are on which projects. */
export const handler = apiHandler({
  functionName: 'directory-write',
  log: deps.log,
  endpoints: {
    createTeam: createTeam(deps),
    deleteTeam: deleteOrganizationTeam(deps),
    deleteMember: deleteOrganizationMember(deps),
    addMember: addOrganizationMember(deps),
    joinTeam: joinOrganizationTeam(deps),
    leaveTeam: leaveOrganizationTeam(deps),
    addProjectTeam: attachProjectTeam(deps),
    removeProjectTeam: detachProjectTeam(deps),
  },
});
