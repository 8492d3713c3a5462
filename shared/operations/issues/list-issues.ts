import type { GroupId } from '../../domain/ids.ts';
import { needsOwners } from '../../domain/issues/issue-filter.ts';
import { type FoundIssue, findIssues, type SearchStart } from './find-issues.ts';
import { matchingNamedIssues } from './match-issues.ts';
import type { IssueRow } from './read-issue.ts';
import {
  type IssueSearch,
  type SearchIssuesDeps,
  type SearchScope,
  scopeOf,
} from './search-issues.ts';
import type { WalkStart } from './walk-issues.ts';

export type IssuePage = {
  readonly issues: readonly IssueRow[];
  /** Where the next page starts; null after the last one. */
  readonly next: string | null;
  /** Where the page before this one starts, going backwards; null before the first one. */
  readonly previous: string | null;
  /**
   * Whether the page ended at its bounds: it has fewer issues than were asked for, and there may be
   * more.
   */
  readonly truncated: boolean;
  /** The number of issues, last seen first, over which the order holds; null for all. */
  readonly sortedWithin: number | null;
};

/**
 * Rows that one page may look at: a search that finds little answers with little, and says where to
 * go on.
 */
const PAGE_WALK_LIMIT = 2_000;
/** The same where each costs a Query for its suggested owners. */
const OWNERS_WALK_LIMIT = 500;

/**
 * One page of the issues that a search finds, in its order. Throws `request.invalid` for a
 * search that cannot be understood, `resource.not_found` for a project that is not there. A page
 * looks at a bounded number of rows: it may hold fewer issues than `limit`, or none, and yet not be
 * the last.
 */
export async function listIssues(
  deps: SearchIssuesDeps,
  search: IssueSearch & WalkStart & { readonly limit: number },
): Promise<IssuePage> {
  const { limit, from, backwards = false } = search;
  const scope = await scopeOf(deps, search);
  const { found, last, more, sortedWithin } = await collect(deps, scope, {
    wanted: limit + 1,
    walkLimit: needsOwners(scope.filter) ? OWNERS_WALK_LIMIT : PAGE_WALK_LIMIT,
    backwards,
    ...(from === undefined ? {} : { from }),
  });
  const page = found.slice(0, limit);
  const truncated = more && found.length <= limit;
  const end = found.length > limit ? (page.at(-1)?.position ?? null) : last;
  const ahead = more ? end : null;
  const behind = from === undefined ? null : (page[0]?.position ?? from);
  const issues = page.map(({ row }) => row);
  return backwards
    ? { issues: issues.reverse(), next: behind, previous: ahead, truncated, sortedWithin }
    : { issues, next: ahead, previous: behind, truncated, sortedWithin };
}

/** Walks until enough is found, 2,000 rows were looked at, or the list ends. */
async function collect(
  deps: SearchIssuesDeps,
  scope: SearchScope,
  start: SearchStart,
): Promise<{
  readonly found: readonly FoundIssue[];
  /** The position of the last row that was looked at; null for none. */
  readonly last: string | null;
  /** Whether there may be more. */
  readonly more: boolean;
  readonly sortedWithin: number | null;
}> {
  const found: FoundIssue[] = [];
  let walked = 0;
  let last: string | null = null;
  let sortedWithin: number | null = null;
  for await (const step of findIssues(deps, scope, start)) {
    found.push(...step.found);
    walked += step.walked;
    last = step.last;
    sortedWithin = step.sortedWithin;
    if (found.length >= start.wanted || walked >= start.walkLimit) {
      return { found, last, more: true, sortedWithin };
    }
  }
  return { found, last, more: false, sortedWithin };
}

/**
 * Those of the issues of these ids that a search finds, in the order of the ids. Throws as
 * `listIssues` does.
 */
export async function listNamedIssues(
  deps: SearchIssuesDeps,
  search: IssueSearch,
  groupIds: readonly GroupId[],
): Promise<IssueRow[]> {
  return matchingNamedIssues(deps, await scopeOf(deps, search), groupIds, 'consistent');
}
