import { apiHandler } from '../../shared/http/api.ts';
import { getAuth, getIndex, listRegions } from './caller.ts';
import { wireDirectoryRead } from './deps.ts';
import {
  getOrganization,
  listOrganizationMembers,
  listOrganizations,
  listOrganizationTeams,
} from './organizations.ts';
import { getProject, listOrganizationProjects, listProjectKeys, listProjects } from './projects.ts';

const deps = wireDirectoryRead();

/** Reads who asks, and the organizations, projects, teams and members that they reach. */
export const handler = apiHandler({
  functionName: 'directory-read',
  log: deps.log,
  endpoints: {
    getIndex: getIndex(deps),
    getAuth: getAuth(deps),
    listRegions: listRegions(),
    listOrganizations: listOrganizations(deps),
    getOrganization: getOrganization(deps),
    listOrganizationProjects: listOrganizationProjects(deps),
    listOrganizationTeams: listOrganizationTeams(deps),
    listOrganizationMembers: listOrganizationMembers(deps),
    listProjects: listProjects(deps),
    getProject: getProject(deps),
    listProjectKeys: listProjectKeys(deps),
  },
});
