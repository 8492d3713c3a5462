import type { EndpointsOf } from '../../shared/http/api.ts';
import { getAuth, getIndex, listRegions } from './caller.ts';
import { getProjectKey, listProjectKeys } from './client-keys.ts';
import type { DirectoryReadDeps } from './deps.ts';
import {
  getMember,
  listOrganizationUsers,
  listProjectMembers,
  listTeamMembers,
} from './members.ts';
import {
  getOrganization,
  listOrganizationMembers,
  listOrganizations,
  listOrganizationTeams,
  listRepositories,
} from './organizations.ts';
import { getProject, listProjects } from './projects.ts';
import { getTeam, listProjectTeams, listTeamProjects } from './teams.ts';

/** The endpoint of each operation. */
export const endpoints: EndpointsOf<'directory-read', DirectoryReadDeps> = {
  getIndex,
  getAuth,
  listRegions,
  listOrganizations,
  getOrganization,
  listOrganizationProjects: listProjects,
  listOrganizationTeams,
  listOrganizationMembers,
  listProjects,
  getProject,
  listProjectKeys,
  getProjectKey,
  listRepositories,
  getMember,
  listOrganizationUsers,
  listProjectMembers,
  listProjectTeams,
  getTeam,
  listTeamMembers,
  listTeamProjects,
};
