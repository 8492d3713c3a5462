import { invalidRequest } from '../../domain/errors.ts';
import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import { needsPeople } from '../../domain/issues/issue-filter.ts';
import type { AssignedGroupRow, GroupStore } from '../../stores/issues/groups.ts';
import { BULK_LIMIT, type Selection, selectById } from '../lookup/select-groups.ts';
import { findIssues } from './find-issues.ts';
import { matchingNamedIssues } from './match-issues.ts';
import {
  type IssueSearch,
  type SearchIssuesDeps,
  type SearchScope,
  scopeOf,
} from './search-issues.ts';
import type { WalkStart } from './walk-issues.ts';

/** The issues that a search finds, and their rows where these have been read consistently. */
export type FoundIssues = Selection & { readonly rows?: readonly AssignedGroupRow[] };

/** The issues that a bulk write is about. */
export type BulkIssues = FoundIssues & {
  /** Whether the request named them: one that was merged stands for the one that it went into. */
  readonly followsMerges: boolean;
};

export type SelectIssuesDeps = SearchIssuesDeps & {
  readonly groups: Pick<GroupStore, 'idOfShortId'>;
};

/**
 * What a bulk write is about: the list that a search gives, from a position on, and how many of it.
 */
export type BulkSearch = IssueSearch &
  WalkStart & {
    readonly limit?: number;
    /** Rows that it may look at; 20,000 unless it says otherwise. */
    readonly walkLimit?: number;
  };

/** Rows that one bulk write may look at. */
const BULK_WALK_LIMIT = 20_000;

/**
 * The issues that a bulk write by search changes: the first 1,000 of the list that the same search
 * gives, or fewer where it says so. Throws as `listIssues` does, and `request.invalid` for a name
 * that stands for nobody: its negation would reach every issue. Where a search asks for people,
 * and so reads issues of which it finds few, these are read as they were a moment ago, at half the
 * price, and are to be read again.
 */
export async function selectIssues(
  deps: SearchIssuesDeps,
  search: BulkSearch,
): Promise<FoundIssues> {
  const { from, backwards = false, walkLimit = BULK_WALK_LIMIT } = search;
  const limit = Math.min(search.limit ?? BULK_LIMIT, BULK_LIMIT);
  const scope = await knownScopeOf(deps, search);
  const start = {
    wanted: Math.min(limit + 1, walkLimit),
    walkLimit,
    backwards,
    consistency: needsPeople(scope.filter) ? ('eventual' as const) : ('consistent' as const),
    ...(from === undefined ? {} : { from }),
  };
  const found = new Map<GroupId, AssignedGroupRow>();
  const selected = (truncated: boolean): FoundIssues => {
    const groupIds = [...found.keys()].slice(0, limit);
    const rows = [...found.values()].slice(0, limit);
    return { groupIds, truncated, ...(start.consistency === 'consistent' && { rows }) };
  };
  let walked = 0;
  let isCut = false;
  for await (const step of findIssues(deps, scope, start)) {
    for (const { row } of step.found) {
      found.set(row.group.id, row);
    }
    walked += step.walked;
    isCut = step.sortedWithin !== null;
    if (found.size > limit || walked >= walkLimit) {
      return selected(true);
    }
  }
  return selected(isCut);
}

/**
 * The issues that a bulk write names by their ids: those of them that its search finds too, where
 * it has one. Ids never fall through to a search. Throws as `selectIssues` does.
 */
export async function selectNamedIssues(
  deps: SelectIssuesDeps,
  organizationId: OrganizationId,
  ids: readonly string[],
  { search, limit = BULK_LIMIT }: { readonly search: IssueSearch | null; readonly limit?: number },
): Promise<BulkIssues> {
  const [named, scope] = await Promise.all([
    selectById(deps, organizationId, ids),
    search && knownScopeOf(deps, search),
  ]);
  if (scope === null) {
    const { groupIds, truncated } = named;
    return {
      groupIds: groupIds.slice(0, limit),
      followsMerges: true,
      truncated: truncated || groupIds.length > limit,
    };
  }
  const found = await matchingNamedIssues(deps, scope, named.groupIds, 'consistent');
  const rows = found.slice(0, limit);
  return {
    groupIds: rows.map(({ group }) => group.id),
    rows,
    followsMerges: false,
    truncated: named.truncated || found.length > limit,
  };
}

async function knownScopeOf(deps: SearchIssuesDeps, search: IssueSearch): Promise<SearchScope> {
  const scope = await scopeOf(deps, search);
  const [unknown] = scope.unknown;
  if (unknown !== undefined) {
    throw invalidRequest(unknown);
  }
  return scope;
}
