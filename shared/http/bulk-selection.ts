import { DomainError, invalidRequest } from '../domain/errors.ts';
import { ANY_ISSUE, parseIssueQuery } from '../domain/issues/issue-query.ts';
import {
  type SelectIssuesDeps,
  selectIssues,
  selectNamedIssues,
} from '../operations/issues/select-issues.ts';
import type { Selection } from '../operations/lookup/select-groups.ts';
import type { ApiRequest } from './api.ts';
import { requireBulkParameters } from './bulk-parameters.ts';
import type { IssueScope } from './issue-scope.ts';
import { readSearchParameters, requireSortByDate, type SearchParameters } from './issue-search.ts';
import { type Cursor, readCursor, readLimit } from './pagination.ts';

/**
 * How a bulk write has to name its issues: those that set a state may leave it at the unresolved
 * ones.
 */
export type BulkNaming = 'byId' | 'byIdOrQuery' | 'atWill';

/** What a bulk request says of the issues that it means. */
export type BulkParameters = SearchParameters & {
  /** Empty where the request names none by id; one that names nothing is there all the same. */
  readonly ids: readonly string[];
  readonly limit: number | undefined;
  readonly cursor: Cursor | null;
};

/**
 * Reads which issues a bulk request means. Throws `request.invalid` for a parameter that bulk
 * writes do not know, for one that cannot be honoured, and where the request does not name its
 * issues as it has to.
 */
export function readBulkParameters(
  query: URLSearchParams,
  naming: BulkNaming,
  now: string,
): BulkParameters {
  requireBulkParameters(query);
  requireSortByDate(query);
  const parameters = {
    ...readSearchParameters(query, now),
    ids: query.getAll('id'),
    limit: query.has('limit') ? readLimit(query) : undefined,
    cursor: readCursor(query),
  };
  const isNamed =
    naming === 'atWill' ||
    parameters.ids.length > 0 ||
    (naming === 'byIdOrQuery' && parameters.query !== null);
  if (!isNamed) {
    throw invalidRequest('Name the issues by id or by query.');
  }
  if (parameters.ids.length > 0 && parameters.cursor !== null) {
    throw invalidRequest('A cursor goes with a search: leave it out, or the ids.');
  }
  requireReadableQuery(parameters);
  return parameters;
}

/**
 * The issues that a bulk request means: those of its `id` parameters, else those that its search
 * finds, 1,000 at most; what else narrows it holds for both. Ids that are given never fall through
 * to a search: a stray one must not change other issues.
 */
export function selectBulk(
  deps: SelectIssuesDeps,
  { caller }: ApiRequest,
  { organizationId, projects }: IssueScope,
  { ids, limit, cursor, ...search }: BulkParameters,
): Promise<Selection> {
  const scope = { organizationId, projects, callerUserId: caller.userId };
  const atMost = limit === undefined ? {} : { limit };
  if (ids.length === 0) {
    return selectIssues(deps, {
      ...scope,
      ...search,
      ...atMost,
      ...(cursor === null ? {} : { from: cursor.position, backwards: cursor.backwards }),
    });
  }
  const narrows =
    search.query !== null ||
    search.status !== null ||
    search.window !== null ||
    search.environments.length > 0;
  return selectNamedIssues(deps, organizationId, ids, {
    ...atMost,
    search: narrows ? { ...scope, ...search, query: search.query ?? ANY_ISSUE } : null,
  });
}

function requireReadableQuery({ query, status }: SearchParameters): void {
  try {
    parseIssueQuery(query, status);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'request.invalid') {
      throw error;
    }
    throw new DomainError(
      'request.invalid',
      'Invalid query. Error getting group ids and group list',
      { cause: error },
    );
  }
}
