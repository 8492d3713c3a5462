import type { OrganizationId } from '../../domain/ids.ts';
import type { IssueFilter } from '../../domain/issues/issue-filter.ts';
import type { IssueOrder } from '../../domain/issues/issue-order.ts';
import { type Narrowing, narrowed, parseIssueQuery } from '../../domain/issues/issue-query.ts';
import type { Project } from '../../domain/projects/project.ts';
import type { AssignmentStore } from '../../stores/issues/assignments.ts';
import type { GroupStore } from '../../stores/issues/groups.ts';
import type { UserFlagStore } from '../../stores/issues/user-flags.ts';
import type { GroupOwnerStore } from '../../stores/ownership/group-owners.ts';
import { type ScopeProjectsDeps, scopeProjects } from '../lookup/scope-projects.ts';
import {
  type ResolveIssueQueryDeps,
  resolveIssueQuery,
  type Searcher,
} from './resolve-issue-query.ts';

export type SearchIssuesDeps = ResolveIssueQueryDeps &
  ScopeProjectsDeps & {
    readonly groups: Pick<GroupStore, 'pageOfProject' | 'positionOf' | 'withAssignments'>;
    readonly userFlags: Pick<UserFlagStore, 'ofUser'>;
    readonly assignments: Pick<AssignmentStore, 'groupsAssignedTo'>;
    readonly owners: Pick<GroupOwnerStore, 'ofGroup'>;
  };

/** The issues, last seen first, over which another order than `date` is kept. */
const SORT_LIMIT = 10_000;

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
  readonly projects: ReadonlyMap<string, Project>;
  /** Where its lists end; absent where they do not. */
  readonly since?: string;
  /** What of it stands for nobody or nothing, a sentence each. */
  readonly unknown: readonly string[];
};

/**
 * Throws `request.invalid` for a search that cannot be understood, `resource.not_found` for a
 * project that is not there.
 */
export async function scopeOf(deps: SearchIssuesDeps, search: IssueSearch): Promise<SearchScope> {
  const { window = null, environments = [], status = null } = search;
  const asked = parseIssueQuery({ query: search.query, status, now: search.now });
  const query = narrowed(asked, { window, environments });
  const [projects, resolved] = await Promise.all([
    scopeProjects(deps, search.organizationId, search.projects),
    resolveIssueQuery(deps, query, search),
  ]);
  return {
    ...resolved,
    organizationId: search.organizationId,
    order: search.order ?? 'date',
    sortLimit: search.sortLimit ?? SORT_LIMIT,
    projects: new Map(projects.map((project) => [project.id, project])),
    ...(window === null ? {} : { since: window.start }),
  };
}
