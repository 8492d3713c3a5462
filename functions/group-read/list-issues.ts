import { invalidRequest } from '../../shared/domain/errors.ts';
import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { ApiReply, ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { linkHeader, readCursor, readLimit } from '../../shared/http/pagination.ts';
import { serializeIssue, serializeOwners } from '../../shared/http/serializers/issues/issue.ts';
import { describeIssues } from '../../shared/operations/issues/describe-issues.ts';
import { listIssues } from '../../shared/operations/issues/list-issues.ts';
import type { GroupReadDeps } from './deps.ts';

/** The issues of one project. */
export function listProjectIssues(deps: GroupReadDeps): Endpoint {
  return async (request) => list(deps, request, [request.params.project ?? '']);
}

/** The issues of an organization, or of some of its projects; `-1` stands for all of them. */
export function listOrganizationIssues(deps: GroupReadDeps): Endpoint {
  return async (request) => {
    const named = request.query.getAll('project').filter((project) => project !== '');
    return list(deps, request, named.length === 0 || named.includes('-1') ? null : named);
  };
}

async function list(
  deps: GroupReadDeps,
  request: ApiRequest,
  projects: readonly string[] | null,
): Promise<ApiReply> {
  const { caller, query, baseUrl } = request;
  const organization = organizationOf(caller, request.params.org ?? '');
  requireScope(caller, 'event:read');
  requireSortByDate(query);
  const cursor = readCursor(query);
  const found = await listIssues(deps, {
    organizationId: organization.id,
    callerUserId: caller.userId,
    projects,
    query: query.get('query'),
    status: query.get('status'),
    limit: readLimit(query),
    ...(cursor === null ? {} : { from: cursor.position, backwards: cursor.backwards }),
  });
  const withOwners = query.getAll('expand').includes('owners');
  const { issues, names, owners } = await describeIssues(deps, found.issues, {
    callerUserId: caller.userId,
    withOwners,
  });
  const links = { baseUrl, organizationSlug: organization.slug };
  return {
    status: 200,
    headers: { Link: linkHeader(request, found) },
    body: issues.map((issue) => ({
      ...serializeIssue(issue, names, links),
      ...(withOwners ? { owners: serializeOwners(owners.get(issue.group.id) ?? []) } : {}),
    })),
  };
}

/** The one order that there is: last seen first. */
function requireSortByDate(query: URLSearchParams): void {
  const sort = query.get('sort') ?? '';
  if (sort !== '' && sort !== 'date') throw invalidRequest(`Sort key '${sort}' not supported.`);
}
