import { type Actor, formatActor } from '../../domain/actor.ts';
import type { RecordedOutcome } from '../../domain/bulk/outcome.ts';
import type { Assignee } from '../../domain/issues/assignee.ts';
import type { GroupChanges, GroupFacts } from '../../domain/issues/group-changes.ts';
import type { IndexedGroup } from '../../domain/issues/indexed-group.ts';
import { ownerTeamByRules } from '../../domain/issues/owner-team.ts';
import { type Reconciliation, reconciliationOf } from '../../domain/ownership/trial/reconcile.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import { completeAhead } from '../issues/change-group.ts';
import { assignAs, type FindAutoAssigneeDeps, readAssignee } from '../ownership/auto-assign.ts';
import {
  type Trial,
  type TriedIssue,
  type TryIssuesDeps,
  tryIssues,
} from '../ownership/try-rules.ts';
import {
  type ChangeIssueDeps,
  changeIssue,
  type Decided,
  leftAlone,
  type PartOf,
} from './change-issue.ts';

export type ReconcileIssuesDeps = ChangeIssueDeps & TryIssuesDeps & FindAutoAssigneeDeps;

/** Issues changed at the same time. */
const WIDTH = 16;

/** An issue that goes to somebody, who is null where they cannot be assigned. */
type Move = {
  readonly tried: TriedIssue;
  readonly moved: Extract<Reconciliation, { kind: 'move' }>;
  readonly assignee: Assignee | null;
};

/**
 * Gives open issues of a project to whom its rules name, as a preview says of the same rules, and
 * records what became of each; in a dry run it only records. What somebody has changed since it was
 * decided on is left alone. At most 100 issues.
 */
export async function reconcileIssues(
  deps: ReconcileIssuesDeps,
  part: PartOf,
  trial: Trial,
  issues: readonly IndexedGroup[],
): Promise<readonly RecordedOutcome[]> {
  const tried = await tryIssues(deps, trial, issues);
  const verdicts = tried.map((one) => ({ one, reconciliation: reconciliationOf(one.verdict) }));
  const staying = verdicts.flatMap(({ one: { issue }, reconciliation }) =>
    reconciliation.kind === 'stay'
      ? [recordOf(issue, leftAlone(reconciliation.outcome, reconciliation.reason))]
      : [],
  );
  const assigneeOf = assigneeReader(deps, part);
  const moves = await mapConcurrently(WIDTH, verdicts, async ({ one, reconciliation }) =>
    reconciliation.kind === 'move'
      ? [{ tried: one, moved: reconciliation, assignee: await assigneeOf(reconciliation.to) }]
      : [],
  );
  const recorded = await deps.outcomes.recordAll(part.operation, staying);
  const moved = await moveIssues(deps, part, moves.flat());
  return [...recorded, ...moved];
}

async function moveIssues(
  deps: ReconcileIssuesDeps,
  part: PartOf,
  moves: readonly Move[],
): Promise<readonly RecordedOutcome[]> {
  if (part.operation.dryRun) {
    const said = moves.map((move) => recordOf(move.tried.issue, outcomeOf(move)));
    return deps.outcomes.recordAll(part.operation, said);
  }
  const targets = new Map(moves.map(({ tried, moved }) => [tried.issue.id, moved.to]));
  const rows = await deps.groups.withAssignments([...targets.keys()]);
  const facts = await completeAhead(deps, [...rows.values()], part.organization, ({ group }) => ({
    target: targets.get(group.id) ?? null,
  }));
  const recorded = await mapConcurrently(WIDTH, moves, (move) =>
    moveIssue(deps, part, move, facts.get(move.tried.issue.id)),
  );
  return recorded.flat();
}

async function moveIssue(
  deps: ReconcileIssuesDeps,
  part: PartOf,
  move: Move,
  facts: GroupFacts | undefined,
): Promise<readonly RecordedOutcome[]> {
  const { id: groupId, projectId } = move.tried.issue;
  if (facts?.group.status === 'pending_merge') {
    const merged = { groupId, projectId, ...leftAlone('skipped', 'merged') };
    return deps.outcomes.recordAll(part.operation, [merged]);
  }
  const issue = { groupId, projectId, uses: { target: move.moved.to }, ...(facts && { facts }) };
  return changeIssue(deps, part, issue, (present, changes) => decide(move, present, changes));
}

/** Whoever has changed the assignment since the rules were tried has decided otherwise. */
function decide(move: Move, { assignment }: GroupFacts, changes: GroupChanges): Decided {
  const { moved, assignee, tried } = move;
  if ((assignment?.version ?? 0) !== (tried.assignment?.version ?? 0)) {
    return { changes, recorded: leftAlone('drifted', 'moved') };
  }
  const recorded = outcomeOf(move);
  return assignee === null
    ? { changes, recorded }
    : { changes: assignAs(ownerTeamByRules(changes, tried.teamId), assignee, moved.how), recorded };
}

function outcomeOf({ moved, assignee }: Move): Decided['recorded'] {
  return assignee === null
    ? leftAlone('skipped', 'not_assignable')
    : {
        outcome: 'applied',
        reason: null,
        before: { assignedTo: moved.from },
        after: { assignedTo: moved.to },
      };
}

function recordOf(
  { id: groupId, projectId }: IndexedGroup,
  recorded: Decided['recorded'],
): RecordedOutcome {
  return { groupId, projectId, ...recorded };
}

/** Reads each of those whom rules name once. */
function assigneeReader(
  deps: ReconcileIssuesDeps,
  { organization }: PartOf,
): (actor: Actor) => Promise<Assignee | null> {
  const read = new Map<string, Promise<Assignee | null>>();
  return (actor) => {
    const known = read.get(formatActor(actor)) ?? readAssignee(deps, organization, actor);
    read.set(formatActor(actor), known);
    return known;
  };
}
