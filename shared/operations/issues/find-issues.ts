import { actorFromText } from '../../domain/actor.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import type { Group } from '../../domain/issues/group.ts';
import { holdersOf, mayMatchIssue } from '../../domain/issues/issue-filter.ts';
import { type IssueOrder, rankOf } from '../../domain/issues/issue-order.ts';
import type { ListedGroup } from '../../stores/issues/groups.ts';
import { matchingIssues } from './match-issues.ts';
import type { IssueRow } from './read-issue.ts';
import type { SearchIssuesDeps, SearchScope } from './search-issues.ts';
import { type WalkStart, walkIssues } from './walk-issues.ts';

export type FoundIssue = { readonly row: IssueRow; readonly position: string };

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

/** More actors than these are not asked one by one what they hold. */
const MOST_HOLDERS = 5;
/** Who holds more is found by the lists of the projects. */
const MOST_HELD = 1_000;
/** Issues of another order that are read together, at least. */
const SMALLEST_CHUNK = 100;

/**
 * Finds the issues of a scope, step by step: what somebody holds by the index of assignments, other
 * orders than `date` over the issues that were seen last, everything else along the lists of the
 * projects.
 */
export async function* findIssues(
  deps: SearchIssuesDeps,
  scope: SearchScope,
  start: WalkStart & { readonly wanted: number },
): AsyncGenerator<SearchStep> {
  const held = await heldGroups(deps, scope);
  if (held !== null) {
    const rows = await matchingIssues(deps, scope, held);
    const all = rows.map((row) => ({ row, position: positionIn(deps, scope.order, row.group) }));
    const found = inOrder(all, start);
    yield { found, walked: 0, last: found.at(-1)?.position ?? null, sortedWithin: null };
  } else if (scope.order === 'date') {
    yield* walkedIssues(deps, scope, start);
  } else {
    yield* sortedIssues(deps, scope, start);
  }
}

async function* walkedIssues(
  deps: SearchIssuesDeps,
  scope: SearchScope,
  start: WalkStart & { readonly wanted: number },
): AsyncGenerator<SearchStep> {
  for await (const { candidates, batch } of candidatesOf(deps, scope, start)) {
    const last = batch.at(-1)?.position ?? null;
    const found = await confirm(deps, scope, candidates.map(toPlaced));
    yield { found, walked: batch.length, last, sortedWithin: null };
  }
}

/**
 * Reads up to 10,000 rows of the lists to sort them; memory holds an id and a position for each.
 */
async function* sortedIssues(
  deps: SearchIssuesDeps,
  scope: SearchScope,
  start: WalkStart & { readonly wanted: number },
): AsyncGenerator<SearchStep> {
  const candidates: Placed[] = [];
  let walked = 0;
  let sortedWithin: number | null = null;
  for await (const step of candidatesOf(deps, scope, { wanted: scope.sortLimit })) {
    candidates.push(
      ...step.candidates.map(({ group }) => ({
        id: group.id,
        position: positionIn(deps, scope.order, group),
      })),
    );
    walked += step.batch.length;
    if (walked >= scope.sortLimit) {
      sortedWithin = walked;
      break;
    }
  }
  const sorted = inOrder(candidates, start);
  const size = Math.max(start.wanted, SMALLEST_CHUNK);
  for (let at = 0; at < sorted.length || at === 0; at += size) {
    const chunk = sorted.slice(at, at + size);
    const last = chunk.at(-1)?.position ?? null;
    yield { found: await confirm(deps, scope, chunk), walked: chunk.length, last, sortedWithin };
  }
}

/** The rows of the lists of a scope, and those that may match, as far as the rows tell. */
async function* candidatesOf(
  deps: SearchIssuesDeps,
  { filter, projects, since }: SearchScope,
  start: WalkStart & { readonly wanted: number },
): AsyncGenerator<{ readonly batch: ListedGroup[]; readonly candidates: ListedGroup[] }> {
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
    yield { batch, candidates };
  }
}

/** An issue of a list, before it is read. */
type Placed = { readonly id: string; readonly position: string };

function toPlaced({ group: { id }, position }: ListedGroup): Placed {
  return { id, position };
}

/**
 * Reads the candidates themselves, since the list may lag behind them, and keeps those that do
 * match.
 */
async function confirm(
  deps: SearchIssuesDeps,
  scope: SearchScope,
  candidates: readonly Placed[],
): Promise<FoundIssue[]> {
  const positions = new Map(candidates.map(({ id, position }) => [id, position]));
  const rows = await matchingIssues(deps, scope, [...positions.keys()]);
  return rows.flatMap((row) => {
    const position = positions.get(row.group.id);
    return position === undefined ? [] : [{ row, position }];
  });
}

/**
 * The groups that the actors hold to whom a search is limited, by the index of assignments: at most
 * 5 actors with 1,000 groups each. Null where it is not limited to any, or to more: then the lists
 * of its projects are walked. One round trip for each actor, concurrently, while they hold less
 * than a page.
 */
async function heldGroups(
  deps: SearchIssuesDeps,
  { filter, organizationId }: SearchScope,
): Promise<string[] | null> {
  const holders = holdersOf(filter);
  if (holders === null || holders.size > MOST_HOLDERS) {
    return null;
  }
  const held = await Promise.all(
    [...holders].map((holder) => groupsOf(deps, organizationId, holder)),
  );
  return held.includes(null) ? null : held.flatMap((groupIds) => groupIds ?? []);
}

async function groupsOf(
  deps: SearchIssuesDeps,
  organizationId: OrganizationId,
  holder: string,
): Promise<string[] | null> {
  const actor = actorFromText(holder);
  if (actor === undefined) {
    return [];
  }
  const { assignments, next } = await deps.assignments.groupsAssignedTo({
    organizationId,
    actor,
    limit: MOST_HELD,
  });
  return next === undefined ? assignments.map(({ groupId }) => groupId) : null;
}

/** Where an issue stands in a list of an order: the greatest comes first. */
function positionIn({ groups }: SearchIssuesDeps, order: IssueOrder, group: Group): string {
  const position = groups.positionOf(group);
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
