import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { pageOf } from '../../shared/http/pagination.ts';
import { bySearch, named } from '../../shared/http/search.ts';
import {
  searchableMember,
  serializeMember,
  serializePendingMember,
} from '../../shared/http/serializers/directory/member.ts';
import {
  serializeListedOrganization,
  serializeOrganizationDetail,
} from '../../shared/http/serializers/directory/organization.ts';
import { serializeTeam } from '../../shared/http/serializers/directory/team.ts';
import {
  describeTeams,
  readMembers,
  readOrganization,
  readRoles,
  readTeams,
} from '../../shared/operations/directory/read-directory.ts';
import type { DirectoryReadDeps } from './deps.ts';

/** The organizations that the token reaches. */
export function listOrganizations(deps: DirectoryReadDeps): Endpoint {
  return async (request) => {
    const { caller, query, baseUrl } = request;
    requireScope(caller, 'org:read');
    const ids = caller.organizations.map(({ id }) => id);
    const [all, roles] = await Promise.all([
      deps.organizations.byIds(ids),
      readRoles(deps, caller.userId, ids),
    ]);
    const { page, headers } = pageOf(request, all.filter(bySearch(query.get('query'), named)));
    return {
      status: 200,
      headers,
      body: page.map((one) => serializeListedOrganization(one, baseUrl, roles.get(one.id) ?? null)),
    };
  };
}

/** One organization. */
export function getOrganization(deps: DirectoryReadDeps): Endpoint {
  return async ({ caller, params, baseUrl }) => {
    const { id } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'org:read');
    const [organization, roles] = await Promise.all([
      readOrganization(deps, id),
      readRoles(deps, caller.userId, [id]),
    ]);
    const asked = { role: roles.get(id) ?? null, access: [...caller.scopes] };
    return { status: 200, body: serializeOrganizationDetail(organization, baseUrl, asked) };
  };
}

/** The teams of an organization. */
export function listOrganizationTeams(deps: DirectoryReadDeps): Endpoint {
  return async (request) => {
    const { caller, params, query } = request;
    const { id } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'team:read', 'org:read');
    const all = await readTeams(deps, id);
    const { page, headers } = pageOf(request, all.filter(bySearch(query.get('query'), named)));
    const described = await describeTeams(deps, page, caller.userId);
    const access = [...caller.scopes];
    return {
      status: 200,
      headers,
      body: described.map(({ team, ...members }) => serializeTeam(team, members, access)),
    };
  };
}

/** The members of an organization, those who are pending last. */
export function listOrganizationMembers(deps: DirectoryReadDeps): Endpoint {
  return async (request) => {
    const { caller, params, query } = request;
    const { id } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'member:read');
    const found = (await readMembers(deps, id)).filter(
      bySearch(query.get('query'), searchableMember),
    );
    const { page, headers } = pageOf(request, found);
    return {
      status: 200,
      headers,
      body: page.map((one) =>
        one.kind === 'pending'
          ? serializePendingMember(one.pending)
          : serializeMember(one.member, one.user),
      ),
    };
  };
}
