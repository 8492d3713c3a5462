import { DomainError, invalidRequest } from '../../domain/errors.ts';
import { ANY_ISSUE, parseIssueQuery } from '../../domain/issues/issue-query.ts';
import {
  type BulkIssues,
  type SelectIssuesDeps,
  selectIssues,
  selectNamedIssues,
} from '../../operations/issues/select-issues.ts';
import type { ApiRequest } from '../endpoint.ts';
import type { IssueScope } from '../issue-scope.ts';
import { readSearchParameters, type SearchParameters } from '../issue-search.ts';
import { type Cursor, readCursor, readLimit } from '../pagination.ts';
import { requireBulkParameters } from './bulk-parameters.ts';

/**
 * How a bulk write has to name its issues. One with `optional` that names none changes all
 * unresolved issues.
 */
export type BulkNaming = 'byId' | 'byIdOrQuery' | 'optional';

/** The parameters by which a bulk request selects its issues. */
export type BulkParameters = SearchParameters & {
  /** Empty without an `id` parameter; an `id` parameter without a value is an empty text here. */
  readonly ids: readonly string[];
  readonly limit: number | undefined;
  readonly cursor: Cursor | null;
};

/**
 * Reads the parameters by which a bulk request selects its issues. Throws `request.invalid` for an
 * unknown parameter, for a value that is not supported, and for a request that does not name its
 * issues as `naming` requires.
 */
export function readBulkParameters(
  query: URLSearchParams,
  naming: BulkNaming,
  now: string,
): BulkParameters {
  requireBulkParameters(query);
  const parameters = {
    ...readSearchParameters(query, now),
    ids: query.getAll('id'),
    limit: query.has('limit') ? readLimit(query) : undefined,
    cursor: readCursor(query),
  };
  const isNamed =
    naming === 'optional' ||
    parameters.ids.length > 0 ||
    (naming === 'byIdOrQuery' && parameters.query !== null);
  if (!isNamed) {
    throw invalidRequest('Name the issues by id or by query.');
  }
  if (parameters.ids.length > 0 && parameters.cursor !== null) {
    throw invalidRequest('A cursor continues a search: leave out either the cursor or the ids.');
  }
  requireReadableQuery(parameters);
  return parameters;
}

/**
 * Selects the issues of a bulk request: those of its `id` parameters, or without any those that its
 * search finds, 1,000 at most. The other parameters narrow both. A request with ids that do not
 * exist selects nothing and never falls back to a search, which could change other issues.
 */
export async function selectBulk(
  deps: SelectIssuesDeps,
  { caller }: Pick<ApiRequest, 'caller'>,
  { organizationId, projects }: IssueScope,
  { ids, limit, cursor, ...search }: BulkParameters,
): Promise<BulkIssues> {
  const scope = { organizationId, projects, callerUserId: caller.userId };
  const atMost = limit === undefined ? {} : { limit };
  if (ids.length === 0) {
    const found = await selectIssues(deps, {
      ...scope,
      ...search,
      ...atMost,
      ...(cursor === null ? {} : { from: cursor.position, backwards: cursor.backwards }),
    });
    // What became of an issue since it was found is not what was looked for.
    return { ...found, followsMerges: false };
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

function requireReadableQuery(written: SearchParameters): void {
  try {
    parseIssueQuery(written);
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
