import { invalidRequest } from '../../domain/errors.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import type { GroupStore } from '../../stores/issues/groups.ts';
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

/** The issues that a bulk write is about. */
export type BulkIssues = Selection & {
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
 * that stands for nobody: its negation would reach every issue.
 */
export async function selectIssues(deps: SearchIssuesDeps, search: BulkSearch): Promise<Selection> {
  const { from, backwards = false, walkLimit = BULK_WALK_LIMIT } = search;
  const limit = Math.min(search.limit ?? BULK_LIMIT, BULK_LIMIT);
  const scope = await knownScopeOf(deps, search);
  const start = {
    wanted: Math.min(limit + 1, walkLimit),
    walkLimit,
    backwards,
    ...(from === undefined ? {} : { from }),
  };
  const groupIds = new Set<string>();
  let walked = 0;
  let isCut = false;
  for await (const step of findIssues(deps, scope, start)) {
    for (const { row } of step.found) {
      groupIds.add(row.group.id);
    }
    walked += step.walked;
    isCut = step.sortedWithin !== null;
    if (groupIds.size > limit || walked >= walkLimit) {
      return { groupIds: [...groupIds].slice(0, limit), truncated: true };
    }
  }
  return { groupIds: [...groupIds], truncated: isCut };
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
  const found =
    scope === null
      ? named.groupIds
      : (await matchingNamedIssues(deps, scope, named.groupIds, 'consistent')).map(
          ({ group }) => group.id,
        );
  return {
    groupIds: found.slice(0, limit),
    followsMerges: scope === null,
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
