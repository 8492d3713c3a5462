import { MOST_PLANNED, type NamedIssue, type Plan } from '../../../domain/bulk/plan.ts';
import type { GroupId, ProjectId } from '../../../domain/ids.ts';
import type { Group, GroupStatus } from '../../../domain/issues/group.ts';
import {
  isListedMatch,
  mayMatchIssue,
  statusesFoundBy,
} from '../../../domain/issues/issue-filter.ts';
import { mapConcurrently } from '../../../map-concurrently.ts';
import type { IssueList } from '../../../stores/issues/issue-lists.ts';
import { issuesInScope } from '../../issues/delete-issues.ts';
import { matchingIssues } from '../../issues/match-issues.ts';
import type { SearchScope } from '../../issues/search-issues.ts';
import { groupsByIndex } from '../../lookup/groups-by-index.ts';
import { type FreezeIssuesDeps, searchOf } from './freeze-issues.ts';

/** What a plan would be about, before any of its issues is frozen. */
export type Survey = {
  /** No more are counted than the first that is too many for a plan. */
  readonly count: number;
  readonly projectIds: ReadonlySet<ProjectId>;
};

/** Where a survey has come to. */
type Tally = {
  count: number;
  readonly projectIds: Set<ProjectId>;
  readonly hasTime: () => boolean;
};

/** Issues looked at together. */
const PAGE = 1_000;
/** Lists read at the same time. */
const WIDTH = 32;
/** A longer survey leaves the rest to the worker that builds the plan: a request has 28 s. */
const LONGEST_MS = 15_000;

/**
 * Counts the issues that a plan would have, and says which projects they belong to. Where a search
 * asks for states alone the lists of its projects are counted, and nothing is read; any other is
 * followed along its lists, 1,000 entries a round trip, and issues are read where their entries do
 * not tell whether they are searched for. A take-back has been surveyed by its operation.
 */
export async function surveyPlan(
  deps: FreezeIssuesDeps,
  plan: Plan,
  named: readonly NamedIssue[],
): Promise<Survey> {
  const begun = Date.parse(plan.createdAt);
  const hasTime = () => Date.parse(deps.clock()) - begun < LONGEST_MS;
  const tally: Tally = { count: 0, projectIds: new Set(), hasTime };
  if (plan.source.kind === 'ids') {
    await surveyNamed(deps, plan, named, tally);
  }
  if (plan.source.kind === 'query') {
    await surveyFound(deps, await searchOf(deps, plan, plan.source), tally);
  }
  return tally;
}

async function surveyNamed(
  deps: FreezeIssuesDeps,
  { organizationId, projects }: Plan,
  named: readonly NamedIssue[],
  tally: Tally,
): Promise<void> {
  for (let start = 0; start < named.length; start += PAGE) {
    const groupIds = named.slice(start, start + PAGE).flatMap(({ groupId }) => groupId ?? []);
    const scope = { organizationId, projects, groupIds, followsMerges: true };
    count(tally, await issuesInScope(deps, scope));
  }
}

async function surveyFound(
  deps: FreezeIssuesDeps,
  scope: SearchScope,
  tally: Tally,
): Promise<void> {
  const statuses = statusesFoundBy(scope.filter);
  if (statuses !== null) {
    return countLists(deps, scope, statuses, tally);
  }
  const known = await groupsByIndex(deps, scope);
  if (known === null) {
    await mapConcurrently(WIDTH, scope.lists, (list) => surveyList(deps, scope, list, tally));
    return;
  }
  for (let start = 0; start < known.length; start += PAGE) {
    await readAndCount(deps, scope, known.slice(start, start + PAGE), tally);
  }
}

/** Counts the lists of the live projects of a scope without reading what is in them. */
async function countLists(
  deps: FreezeIssuesDeps,
  { organizationId, projects }: SearchScope,
  statuses: readonly GroupStatus[],
  tally: Tally,
): Promise<void> {
  const ids = projects.ids ?? (await deps.projects.idsOfOrganization(organizationId));
  const live = await projects.among(ids);
  const lists = ids
    .filter((projectId) => live.has(projectId))
    .flatMap((projectId) => statuses.map((status) => ({ projectId, status })));
  await mapConcurrently(WIDTH, lists, async (list) => {
    if (!goesOn(tally)) {
      return;
    }
    const found = await deps.issueLists.count(list, MOST_PLANNED + 1 - tally.count);
    if (found > 0) {
      tally.count += found;
      tally.projectIds.add(list.projectId);
    }
  });
}

async function surveyList(
  deps: FreezeIssuesDeps,
  scope: SearchScope,
  list: IssueList,
  tally: Tally,
): Promise<void> {
  const { filter, since } = scope;
  let from: string | undefined;
  let hasMore = true;
  while (hasMore && goesOn(tally)) {
    const { rows, more } = await deps.issueLists.page(list, {
      limit: PAGE,
      ...(from === undefined ? {} : { from }),
      ...(since === undefined ? {} : { since }),
    });
    const candidates = rows.filter(({ group }) => mayMatchIssue(filter, group));
    const live = await scope.projects.among(candidates.map(({ group }) => group.projectId));
    const inScope = candidates.filter(({ group }) => live.has(group.projectId));
    const told = inScope.filter(({ group }) => isListedMatch(filter, group));
    count(tally, told);
    if (told.length < inScope.length) {
      const open = inScope.filter(({ group }) => !isListedMatch(filter, group));
      const openIds = open.map(({ group }) => group.id);
      await readAndCount(deps, scope, openIds, tally);
    }
    from = rows.at(-1)?.position ?? from;
    hasMore = more;
  }
}

function goesOn({ count: counted, hasTime }: Tally): boolean {
  return counted <= MOST_PLANNED && hasTime();
}

async function readAndCount(
  deps: FreezeIssuesDeps,
  scope: SearchScope,
  groupIds: readonly GroupId[],
  tally: Tally,
): Promise<void> {
  count(tally, await matchingIssues(deps, scope, groupIds, 'eventual'));
}

function count(tally: Tally, found: readonly { readonly group: Pick<Group, 'projectId'> }[]) {
  tally.count += found.length;
  for (const { group } of found) {
    tally.projectIds.add(group.projectId);
  }
}
