import type { GroupId, ProjectId, TeamId } from '../../domain/ids.ts';
import type { Assignment } from '../../domain/issues/assignee.ts';
import type { IndexedGroup } from '../../domain/issues/indexed-group.ts';
import type { GroupOwner } from '../../domain/ownership/auto-assignment.ts';
import { teamOfWinner } from '../../domain/ownership/owner-consequences.ts';
import {
  decideReconcile,
  needsOwners,
  type ReconcileSettings,
  type ReconcileVerdict,
} from '../../domain/ownership/trial/reconcile.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { SeenGroupStore } from '../../stores/ingest/seen-groups.ts';
import type { AssignmentStore } from '../../stores/issues/assignments.ts';
import type { IssueListStore } from '../../stores/issues/issue-lists.ts';
import type { GroupOwnerStore } from '../../stores/ownership/group-owners.ts';
import type { Clock } from '../deps.ts';
import { type EvaluateEventDeps, evaluateEvents } from './evaluate-event.ts';
import { toGroupOwner } from './evaluate-owners.ts';
import type { ProjectRules } from './rule-reader.ts';

export type TryIssuesDeps = EvaluateEventDeps & {
  readonly assignments: Pick<AssignmentStore, 'ofGroups'>;
  readonly owners: Pick<GroupOwnerStore, 'ofGroup'>;
  readonly seenGroups: Pick<SeenGroupStore, 'evaluatedAmong'>;
  readonly clock: Clock;
};

export type TryRulesDeps = TryIssuesDeps & {
  readonly issueLists: Pick<IssueListStore, 'page'>;
};

/** An open issue, and what rules would do with it; no verdict without an event to try them on. */
export type TriedIssue = {
  readonly issue: IndexedGroup;
  readonly verdict: ReconcileVerdict | null;
  /** What the verdict was found on. */
  readonly assignment: Assignment | null;
  /** The team that owns the issue by these rules; null for none. */
  readonly teamId: TeamId | null;
  /** The work of the evaluation, in comparisons. */
  readonly steps: number;
};

/** Issues that were tried together, and whether there are others behind them. */
export type TriedPage = { readonly issues: readonly TriedIssue[]; readonly more: boolean };

/** The rules that are tried, and where. */
export type Trial = {
  readonly project: ProjectWithTeams;
  readonly rules: Pick<ProjectRules, 'rules' | 'codeowners'>;
  readonly reconcile: ReconcileSettings;
};

/** Issues whose assignments are read together, and those whose events are in memory together. */
const PAGE = 100;
const EVENTS_TOGETHER = 10;
const CHUNKS_TOGETHER = 4;
/** Look-ups of suggested owners at the same time. */
const WIDTH = 32;

/**
 * The open issues of a project, last seen first, page by page, with what these rules would do with
 * each of them: as an event, or a reconciliation, would by the same rules. Nothing is written. At
 * most 40 events are in memory, whatever the number of issues.
 */
export async function* tryRules(deps: TryRulesDeps, trial: Trial): AsyncGenerator<TriedPage> {
  for await (const { page, more } of openIssues(deps, trial.project.project.id)) {
    yield { issues: await tryIssues(deps, trial, page), more };
  }
}

/** What rules would do with these issues of their project, at most 100 of them. */
export async function tryIssues(
  deps: TryIssuesDeps,
  trial: Trial,
  issues: readonly IndexedGroup[],
): Promise<TriedIssue[]> {
  const assignments = await deps.assignments.ofGroups(issues.map(({ id }) => id));
  const chunks = Array.from({ length: Math.ceil(issues.length / EVENTS_TOGETHER) }, (_, index) =>
    issues.slice(index * EVENTS_TOGETHER, (index + 1) * EVENTS_TOGETHER),
  );
  const tried = await mapConcurrently(CHUNKS_TOGETHER, chunks, (chunk) =>
    tryChunk(deps, trial, chunk, assignments),
  );
  return tried.flat();
}

/** What rules would do with a few issues. Four round trips. */
async function tryChunk(
  deps: TryIssuesDeps,
  { project, rules, reconcile }: Trial,
  issues: readonly IndexedGroup[],
  assignments: ReadonlyMap<GroupId, Assignment>,
): Promise<TriedIssue[]> {
  const events = await deps.seenGroups.evaluatedAmong(issues.map(({ id }) => id));
  const withEvent = issues.filter(({ id }) => events.has(id));
  const given = withEvent.flatMap(({ id }) => events.get(id) ?? []);
  const evaluations = await evaluateEvents(deps, project, rules, given);
  const owners = await readOwners(deps, reconcile, withEvent, assignments);
  const now = deps.clock();
  return issues.map((issue) => {
    const evaluation = evaluations[withEvent.indexOf(issue)];
    const assignment = assignments.get(issue.id) ?? null;
    if (evaluation === undefined) {
      return { issue, verdict: null, assignment, teamId: null, steps: 0 };
    }
    const facts = { evaluation, assignment, owners: owners.get(issue.id) ?? [] };
    const verdict = decideReconcile(facts, reconcile, now);
    const { steps } = evaluation;
    return { issue, verdict, assignment, teamId: teamOfWinner(evaluation), steps };
  });
}

/** Who is suggested for the issues about which that decides anything; mostly none of them. */
async function readOwners(
  deps: TryIssuesDeps,
  { settings }: ReconcileSettings,
  issues: readonly IndexedGroup[],
  assignments: ReadonlyMap<GroupId, Assignment>,
): Promise<Map<GroupId, GroupOwner[]>> {
  const asked = issues.filter(({ id }) => needsOwners(assignments.get(id) ?? null, settings));
  const found = await mapConcurrently(WIDTH, asked, async ({ id }) => {
    const owners = await deps.owners.ofGroup(id);
    return [id, owners.map(toGroupOwner)] as const;
  });
  return new Map(found);
}

async function* openIssues(
  deps: Pick<TryRulesDeps, 'issueLists'>,
  projectId: ProjectId,
): AsyncGenerator<{ readonly page: readonly IndexedGroup[]; readonly more: boolean }> {
  const list = { projectId, status: 'unresolved' } as const;
  let from: string | undefined;
  for (let more = true; more; ) {
    const part = from === undefined ? { limit: PAGE } : { limit: PAGE, from };
    const page = await deps.issueLists.page(list, part);
    from = page.rows.at(-1)?.position;
    more = page.more && from !== undefined;
    yield { page: page.rows.map(({ group }) => group), more };
  }
}
