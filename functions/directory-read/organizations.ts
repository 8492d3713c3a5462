import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { pageOf } from '../../shared/http/pagination.ts';
import { bySearch } from '../../shared/http/search.ts';
import {
  serializeMember,
  serializeOrganization,
  serializeOrganizationDetail,
} from '../../shared/http/serializers/directory/organization.ts';
import { serializeTeam } from '../../shared/http/serializers/directory/team.ts';
import {
  describeTeams,
  readMembers,
  readOrganization,
  readTeams,
} from '../../shared/operations/directory/read-directory.ts';
import type { DirectoryReadDeps } from './deps.ts';

/** The organizations that the token reaches. */
export function listOrganizations(deps: DirectoryReadDeps): Endpoint {
  return async (request) => {
    const { caller, query, baseUrl } = request;
    requireScope(caller, 'org:read');
    const all = await deps.organizations.byIds(caller.organizations.map(({ id }) => id));
    const { page, headers } = pageOf(request, all.filter(bySearch(query.get('query'))));
    return {
      status: 200,
      headers,
      body: page.map((organization) => serializeOrganization(organization, baseUrl)),
    };
  };
}

/** One organization. */
export function getOrganization(deps: DirectoryReadDeps): Endpoint {
  return async ({ caller, params, baseUrl }) => {
    const { id } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'org:read');
    const organization = await readOrganization(deps, id);
    const access = [...caller.scopes];
    return { status: 200, body: serializeOrganizationDetail(organization, baseUrl, access) };
  };
}

/** The teams of an organization. */
export function listOrganizationTeams(deps: DirectoryReadDeps): Endpoint {
  return async (request) => {
    const { caller, params, query } = request;
    const { id } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'team:read', 'org:read');
    const all = await readTeams(deps, id);
    const { page, headers } = pageOf(request, all.filter(bySearch(query.get('query'))));
    const described = await describeTeams(deps, page, caller.userId);
    const access = [...caller.scopes];
    return {
      status: 200,
      headers,
      body: described.map(({ team, ...members }) => serializeTeam(team, members, access)),
    };
  };
}

/** The members of an organization. */
export function listOrganizationMembers(deps: DirectoryReadDeps): Endpoint {
  return async (request) => {
    const { caller, params } = request;
    const { id } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'member:read');
    const { page, headers } = pageOf(request, await readMembers(deps, id));
    return {
      status: 200,
      headers,
      body: page.map(({ member, user }) => serializeMember(member, user)),
    };
  };
}
