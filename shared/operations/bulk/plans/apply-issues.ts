import type { Actor } from '../../../domain/actor.ts';
import {
  actorsTakenBack,
  decidePlannedUpdate,
  decideTakeBack,
  hasMoved,
  type PlannedVerdict,
  withPlannedRelease,
} from '../../../domain/bulk/decide-planned.ts';
import type { PlannedIssue } from '../../../domain/bulk/forecast.ts';
import type { Operation } from '../../../domain/bulk/operation.ts';
import type { IssueOutcome, OutcomeReason, RecordedOutcome } from '../../../domain/bulk/outcome.ts';
import { familiesOfPlan, type Plan, type PlannedUpdate } from '../../../domain/bulk/plan.ts';
import type { Organization } from '../../../domain/directory.ts';
import type { Assignee } from '../../../domain/issues/assignee.ts';
import { isVisible } from '../../../domain/issues/group.ts';
import type { GroupFacts } from '../../../domain/issues/group-changes.ts';
import { followersUseOf, type GroupUpdate } from '../../../domain/issues/group-update.ts';
import type { ProjectWithTeams } from '../../../domain/projects/project.ts';
import { mapConcurrently } from '../../../map-concurrently.ts';
import type { OutcomeStore } from '../../../stores/bulk/outcomes.ts';
import type { OrganizationStore } from '../../../stores/directory/organizations.ts';
import type { GroupRemovalStore } from '../../../stores/issues/group-removal.ts';
import type { AssignedGroupRow, GroupStore } from '../../../stores/issues/groups.ts';
import type { ProjectStore } from '../../../stores/projects/projects.ts';
import type { Initiator } from '../../event-context.ts';
import { type ChangeGroupDeps, changeGroup, completeAhead } from '../../issues/change-group.ts';
import { requestRemoval } from '../../issues/delete-issues.ts';
import type { FindCandidateDeps } from '../../lookup/find-candidate.ts';
import { assigneesIn, type Candidates, readCandidates } from './take-back.ts';

export type ApplyIssuesDeps = ChangeGroupDeps &
  FindCandidateDeps & {
    readonly groups: Pick<GroupStore, 'withAssignments' | 'mergedInto'>;
    readonly organizations: Pick<OrganizationStore, 'byId'>;
    readonly projects: Pick<ProjectStore, 'manyWithTeams'>;
    readonly groupRemoval: Pick<GroupRemovalStore, 'request'>;
    readonly outcomes: Pick<OutcomeStore, 'record' | 'recordAll'>;
  };

/** What a worker applies, and for whom. */
type Applying = {
  readonly operation: Operation;
  readonly plan: Plan;
  readonly requestId: string;
};

/** What a row of a plan is applied on. */
export type ReadyToApply = Applying & {
  readonly organization: Organization;
  readonly projects: ReadonlyMap<string, ProjectWithTeams>;
  readonly candidates: Candidates;
  readonly initiator: Initiator;
};

/** A frozen issue, and its position in its plan, from 0. */
export type PlannedAt = { readonly planned: PlannedIssue; readonly position: number };

/** Issues changed at the same time. */
const WIDTH = 16;

/**
 * Reads what a row of a plan is applied on: people and teams as they are now. Null where the
 * organization is gone. Two round trips.
 */
export async function readForApplying(
  deps: ApplyIssuesDeps,
  applying: Applying,
  issues: readonly PlannedIssue[],
): Promise<ReadyToApply | null> {
  const { operation, plan, requestId } = applying;
  const { organizationId, createdBy, id: operationId } = operation;
  const actors = plan.kind === 'revert' ? actorsTakenBack(issues) : actorsOf(plan.update);
  const [organization, projects, candidates] = await Promise.all([
    deps.organizations.byId(organizationId),
    deps.projects.manyWithTeams([...new Set(issues.map(({ projectId }) => projectId))]),
    readCandidates(deps, organizationId, actors),
  ]);
  const initiator = { actingUserId: createdBy?.id ?? null, requestId, operationId };
  return organization === undefined
    ? null
    : { ...applying, organization, projects, candidates, initiator };
}

/**
 * Does to frozen issues what their plan says, one transaction an issue, which records what became
 * of it as well. What has moved is left alone, and what is gone is skipped.
 */
export async function applyIssues(
  deps: ApplyIssuesDeps,
  ready: ReadyToApply,
  issues: readonly PlannedAt[],
): Promise<readonly RecordedOutcome[]> {
  const rows = await deps.groups.withAssignments(issues.map(({ planned }) => planned.groupId));
  const there = issues.flatMap(({ planned }) => {
    const row = rows.get(planned.groupId);
    return row !== undefined && isVisible(row.group.status) ? [row] : [];
  });
  const targets = new Map(issues.map(({ planned }) => [planned.groupId, planned.after.assignedTo]));
  const facts = await completeAhead(deps, there, ready.organization, ({ group }) =>
    usesOf(ready, targets.get(group.id)),
  );
  const recorded = await mapConcurrently(WIDTH, issues, (issue) => {
    const { groupId, projectId } = issue.planned;
    const row = rows.get(groupId);
    const isLive = ready.projects.get(projectId)?.project.status === 'active';
    const present = facts.get(groupId);
    if (row === undefined || present === undefined || !isLive) {
      return recordGone(deps, ready, issue.planned);
    }
    return ready.plan.kind === 'delete'
      ? deleteOne(deps, ready, issue, row)
      : changeOne(deps, ready, issue, present);
  });
  return recorded.flat();
}

async function changeOne(
  deps: ApplyIssuesDeps,
  ready: ReadyToApply,
  issue: PlannedAt,
  facts: GroupFacts,
): Promise<readonly RecordedOutcome[]> {
  const { groupId, projectId } = issue.planned;
  const { organization, initiator, operation } = ready;
  const decide = deciderOf(ready, issue);
  if (decide === null) {
    return recordLeft(deps, ready, issue.planned, left('skipped', 'not_assignable'));
  }
  let verdict = decide(facts, deps.clock());
  const outcome = await changeGroup(
    deps,
    {
      groupId,
      organization,
      initiator,
      facts,
      uses: usesOf(ready, issue.planned.after.assignedTo),
      outcomeOf: () => deps.outcomes.record(operation, { groupId, projectId, ...verdict.recorded }),
    },
    (present, now) => {
      verdict = decide(present, now);
      return verdict.changes;
    },
  );
  switch (outcome.kind) {
    case 'committed':
      return [{ groupId, projectId, ...verdict.recorded }];
    case 'recorded':
      return [];
    case 'gone':
      return recordGone(deps, ready, issue.planned);
    case 'conflict':
      return recordLeft(deps, ready, issue.planned, left('failed', 'busy'));
  }
}

async function deleteOne(
  deps: ApplyIssuesDeps,
  ready: ReadyToApply,
  { planned }: PlannedAt,
  row: AssignedGroupRow,
): Promise<readonly RecordedOutcome[]> {
  const { groupId, projectId } = planned;
  const done = { groupId, projectId, ...left('applied', null) };
  const about = familiesOfPlan(ready.plan);
  const outcome = await requestRemoval(deps, row, {
    initiator: ready.initiator,
    isWanted: (present) => !hasMoved(present, planned, about),
    outcomeOf: () => deps.outcomes.record(ready.operation, done),
  });
  switch (outcome) {
    case 'requested':
      return [done];
    case 'recorded':
      return [];
    case 'gone':
      return recordGone(deps, ready, planned);
    case 'moved':
      return recordLeft(deps, ready, planned, left('drifted', 'moved'));
    case 'conflict':
      return recordLeft(deps, ready, planned, left('failed', 'busy'));
  }
}

/** Decides on one issue; null where whom the plan names cannot be assigned in its project. */
function deciderOf(
  { plan, organization, projects, candidates, initiator }: ReadyToApply,
  { planned, position }: PlannedAt,
): ((facts: GroupFacts, now: string) => PlannedVerdict) | null {
  const { actingUserId } = initiator;
  const assigneeOf = assigneesIn(candidates, organization, projects.get(planned.projectId));
  if (plan.kind === 'revert') {
    return (facts, now) =>
      decideTakeBack(facts, planned, assigneeOf, { now, actingUserId, position });
  }
  const { status } = plan.update;
  const asked = status && { status: withPlannedRelease(status, planned) };
  const update = updateIn({ ...plan.update, ...asked }, assigneeOf);
  return update === null
    ? null
    : (facts, now) => decidePlannedUpdate(facts, planned, update, { now, actingUserId, position });
}

/** The update with whom it names as they may be assigned now; null where one of them may not be. */
function updateIn(
  { assignedTo, ownerTeam, status }: PlannedUpdate,
  assigneeOf: (actor: Actor) => Assignee | null,
): GroupUpdate | null {
  const holder = assignedTo && namedIn(assignedTo.assignee, assigneeOf);
  const owner = namedIn(ownerTeam ?? null, assigneeOf);
  if (holder?.isRefused || owner.isRefused) {
    return null;
  }
  const { expiresIn } = assignedTo ?? {};
  const asked = {
    assignedBy: null,
    integration: null,
    ...(expiresIn !== undefined && { expiresIn }),
  };
  return {
    ...(status !== undefined && { status }),
    ...(holder !== undefined && { assignedTo: { ...asked, assignee: holder.assignee } }),
    ...(ownerTeam !== undefined && { ownerTeam: owner.assignee }),
  };
}

/** Whom an update names, and whether they cannot be assigned; nobody always can be. */
function namedIn(actor: Actor | null, assigneeOf: (actor: Actor) => Assignee | null) {
  const assignee = actor === null ? null : assigneeOf(actor);
  return { assignee, isRefused: actor !== null && assignee === null };
}

function usesOf({ plan, initiator }: ReadyToApply, target: Actor | null | undefined) {
  const { status } = plan.update;
  return {
    ...followersUseOf(status === undefined ? {} : { status }, initiator.actingUserId),
    ...(target === undefined ? {} : { target }),
  };
}

function actorsOf({ assignedTo, ownerTeam }: PlannedUpdate): Actor[] {
  return [assignedTo?.assignee, ownerTeam].flatMap((actor) => actor ?? []);
}

async function recordGone(
  deps: ApplyIssuesDeps,
  ready: ReadyToApply,
  planned: PlannedIssue,
): Promise<readonly RecordedOutcome[]> {
  const merged = await deps.groups.mergedInto([planned.groupId]);
  const reason = merged.has(planned.groupId) ? 'merged' : 'deleted';
  return recordLeft(deps, ready, planned, left('skipped', reason));
}

function recordLeft(
  deps: ApplyIssuesDeps,
  { operation }: ReadyToApply,
  { groupId, projectId }: PlannedIssue,
  recorded: PlannedVerdict['recorded'],
): Promise<readonly RecordedOutcome[]> {
  return deps.outcomes.recordAll(operation, [{ groupId, projectId, ...recorded }]);
}

function left(outcome: IssueOutcome, reason: OutcomeReason | null): PlannedVerdict['recorded'] {
  return { outcome, reason, before: null, after: null };
}
