import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { readInScope, readIssueScope } from '../../shared/http/issue-scope.ts';
import { readSearchParameters, requireSortByDate } from '../../shared/http/issue-search.ts';
import { linkHeader, pageOf, readCursor, readLimit } from '../../shared/http/pagination.ts';
import { serializeIssue, serializeOwners } from '../../shared/http/serializers/issues/issue.ts';
import { describeIssues } from '../../shared/operations/issues/describe-issues.ts';
import { listIssues, listNamedIssues } from '../../shared/operations/issues/list-issues.ts';
import type { IssueRow } from '../../shared/operations/issues/read-issue.ts';
import type { IssueSearch } from '../../shared/operations/issues/search-issues.ts';
import { selectById } from '../../shared/operations/lookup/select-groups.ts';
import type { GroupReadDeps } from './deps.ts';

/**
 * The issues of one project, or of an organization in some of its projects or all: those that a
 * search finds, or those of `id` and `group` parameters that it finds too.
 */
export function listManyIssues(deps: GroupReadDeps): Endpoint {
  return async (request) => {
    const { caller, params, query } = request;
    const organization = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'event:read');
    const issueScope = await readIssueScope(deps, request, organization.id);
    const search = await readInScope(deps, issueScope, () => {
      requireSortByDate(query);
      return {
        ...issueScope,
        ...readSearchParameters(query, deps.clock()),
        callerUserId: caller.userId,
      };
    });
    const ids = [...query.getAll('id'), ...query.getAll('group')];
    const { issues, headers } =
      ids.length > 0
        ? await namedPage(deps, request, search, ids)
        : await searchedPage(deps, request, search);
    return { status: 200, headers, body: await serialize(deps, request, issues) };
  };
}

type Page = {
  readonly issues: readonly IssueRow[];
  readonly headers: Readonly<Record<string, string>>;
};

async function searchedPage(
  deps: GroupReadDeps,
  request: ApiRequest,
  search: IssueSearch,
): Promise<Page> {
  const cursor = readCursor(request.query);
  const found = await listIssues(deps, {
    ...search,
    limit: readLimit(request.query),
    ...(cursor === null ? {} : { from: cursor.position, backwards: cursor.backwards }),
  });
  const headers = { Link: linkHeader(request, found), ...truncatedHeader(found.truncated) };
  return { issues: found.issues, headers };
}

/** Issues that are named are of every state, unless the request says which. */
async function namedPage(
  deps: GroupReadDeps,
  request: ApiRequest,
  search: IssueSearch,
  ids: readonly string[],
): Promise<Page> {
  const { groupIds, truncated } = await selectById(deps, search.organizationId, ids);
  const query = search.query ?? '';
  const found = await listNamedIssues(deps, { ...search, query }, groupIds);
  const { page, headers } = pageOf(request, found);
  return { issues: page, headers: { ...headers, ...truncatedHeader(truncated) } };
}

async function serialize(
  deps: GroupReadDeps,
  { caller, params, query, baseUrl }: ApiRequest,
  found: readonly IssueRow[],
): Promise<unknown[]> {
  const withOwners = query.getAll('expand').includes('owners');
  const { issues, names, owners } = await describeIssues(deps, found, {
    callerUserId: caller.userId,
    withOwners,
  });
  const { slug } = organizationOf(caller, params.org ?? '');
  const links = { baseUrl, organizationSlug: slug };
  return issues.map((issue) => ({
    ...serializeIssue(issue, names, links),
    ...(withOwners ? { owners: serializeOwners(owners.get(issue.group.id) ?? []) } : {}),
  }));
}

function truncatedHeader(truncated: boolean): Record<string, string> {
  return truncated ? { 'X-Baton-Truncated': 'true' } : {};
}
