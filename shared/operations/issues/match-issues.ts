import { formatActor } from '../../domain/actor.ts';
import type { GroupId } from '../../domain/ids.ts';
import { isVisible } from '../../domain/issues/group.ts';
import {
  bookmarkersOf,
  type IssueFacts,
  type IssueFilter,
  matchesIssue,
  needsOwners,
  needsPeople,
} from '../../domain/issues/issue-filter.ts';
import type { Project } from '../../domain/projects/project.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { AssignedGroupRow } from '../../stores/issues/groups.ts';
import type { Consistency } from '../../stores/table.ts';
import { whereMerged } from '../lookup/follow-merges.ts';
import type { IssueRow } from './read-issue.ts';
import type { SearchIssuesDeps, SearchScope } from './search-issues.ts';

/** Queries for suggested owners at the same time. */
const WIDTH = 32;
const NOBODY: ReadonlySet<string> = new Set();

/**
 * Those of some issues, named by their ids, that are in a scope and match, in the order of the ids.
 * Two round trips for 50 of them.
 */
export async function matchingIssues(
  deps: SearchIssuesDeps,
  { filter, projects: scope }: SearchScope,
  groupIds: readonly GroupId[],
  consistency: Consistency,
): Promise<IssueRow[]> {
  const [rows, owners] = await Promise.all([
    deps.groups.withAssignments(groupIds, consistency),
    suggestedOwnersOf(deps, filter, groupIds),
  ]);
  const [bookmarks, projects] = await Promise.all([
    bookmarksOf(deps, filter, [...rows.values()], consistency),
    scope.among([...rows.values()].map(({ group }) => group.projectId)),
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
 * The same for issues that a request names: in the place of one that was merged into another one
 * the one that it went into, each once. One round trip more, and two for each merge, where some of
 * them are not found.
 */
export async function matchingNamedIssues(
  deps: SearchIssuesDeps,
  scope: SearchScope,
  groupIds: readonly GroupId[],
  consistency: Consistency,
): Promise<IssueRow[]> {
  const found = await matchingIssues(deps, scope, groupIds, consistency);
  const rows = new Map(found.map((row) => [row.group.id, row]));
  const merged = await whereMerged(
    deps,
    groupIds.filter((id) => !rows.has(id)),
  );
  const reached = [...new Set(merged.values())].filter((id) => !rows.has(id));
  if (reached.length > 0) {
    for (const row of await matchingIssues(deps, scope, reached, consistency)) {
      rows.set(row.group.id, row);
    }
  }
  const current = new Set(groupIds.map((id) => merged.get(id) ?? id));
  return [...current].flatMap((id) => rows.get(id) ?? []);
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

/** The suggested owners of each of these groups, where the search asks for them: a Query each. */
async function suggestedOwnersOf(
  deps: SearchIssuesDeps,
  filter: IssueFilter,
  groupIds: readonly GroupId[],
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
  rows: readonly AssignedGroupRow[],
  consistency: Consistency,
): Promise<Map<string, Set<string>>> {
  const byGroup = new Map<string, Set<string>>();
  if (!needsPeople(filter)) {
    return byGroup;
  }
  const userIds = [...bookmarkersOf(filter)].flatMap(
    (actor) => actor.match(/^user:(.+)$/)?.[1] ?? [],
  );
  const groups = rows.map(({ group, hasUserRows }) => ({ id: group.id, hasUserRows }));
  await Promise.all(
    userIds.map(async (id) => {
      for (const [groupId, userFlags] of await deps.userFlags.ofUser(id, groups, consistency)) {
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
