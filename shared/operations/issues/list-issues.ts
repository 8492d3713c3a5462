import { formatActor } from '../../domain/actor.ts';
import { isVisible } from '../../domain/issues/group.ts';
import {
  bookmarkersOf,
  type IssueFilter,
  matchesIssue,
  mayMatchIssue,
  needsPeople,
} from '../../domain/issues/issue-filter.ts';
import { parseIssueQuery } from '../../domain/issues/issue-query.ts';
import type { Project } from '../../domain/projects/project.ts';
import type { AssignedGroupRow, GroupStore, ListedGroup } from '../../stores/issues/groups.ts';
import type { MarkStore } from '../../stores/issues/marks.ts';
import { type ScopeProjectsDeps, scopeProjects } from '../lookup/scope-projects.ts';
import { bulkLimit, type Selection } from '../lookup/select-groups.ts';
import type { IssueRow } from './read-issue.ts';
import {
  type ResolveIssueQueryDeps,
  resolveIssueQuery,
  type Searcher,
} from './resolve-issue-query.ts';
import { type WalkStart, walkIssues } from './walk-issues.ts';

export type ListIssuesDeps = ResolveIssueQueryDeps &
  ScopeProjectsDeps & {
    readonly groups: Pick<GroupStore, 'pageOfProject' | 'withAssignments'>;
    readonly marks: Pick<MarkStore, 'ofUser'>;
  };

/** What a caller looks for, as they wrote it. */
export type IssueSearch = Searcher & {
  /** Ids or slugs; null for every project of the organization. */
  readonly projects: readonly string[] | null;
  /** Null where the caller did not say: unresolved issues. */
  readonly query: string | null;
  /** One state instead of a query; null or absent where none is asked for. */
  readonly status?: string | null;
};

export type IssuePage = {
  readonly issues: readonly IssueRow[];
  /** Where the next page starts; null after the last one. */
  readonly next: string | null;
  /** Where the page before this one starts, going backwards; null before the first one. */
  readonly previous: string | null;
};

/** Rows that one page may look at: a search that finds little answers with little, and says where to go on. */
const pageWalkLimit = 2_000;
/** Rows that one bulk update may look at. */
const bulkWalkLimit = 20_000;

/**
 * One page of the issues that a search finds, last seen first. Throws `request.invalid` for a search that cannot be understood,
 * `resource.not_found` for a project that is not there. A page looks at a bounded number of rows: it may hold fewer
 * issues than `limit`, or none, and yet not be the last.
 */
export async function listIssues(
  deps: ListIssuesDeps,
  search: IssueSearch & WalkStart & { readonly limit: number },
): Promise<IssuePage> {
  const { limit, from, backwards = false } = search;
  const scope = await scopeOf(deps, search);
  const found: Found[] = [];
  let walked = 0;
  let last: string | null = null;
  let more = false;
  const start = { wanted: limit + 1, backwards, ...(from === undefined ? {} : { from }) };
  for await (const step of findIssues(deps, scope, start)) {
    found.push(...step.found);
    walked += step.walked;
    last = step.last;
    more = found.length > limit || walked >= pageWalkLimit;
    if (more) break;
  }
  const page = found.slice(0, limit);
  const end = found.length > limit ? (page.at(-1)?.position ?? null) : last;
  const ahead = more ? end : null;
  const behind = from === undefined ? null : (page[0]?.position ?? from);
  if (!backwards) return { issues: page.map(({ row }) => row), next: ahead, previous: behind };
  return { issues: page.map(({ row }) => row).reverse(), next: behind, previous: ahead };
}

/**
 * The issues that a bulk update by search changes: the first 1,000 of the list that the same search gives. Throws as
 * `listIssues` does.
 */
export async function selectIssues(deps: ListIssuesDeps, search: IssueSearch): Promise<Selection> {
  const scope = await scopeOf(deps, search);
  const groupIds = new Set<string>();
  let walked = 0;
  for await (const step of findIssues(deps, scope, { wanted: bulkLimit + 1 })) {
    for (const { row } of step.found) {
      if (groupIds.size === bulkLimit && !groupIds.has(row.group.id))
        return { groupIds: [...groupIds], truncated: true };
      groupIds.add(row.group.id);
    }
    walked += step.walked;
    if (walked >= bulkWalkLimit) return { groupIds: [...groupIds], truncated: true };
  }
  return { groupIds: [...groupIds], truncated: false };
}

type Scope = { readonly filter: IssueFilter; readonly projects: ReadonlyMap<string, Project> };

type Found = { readonly row: IssueRow; readonly position: string };

async function scopeOf(deps: ListIssuesDeps, search: IssueSearch): Promise<Scope> {
  const query = parseIssueQuery(search.query, search.status ?? null);
  const [projects, filter] = await Promise.all([
    scopeProjects(deps, search.organizationId, search.projects),
    resolveIssueQuery(deps, query, search),
  ]);
  return { filter, projects: new Map(projects.map((project) => [project.id, project])) };
}

/** Walks the lists of a scope and keeps what matches, step by step. */
async function* findIssues(
  deps: ListIssuesDeps,
  { filter, projects }: Scope,
  start: WalkStart & { readonly wanted: number },
): AsyncGenerator<{ found: Found[]; walked: number; last: string | null }> {
  const lists = { projectIds: [...projects.keys()], statuses: filter.statuses, ...start };
  const seen = new Set<string>();
  for await (const batch of walkIssues(deps, lists)) {
    const candidates = batch.filter(({ group }) => {
      const project = projects.get(group.projectId);
      // A group that changes its state during the walk can be met in both lists.
      if (project === undefined || seen.has(group.id)) return false;
      seen.add(group.id);
      return mayMatchIssue(filter, { group, project });
    });
    yield {
      found: await confirm(deps, { filter, projects }, candidates),
      walked: batch.length,
      last: batch.at(-1)?.position ?? null,
    };
  }
}

/** Reads the candidates themselves, since the list may lag behind them, and keeps those that do match. */
async function confirm(
  deps: ListIssuesDeps,
  { filter, projects }: Scope,
  candidates: readonly ListedGroup[],
): Promise<Found[]> {
  const ids = candidates.map(({ group }) => group.id);
  const [rows, bookmarks] = await Promise.all([
    deps.groups.withAssignments(ids),
    bookmarksOf(deps, filter, ids),
  ]);
  return candidates.flatMap(({ group: { id }, position }) => {
    const row = rows.get(id);
    const project = row && projects.get(row.group.projectId);
    if (row === undefined || project === undefined) return [];
    if (!isMatch(filter, row, project, bookmarks.get(id))) return [];
    return [{ row: { ...row, project }, position }];
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
  deps: ListIssuesDeps,
  filter: IssueFilter,
  groupIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const byGroup = new Map<string, Set<string>>();
  if (!needsPeople(filter)) return byGroup;
  const userIds = [...bookmarkersOf(filter)].flatMap(
    (actor) => actor.match(/^user:(.+)$/)?.[1] ?? [],
  );
  await Promise.all(
    userIds.map(async (id) => {
      for (const [groupId, marks] of await deps.marks.ofUser(id, groupIds)) {
        if (!marks.isBookmarked) continue;
        const users = byGroup.get(groupId) ?? new Set<string>();
        byGroup.set(groupId, users.add(formatActor({ type: 'user', id })));
      }
    }),
  );
  return byGroup;
}
