import { actorFromText, formatActor } from '../../domain/actor.ts';
import { isVisible } from '../../domain/issues/group.ts';
import {
  bookmarkersOf,
  holdersOf,
  type IssueFacts,
  type IssueFilter,
  matchesIssue,
  mayMatchIssue,
  needsOwners,
  needsPeople,
} from '../../domain/issues/issue-filter.ts';
import { type Narrowing, narrowed, parseIssueQuery } from '../../domain/issues/issue-query.ts';
import type { Project } from '../../domain/projects/project.ts';
import type { AssignmentStore } from '../../stores/issues/assignments.ts';
import {
  type AssignedGroupRow,
  type GroupStore,
  type ListedGroup,
  positionOf,
} from '../../stores/issues/groups.ts';
import type { UserFlagStore } from '../../stores/issues/user-flags.ts';
import type { GroupOwnerStore } from '../../stores/ownership/group-owners.ts';
import { type ScopeProjectsDeps, scopeProjects } from '../lookup/scope-projects.ts';
import { mapConcurrently } from '../map-concurrently.ts';
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
    readonly assignments: Pick<AssignmentStore, 'groupsAssignedTo'>;
    readonly owners: Pick<GroupOwnerStore, 'ofGroup'>;
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
    /** What ages such as `-24h` count back from, ISO 8601 in UTC. */
    readonly now: string;
  };

/** A search whose projects and names have been looked up. */
export type SearchScope = {
  readonly organizationId: string;
  readonly filter: IssueFilter;
  readonly projects: ReadonlyMap<string, Project>;
  /** Where its lists end; absent where they do not. */
  readonly since?: string;
  /** What of it stands for nobody or nothing, a sentence each. */
  readonly unknown: readonly string[];
};

/** More actors than these are not asked one by one what they hold. */
const MOST_HOLDERS = 5;
/** Who holds more is found by the lists of the projects. */
const MOST_HELD = 1_000;
/** Queries for suggested owners at the same time. */
const WIDTH = 32;
const NOBODY: ReadonlySet<string> = new Set();

export type FoundIssue = { readonly row: IssueRow; readonly position: string };

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
  const held = await heldGroups(deps, scope);
  if (held !== null) {
    yield { ...positioned(await matchingIssues(deps, scope, held), start), walked: 0 };
    return;
  }
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
  const [rows, bookmarks, owners] = await Promise.all([
    deps.groups.withAssignments(groupIds),
    bookmarksOf(deps, filter, groupIds),
    suggestedOwnersOf(deps, filter, groupIds),
  ]);
  return groupIds.flatMap((id) => {
    const row = rows.get(id);
    const project = row && projects.get(row.group.projectId);
    if (row === undefined || project === undefined) {
      return [];
    }
    const people = { bookmarkedBy: bookmarks.get(id) ?? NOBODY, owners: owners.get(id) ?? NOBODY };
    return isMatch(filter, row, project, people) ? [{ ...row, project }] : [];
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
  people: Pick<IssueFacts, 'bookmarkedBy' | 'owners'>,
): boolean {
  const { group } = row;
  const assignee = row.assignment?.assignee ?? null;
  return (
    isVisible(group.status) &&
    filter.statuses.includes(group.status) &&
    matchesIssue(filter, { group, project, assignee, ...people })
  );
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
  organizationId: string,
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

/** Issues as their list shows them from a position on. */
function positioned(
  rows: readonly IssueRow[],
  { from, backwards = false }: WalkStart,
): { found: FoundIssue[]; last: string | null } {
  const all = rows
    .map((row) => ({ row, position: positionOf(row.group) }))
    .toSorted((a, b) => (a.position < b.position === backwards ? -1 : 1));
  const found = all.filter(
    ({ position }) => from === undefined || (backwards ? position > from : position < from),
  );
  return { found, last: found.at(-1)?.position ?? null };
}

/** The suggested owners of each of these groups, where the search asks for them: a Query each. */
async function suggestedOwnersOf(
  deps: SearchIssuesDeps,
  filter: IssueFilter,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const owners = await mapConcurrently(
    WIDTH,
    needsOwners(filter) ? groupIds : [],
    async (id) => [id, await deps.owners.ofGroup(id)] as const,
  );
  return new Map(
    owners.map(([id, suggested]) => [id, new Set(suggested.flatMap(({ owner }) => owner ?? []))]),
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
