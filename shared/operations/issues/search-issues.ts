import { isId } from '../../domain/digits.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { type IssueFilter, onlyValuesOf } from '../../domain/issues/issue-filter.ts';
import type { IssueOrder } from '../../domain/issues/issue-order.ts';
import { type Narrowing, narrowed, parseIssueQuery } from '../../domain/issues/issue-query.ts';
import type { AssignmentStore } from '../../stores/issues/assignments.ts';
import type { GroupStore } from '../../stores/issues/groups.ts';
import type { IssueList, IssueListStore } from '../../stores/issues/issue-lists.ts';
import type { UserFlagStore } from '../../stores/issues/user-flags.ts';
import type { GroupOwnerStore } from '../../stores/ownership/group-owners.ts';
import {
  type ProjectsInScope,
  projectsInScope,
  type ScopeProjectsDeps,
} from '../lookup/scope-projects.ts';
import {
  type ResolveIssueQueryDeps,
  resolveIssueQuery,
  type Searcher,
} from './resolve-issue-query.ts';

export type SearchIssuesDeps = ResolveIssueQueryDeps &
  ScopeProjectsDeps & {
    readonly groups: Pick<GroupStore, 'withAssignments' | 'idOfShortId' | 'mergedInto'>;
    readonly issueLists: Pick<
      IssueListStore,
      'page' | 'count' | 'positionOf' | 'ofOrganization' | 'isComplete'
    >;
    readonly userFlags: Pick<UserFlagStore, 'ofUser' | 'groupsBookmarkedBy'>;
    readonly assignments: Pick<AssignmentStore, 'groupsAssignedTo'>;
    readonly owners: Pick<GroupOwnerStore, 'ofGroup'>;
  };

/** The issues, last seen first, over which another order than `date` is kept. */
const SORT_LIMIT = 10_000;
/** A search that names more projects walks the lists of its scope. */
const MOST_PROJECTS_NAMED = 32;

/** What a caller looks for, as they wrote it. */
export type IssueSearch = Searcher &
  Partial<Narrowing> & {
    /** Ids or slugs; null for every project of the organization. */
    readonly projects: readonly string[] | null;
    /** Null where the caller did not say: unresolved issues. */
    readonly query: string | null;
    /** One state instead of a query; null or absent where none is asked for. */
    readonly status?: string | null;
    /** What ages such as `-24h` count back from, ISO 8601 in UTC. */
    readonly now: string;
    /** `date` unless it says otherwise. */
    readonly order?: IssueOrder;
    /** Issues, last seen first, over which another order than `date` is kept; 10,000 by default. */
    readonly sortLimit?: number;
  };

/** A search whose projects and names have been looked up. */
export type SearchScope = {
  readonly organizationId: OrganizationId;
  readonly filter: IssueFilter;
  readonly order: IssueOrder;
  readonly sortLimit: number;
  readonly projects: ProjectsInScope;
  /**
   * The lists that hold all issues of the scope, and perhaps others; none where it is known to hold
   * no issue.
   */
  readonly lists: readonly IssueList[];
  /** Whether the lists and the bookmarks of its organization can be found by index. */
  readonly isIndexed: boolean;
  /** Where its lists end; absent where they do not. */
  readonly since?: string;
  /** What of it stands for nobody or nothing, a sentence each. */
  readonly unknown: readonly string[];
};

/**
 * Throws `request.invalid` for a search that cannot be understood, `resource.not_found` for a
 * project that is not there. Three round trips at most, however many projects there are.
 */
export async function scopeOf(deps: SearchIssuesDeps, search: IssueSearch): Promise<SearchScope> {
  const { window = null, environments = [], status = null, organizationId } = search;
  const asked = parseIssueQuery({ query: search.query, status, now: search.now });
  const query = narrowed(asked, { window, environments });
  const [isIndexed, resolved] = await Promise.all([
    deps.issueLists.isComplete(organizationId),
    resolveIssueQuery(deps, query, search),
  ]);
  const projects = await projectsInScope(deps, organizationId, search.projects, isIndexed);
  return {
    ...resolved,
    organizationId,
    order: search.order ?? 'date',
    sortLimit: search.sortLimit ?? SORT_LIMIT,
    projects,
    lists: await listsOf(deps, organizationId, resolved.filter, projects),
    isIndexed,
    ...(window === null ? {} : { since: window.start }),
  };
}

/**
 * The lists to walk: of the projects where the scope or the search names them, else the
 * organization's own.
 */
async function listsOf(
  deps: SearchIssuesDeps,
  organizationId: OrganizationId,
  filter: IssueFilter,
  scope: ProjectsInScope,
): Promise<IssueList[]> {
  const { ids } = scope;
  const searched = onlyValuesOf(filter, 'project');
  const found =
    searched === null || searched.length > MOST_PROJECTS_NAMED
      ? ids
      : await idsCalled(deps, organizationId, scope, searched);
  const projectIds = ids === null ? found : (found ?? ids).filter((id) => ids.includes(id));
  return filter.statuses.flatMap((status): IssueList[] =>
    projectIds === null
      ? deps.issueLists.ofOrganization(organizationId, status)
      : projectIds.map((projectId) => ({ projectId, status })),
  );
}

/**
 * The projects that a search calls by slug or id; what is not there is left out, and what is not in
 * the scope: how much a list of another organization holds would show in where a page ends.
 */
async function idsCalled(
  deps: SearchIssuesDeps,
  organizationId: OrganizationId,
  { among }: ProjectsInScope,
  values: readonly string[],
): Promise<string[]> {
  const [inScope, slugs] = await Promise.all([
    among(values.filter(isId)),
    Promise.all(values.map((value) => deps.projects.bySlug(organizationId, value))),
  ]);
  const bySlug = slugs.flatMap((slug) => slug?.projectId ?? []);
  return [...new Set([...bySlug, ...values.filter((value) => inScope.has(value))])];
}
