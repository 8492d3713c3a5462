import type { Group } from '../../domain/issues/group.ts';
import { mayMatchIssue } from '../../domain/issues/issue-filter.ts';
import { type IssueOrder, rankOf } from '../../domain/issues/issue-order.ts';
import type { ListedGroup } from '../../stores/issues/issue-lists.ts';
import type { Consistency } from '../../stores/table.ts';
import { groupsByIndex } from '../lookup/groups-by-index.ts';
import { matchingIssues } from './match-issues.ts';
import type { IssueRow } from './read-issue.ts';
import type { SearchIssuesDeps, SearchScope } from './search-issues.ts';
import { type WalkStart, walkIssues } from './walk-issues.ts';

export type FoundIssue = { readonly row: IssueRow; readonly position: string };

/** Where a search starts, how many issues it hopes for, and how many rows it may look at. */
export type SearchStart = WalkStart & {
  readonly wanted: number;
  readonly walkLimit: number;
  /** How the issues are read that may be meant: as they were a moment ago unless it says so. */
  readonly consistency?: Consistency;
};

/** What one step of a search found, in the order of the list. */
export type SearchStep = {
  readonly found: FoundIssue[];
  /** Rows that were looked at for it: what bounds a search. */
  readonly walked: number;
  /** The position after which the search goes on; null where nothing was looked at. */
  readonly last: string | null;
  /** The number of issues, last seen first, over which the order holds; null for all. */
  readonly sortedWithin: number | null;
};

/** Issues of another order that are read together, at least. */
const SMALLEST_CHUNK = 100;

/**
 * Finds the issues of a scope, step by step: by an index or by their keys where the search is
 * limited to what these tell, other orders than `date` over the issues that were seen last,
 * everything else along the lists.
 */
export async function* findIssues(
  deps: SearchIssuesDeps,
  scope: SearchScope,
  start: SearchStart,
): AsyncGenerator<SearchStep> {
  const known = await groupsByIndex(deps, scope);
  if (known !== null) {
    const rows = await matchingIssues(deps, scope, known, consistencyOf(start));
    const all = rows.map((row) => ({ row, position: positionIn(deps, scope.order, row.group) }));
    const found = inOrder(all, start);
    yield { found, walked: 0, last: found.at(-1)?.position ?? null, sortedWithin: null };
  } else if (scope.order === 'date') {
    yield* walkedIssues(deps, scope, start);
  } else {
    yield* sortedIssues(deps, scope, scope.order, start);
  }
}

function consistencyOf({ consistency = 'eventual' }: SearchStart): Consistency {
  return consistency;
}

/**
 * Reads the candidates of a walk, no more at a time than are wanted, and keeps those that do match:
 * the lists may lag behind them.
 */
async function* walkedIssues(
  deps: SearchIssuesDeps,
  scope: SearchScope,
  start: SearchStart,
): AsyncGenerator<SearchStep> {
  const size = Math.max(start.wanted, SMALLEST_CHUNK);
  let room = start.walkLimit;
  for await (const step of candidatesOf(deps, scope, start)) {
    const { batch, candidates } = firstOf(step, room, start);
    room -= batch.length;
    let walked = 0;
    for (let at = 0; at < candidates.length || at === 0; at += size) {
      const chunk = candidates.slice(at, at + size);
      const [next] = candidates.slice(at + size);
      const reached = next === undefined ? batch.length : batch.indexOf(next);
      yield {
        found: await matchingListed(deps, scope, chunk, consistencyOf(start)),
        walked: reached - walked,
        last: batch[reached - 1]?.position ?? null,
        sortedWithin: null,
      };
      walked = reached;
    }
  }
}

async function matchingListed(
  deps: SearchIssuesDeps,
  scope: SearchScope,
  listed: readonly ListedGroup[],
  consistency: Consistency,
): Promise<FoundIssue[]> {
  const positions = new Map(listed.map(({ group, position }) => [group.id, position]));
  const rows = await matchingIssues(deps, scope, [...positions.keys()], consistency);
  return rows.flatMap((row) => {
    const position = positions.get(row.group.id);
    return position === undefined ? [] : [{ row, position }];
  });
}

/**
 * Reads up to 10,000 entries of the lists to sort them; memory holds an id and two positions for
 * each. Where lists know a count within a range, the issues whose ranges meet are read until their
 * order is certain, or as many are read as a page may look at.
 */
async function* sortedIssues(
  deps: SearchIssuesDeps,
  scope: SearchScope,
  order: Ranking,
  start: SearchStart,
): AsyncGenerator<SearchStep> {
  const { candidates, sortedWithin } = await candidatesToSort(deps, scope, order, start);
  const backwards = start.backwards ?? false;
  const size = Math.max(start.wanted, SMALLEST_CHUNK);
  let waiting: FoundIssue[] = [];
  for (let at = 0; at < candidates.length || at === 0; at += size) {
    const chunk = candidates.slice(at, at + size);
    const ids = chunk.map(({ id }) => id);
    const rows = await matchingIssues(deps, scope, ids, consistencyOf(start));
    const read = rows.map((row) => ({ row, position: positionIn(deps, order, row.group) }));
    const sorted = inOrder([...waiting, ...read], start);
    const bound = boundOf(candidates[at + size], backwards);
    const isAtBounds = at + size >= start.walkLimit;
    const isCertain = ({ position }: FoundIssue) =>
      bound === null || isAtBounds || (backwards ? position < bound : position > bound);
    const found = sorted.filter(isCertain);
    waiting = sorted.filter((one) => !isCertain(one));
    const within = isAtBounds && bound !== null ? at + chunk.length : sortedWithin;
    yield { found, walked: chunk.length, last: bound, sortedWithin: within };
  }
}

type Ranking = Exclude<IssueOrder, 'date'>;

/** An issue that may be found, and the positions between which it is in an order. */
type Candidate = { readonly id: string; readonly lowest: string; readonly highest: string };

/** What may come after the start, nearest first. */
async function candidatesToSort(
  deps: SearchIssuesDeps,
  scope: SearchScope,
  order: Ranking,
  { from, backwards = false }: WalkStart,
): Promise<{ readonly candidates: Candidate[]; readonly sortedWithin: number | null }> {
  const candidates: Candidate[] = [];
  let walked = 0;
  let sortedWithin: number | null = null;
  for await (const step of candidatesOf(deps, scope, { wanted: scope.sortLimit })) {
    const within = firstOf(step, scope.sortLimit - walked);
    candidates.push(...within.candidates.map((listed) => candidateOf(order, listed)));
    walked += within.batch.length;
    if (walked >= scope.sortLimit) {
      sortedWithin = walked;
      break;
    }
  }
  const after = candidates.filter(
    ({ lowest, highest }) => from === undefined || (backwards ? highest > from : lowest < from),
  );
  const sorted = backwards
    ? after.toSorted((a, b) => (a.lowest < b.lowest ? -1 : 1))
    : after.toSorted((a, b) => (a.highest < b.highest ? 1 : -1));
  return { candidates: sorted, sortedWithin };
}

function candidateOf(order: Ranking, { group, position }: ListedGroup): Candidate {
  const ranked = (end: 'min' | 'max') =>
    rankOf(order, {
      ...group,
      timesSeen: group.timesSeen[end],
      userCount: group.userCount[end],
    });
  return {
    id: group.id,
    lowest: `${ranked('min')}#${position}`,
    highest: `${ranked('max')}#${position}~`,
  };
}

/** A position before everything that a candidate and those behind it can have; null for none. */
function boundOf(candidate: Candidate | undefined, backwards: boolean): string | null {
  if (candidate === undefined) {
    return null;
  }
  return backwards ? candidate.lowest : candidate.highest;
}

/** Rows of lists, and those of them that may match. */
type WalkStep = {
  readonly batch: readonly ListedGroup[];
  readonly candidates: readonly ListedGroup[];
};

/** No more rows of a step than there is room for. */
function firstOf(
  { batch, candidates }: WalkStep,
  room: number,
  { backwards = false }: WalkStart = {},
): WalkStep {
  const end = batch[room - 1]?.position;
  const isWithin = ({ position }: ListedGroup) =>
    end === undefined || (backwards ? position <= end : position >= end);
  return { batch: batch.slice(0, room), candidates: candidates.filter(isWithin) };
}

/** The rows of the lists of a scope, and those that may match, as far as the rows tell. */
async function* candidatesOf(
  deps: SearchIssuesDeps,
  { filter, lists, since }: SearchScope,
  start: WalkStart & { readonly wanted: number },
): AsyncGenerator<WalkStep> {
  const walk = { ...start, lists, ...(since === undefined ? {} : { since }) };
  const seen = new Set<string>();
  for await (const batch of walkIssues(deps, walk)) {
    const candidates = batch.filter(({ group }) => {
      // A group that changes its state during the walk can be met in both lists.
      if (seen.has(group.id)) {
        return false;
      }
      seen.add(group.id);
      return mayMatchIssue(filter, group);
    });
    yield { batch, candidates };
  }
}

/** The position of an issue in a list of an order: the greatest comes first. */
function positionIn({ issueLists }: SearchIssuesDeps, order: IssueOrder, group: Group): string {
  const position = issueLists.positionOf(group);
  return order === 'date' ? position : `${rankOf(order, group)}#${position}`;
}

/** What comes after a position, nearest first. */
function inOrder<T extends { readonly position: string }>(
  all: readonly T[],
  { from, backwards = false }: WalkStart,
): T[] {
  return all
    .filter(({ position }) => from === undefined || (backwards ? position > from : position < from))
    .toSorted((a, b) => (a.position < b.position === backwards ? -1 : 1));
}
