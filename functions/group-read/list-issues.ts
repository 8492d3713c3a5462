import type { ApiRequest, Endpoint, RequestOf } from '../../shared/http/api.ts';
import { readInScope, readIssueScope } from '../../shared/http/issue-scope.ts';
import { readSearchParameters } from '../../shared/http/issue-search.ts';
import { linkHeader, pageOf, readCursor, readLimit } from '../../shared/http/pagination.ts';
import {
  type StatsPeriod,
  serializeListedIssue,
  statsPeriods,
} from '../../shared/http/serializers/issues/issue.ts';
import { describeIssues } from '../../shared/operations/issues/describe-issues.ts';
import { listIssues, listNamedIssues } from '../../shared/operations/issues/list-issues.ts';
import type { IssueRow } from '../../shared/operations/issues/read-issue.ts';
import type { IssueSearch } from '../../shared/operations/issues/search-issues.ts';
import { selectById } from '../../shared/operations/lookup/select-groups.ts';
import type { GroupReadDeps } from './deps.ts';

type ListRequest = RequestOf<'listProjectIssues' | 'listOrganizationIssues'>;

/**
 * Lists issues of one project, or of an organization in some of its projects or in all: those that
 * a search finds, or those among the `id` and `group` parameters that it finds.
 */
export const listManyIssues: Endpoint<
  'listProjectIssues' | 'listOrganizationIssues',
  GroupReadDeps
> = async (deps, request) => {
  const { query } = request;
  const search = await readSearch(deps, request);
  const ids = [...query.getAll('id'), ...query.getAll('group')];
  const { issues, headers } =
    ids.length > 0
      ? await namedPage(deps, request, search, ids)
      : await searchedPage(deps, request, search);
  return { status: 200, headers, body: await serialize(deps, request, issues) };
};

async function readSearch(deps: GroupReadDeps, request: ListRequest): Promise<IssueSearch> {
  const { caller, query } = request;
  const issueScope = await readIssueScope(deps, request);
  return readInScope(deps, issueScope, () => {
    return {
      ...issueScope,
      ...readSearchParameters(query, deps.clock()),
      callerUserId: caller.userId,
    };
  });
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
  const headers = {
    Link: linkHeader(request, found),
    ...truncatedHeader(found.truncated),
    ...sortedHeader(found.sortedWithin),
  };
  return { issues: found.issues, headers };
}

/** Issues that are named by id have any status, unless the request asks for one. */
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
  { caller, organization, query, baseUrl }: ListRequest,
  found: readonly IssueRow[],
): Promise<unknown[]> {
  const withOwners = query.getAll('expand').includes('owners');
  const { issues, names, owners } = await describeIssues(deps, found, {
    callerUserId: caller.userId,
    withOwners,
  });
  const links = { baseUrl, organizationSlug: organization.slug };
  const statsPeriod = readStatsPeriod(query);
  return issues.map((issue) =>
    serializeListedIssue(issue, names, links, {
      owners: withOwners ? (owners.get(issue.group.id) ?? []) : null,
      statsPeriod,
    }),
  );
}

/** The period of the series in an answer; one that is not known narrows nothing and is ignored. */
function readStatsPeriod(query: URLSearchParams): StatsPeriod {
  const asked = query.get('groupStatsPeriod');
  return statsPeriods.find((period) => period === asked) ?? '24h';
}

function sortedHeader(within: number | null): Record<string, string> {
  return within === null ? {} : { 'X-Baton-Sorted-Within': String(within) };
}

function truncatedHeader(truncated: boolean): Record<string, string> {
  return truncated ? { 'X-Baton-Truncated': 'true' } : {};
}
