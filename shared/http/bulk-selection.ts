import { DomainError } from '../domain/errors.ts';
import { type ListIssuesDeps, selectIssues } from '../operations/issues/list-issues.ts';
import { type Selection, selectById } from '../operations/lookup/select-groups.ts';
import type { GroupStore } from '../stores/issues/groups.ts';
import type { ApiRequest } from './api.ts';

/**
 * The issues that a bulk request means, among these projects by id or slug (null: all of the organization): those of its `id` parameters, else those that its query finds, 1,000 at most. Ids
 * that are given never fall through to a search: a stray one must not change other issues. Throws `request.invalid` for a
 * query that cannot be read.
 */
export async function selectBulk(
  deps: ListIssuesDeps & { readonly groups: Pick<GroupStore, 'idOfShortId'> },
  request: ApiRequest,
  scope: { readonly organizationId: string; readonly projects: readonly string[] | null },
): Promise<Selection> {
  const ids = request.query.getAll('id');
  if (ids.length > 0) return selectById(deps, scope.organizationId, ids);
  try {
    return await selectIssues(deps, {
      organizationId: scope.organizationId,
      projects: scope.projects,
      query: request.query.get('query'),
      status: request.query.get('status'),
      callerUserId: request.caller.userId,
    });
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'request.invalid') throw error;
    throw new DomainError(
      'request.invalid',
      'Invalid query. Error getting group ids and group list',
      { cause: error },
    );
  }
}
