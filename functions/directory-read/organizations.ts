import { adderOf } from '../../shared/http/access.ts';
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
import { teamsReply } from '../../shared/http/team-detail.ts';
import {
  readMembers,
  readOrganization,
  readRoles,
  readTeams,
} from '../../shared/operations/directory/read-directory.ts';
import type { DirectoryReadDeps } from './deps.ts';

/** Lists the organizations that the token reaches. */
export const listOrganizations: Endpoint<'listOrganizations', DirectoryReadDeps> = async (
  deps,
  request,
) => {
  const { caller, organizations, query, baseUrl } = request;
  const ids = organizations.map(({ id }) => id);
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

/** Shows one organization. */
export const getOrganization: Endpoint<'getOrganization', DirectoryReadDeps> = async (
  deps,
  { caller, organization: { id }, baseUrl },
) => {
  const [organization, roles, orphans] = await Promise.all([
    readOrganization(deps, id),
    readRoles(deps, caller.userId, [id]),
    deps.orphans.count(id),
  ]);
  const viewer = {
    role: roles.get(id) ?? null,
    access: caller.scopes,
    adder: adderOf(caller, roles.get(id) ?? null),
  };
  return { status: 200, body: serializeOrganizationDetail(organization, baseUrl, viewer, orphans) };
};

/** Lists the teams of an organization. */
export const listOrganizationTeams: Endpoint<'listOrganizationTeams', DirectoryReadDeps> = async (
  deps,
  request,
) => {
  return teamsReply(deps, request, await readTeams(deps, request.organization.id));
};

/** Lists the members of an organization, those who are pending last. */
export const listOrganizationMembers: Endpoint<
  'listOrganizationMembers',
  DirectoryReadDeps
> = async (deps, request) => {
  const { organization, query } = request;
  const found = (await readMembers(deps, organization.id)).filter(
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

/** Lists the repositories of an organization: code is none of Baton's business, so it has none. */
export const listRepositories: Endpoint<'listRepositories', DirectoryReadDeps> = async (
  _,
  request,
) => {
  const { page, headers } = pageOf(request, []);
  return { status: 200, headers, body: page };
};
