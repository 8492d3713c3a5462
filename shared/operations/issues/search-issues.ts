import { formatActor } from '../../domain/actor.ts';
import { isVisible } from '../../domain/issues/group.ts';
import {
  bookmarkersOf,
  type IssueFilter,
  matchesIssue,
  mayMatchIssue,
  needsPeople,
} from '../../domain/issues/issue-filter.ts';
import { type Narrowing, narrowed, parseIssueQuery } from '../../domain/issues/issue-query.ts';
import type { Project } from '../../domain/projects/project.ts';
import type { AssignedGroupRow, GroupStore, ListedGroup } from '../../stores/issues/groups.ts';
import type { UserFlagStore } from '../../stores/issues/user-flags.ts';
import { type ScopeProjectsDeps, scopeProjects } from '../lookup/scope-projects.ts';
import type { IssueRow } from './read-issue.ts';
import {
  type ResolveIssueQueryDeps,
  resolveIssueQuery,
  type Searcher,
} from './resolve-issue-query.ts';
import { type WalkStart, walkIssues } from './walk-issues.ts';

export type SearchIssuesDeps = ResolveIssueQueryDeps &
  ScopeProjectsDeps & {
    readonly groups: Pick<GroupStore, 'pageOfProject' | 'withAssignments'>;
    readonly userFlags: Pick<UserFlagStore, 'ofUser'>;
  };

/** What a caller looks for, as they wrote it. */
export type IssueSearch = Searcher &
  Partial<Narrowing> & {
    /** Ids or slugs; null for every project of the organization. */
    readonly projects: readonly string[] | null;
    /** Null where the caller did not say: unresolved issues. */
    readonly query: string | null;
    /** One state instead of a query; null or absent where none is asked for. */
    readonly status?: string | null;
  };

/** A search whose projects and names have been looked up. */
export type SearchScope = {
  readonly filter: IssueFilter;
  readonly projects: ReadonlyMap<string, Project>;
  /** Where its lists end; absent where they do not. */
  readonly since?: string;
  /** What of it stands for nobody or nothing, a sentence each. */
  readonly unknown: readonly string[];
};

export type FoundIssue = { readonly row: IssueRow; readonly position: string };

/**
 * Throws `request.invalid` for a search that cannot be understood, `resource.not_found` for a
 * project that is not there.
 */
export async function scopeOf(deps: SearchIssuesDeps, search: IssueSearch): Promise<SearchScope> {
  const { window = null, environments = [] } = search;
  const asked = parseIssueQuery(search.query, search.status ?? null);
  const query = narrowed(asked, { window, environments });
  const [projects, resolved] = await Promise.all([
    scopeProjects(deps, search.organizationId, search.projects),
    resolveIssueQuery(deps, query, search),
  ]);
  return {
    ...resolved,
    projects: new Map(projects.map((project) => [project.id, project])),
    ...(window === null ? {} : { since: window.start }),
  };
}

/** Walks the lists of a scope and keeps what matches, step by step. */
export async function* findIssues(
  deps: SearchIssuesDeps,
  scope: SearchScope,
  start: WalkStart & { readonly wanted: number },
): AsyncGenerator<{ found: FoundIssue[]; walked: number; last: string | null }> {
  const { filter, projects, since } = scope;
  const lists = {
    projectIds: [...projects.keys()],
    statuses: filter.statuses,
    ...start,
    ...(since === undefined ? {} : { since }),
  };
  const seen = new Set<string>();
  for await (const batch of walkIssues(deps, lists)) {
    const candidates = batch.filter(({ group }) => {
      const project = projects.get(group.projectId);
      // A group that changes its state during the walk can be met in both lists.
      if (project === undefined || seen.has(group.id)) {
        return false;
      }
      seen.add(group.id);
      return mayMatchIssue(filter, { group, project });
    });
    yield {
      found: await confirm(deps, scope, candidates),
      walked: batch.length,
      last: batch.at(-1)?.position ?? null,
    };
  }
}

/**
 * Those of some issues, named by their ids, that are in a scope and match, in the order of the ids.
 */
export async function matchingIssues(
  deps: SearchIssuesDeps,
  { filter, projects }: SearchScope,
  groupIds: readonly string[],
): Promise<IssueRow[]> {
  const [rows, bookmarks] = await Promise.all([
    deps.groups.withAssignments(groupIds),
    bookmarksOf(deps, filter, groupIds),
  ]);
  return groupIds.flatMap((id) => {
    const row = rows.get(id);
    const project = row && projects.get(row.group.projectId);
    if (row === undefined || project === undefined) {
      return [];
    }
    return isMatch(filter, row, project, bookmarks.get(id)) ? [{ ...row, project }] : [];
  });
}

/**
 * Reads the candidates themselves, since the list may lag behind them, and keeps those that do
 * match.
 */
async function confirm(
  deps: SearchIssuesDeps,
  scope: SearchScope,
  candidates: readonly ListedGroup[],
): Promise<FoundIssue[]> {
  const positions = new Map(candidates.map(({ group, position }) => [group.id, position]));
  const rows = await matchingIssues(deps, scope, [...positions.keys()]);
  return rows.flatMap((row) => {
    const position = positions.get(row.group.id);
    return position === undefined ? [] : [{ row, position }];
  });
}

function isMatch(
  filter: IssueFilter,
  row: AssignedGroupRow,
  project: Project,
  bookmarkedBy: ReadonlySet<string> = new Set(),
): boolean {
  const { group } = row;
  const assignee = row.assignment?.assignee ?? null;
  return (
    isVisible(group.status) &&
    filter.statuses.includes(group.status) &&
    matchesIssue(filter, { group, project, assignee, bookmarkedBy })
  );
}

/** Which of the users that the search names have bookmarked each of these groups. */
async function bookmarksOf(
  deps: SearchIssuesDeps,
  filter: IssueFilter,
  groupIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const byGroup = new Map<string, Set<string>>();
  if (!needsPeople(filter)) {
    return byGroup;
  }
  const userIds = [...bookmarkersOf(filter)].flatMap(
    (actor) => actor.match(/^user:(.+)$/)?.[1] ?? [],
  );
  await Promise.all(
    userIds.map(async (id) => {
      for (const [groupId, userFlags] of await deps.userFlags.ofUser(id, groupIds)) {
        if (!userFlags.isBookmarked) {
          continue;
        }
        const users = byGroup.get(groupId) ?? new Set<string>();
        byGroup.set(groupId, users.add(formatActor({ type: 'user', id })));
      }
    }),
  );
  return byGroup;
}
