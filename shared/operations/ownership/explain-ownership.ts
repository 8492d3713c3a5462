import type { OwnerCaches } from '../../cache/owner-caches.ts';
import type { RateLimits } from '../../cache/rate-limits.ts';
import type { Organization } from '../../domain/directory.ts';
import { notFound } from '../../domain/errors.ts';
import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import type { SuspectCommit } from '../../domain/ingest/seen-event.ts';
import type { Assignment } from '../../domain/issues/assignee.ts';
import type { AutoAssignmentVerdict, GroupOwner } from '../../domain/ownership/auto-assignment.ts';
import type { OwnershipEvaluation } from '../../domain/ownership/evaluate.ts';
import { type FrameName, frameNames } from '../../domain/ownership/event.ts';
import type { Gate } from '../../domain/ownership/gates.ts';
import {
  consequenceOf,
  leadsToAssignment,
  newSuspectsAmong,
  ownersAfter,
} from '../../domain/ownership/owner-consequences.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { SeenGroupStore } from '../../stores/ingest/seen-groups.ts';
import type { AssignmentStore } from '../../stores/issues/assignments.ts';
import type { GroupOwnerStore } from '../../stores/ownership/group-owners.ts';
import type { Clock } from '../deps.ts';
import { type ReadIssueDeps, readIssueRow } from '../issues/read-issue.ts';
import { decide, type FindAutoAssigneeDeps, findAutoAssignee } from './auto-assign.ts';
import { type EvaluateEventDeps, evaluateEvent, findSuspects } from './evaluate-event.ts';
import { toGroupOwner } from './evaluate-owners.ts';
import { askGates, type GateSource, projectGate } from './project-gate.ts';
import { type FindOwnershipProjectDeps, findProjectWithTeams } from './read-ownership.ts';
import type { RuleReader } from './rule-reader.ts';

export type ExplainEventDeps = EvaluateEventDeps &
  FindOwnershipProjectDeps &
  FindAutoAssigneeDeps & {
    readonly organizations: Pick<OrganizationStore, 'byId'>;
    readonly ruleReader: Pick<RuleReader, 'stored'>;
    readonly clock: Clock;
  };

export type ExplainIssueDeps = ExplainEventDeps &
  Pick<ReadIssueDeps, 'groups' | 'projects'> & {
    readonly ownerCaches: Pick<OwnerCaches, 'read'>;
    readonly rateLimits: Pick<RateLimits, 'peekIssueOwners'>;
    readonly assignments: Pick<AssignmentStore, 'ofGroup'>;
    readonly owners: Pick<GroupOwnerStore, 'ofGroup'>;
    readonly seenGroups: Pick<SeenGroupStore, 'evaluated'>;
  };

/** Why an event leads to the owners that it leads to. Nothing was written to find out. */
export type Explanation = {
  readonly evaluation: OwnershipEvaluation;
  /** Where the frames of the event are, as the rules' `frameIndex` counts them. */
  readonly frames: readonly FrameName[];
  /** Every gate, in the order in which an event passes them; the first that stops decides. */
  readonly gates: readonly Gate[];
  /** The owners that the issue has once the event is through. */
  readonly owners: readonly GroupOwner[];
  /**
   * Whether the issue assigns itself with the event, and to whom; null where nobody asks, as
   * nothing is new.
   */
  readonly verdict: AutoAssignmentVerdict | null;
};

/** An event as its rules see it. */
export type ExplainedEvent = {
  readonly event: unknown;
  readonly platform: string | null;
  readonly commits: readonly SuspectCommit[];
};

/** What is there of an issue, and the gates that ask about it. */
type OwnerState = {
  readonly owners: readonly GroupOwner[];
  readonly assignment: Assignment | null;
  readonly gates: readonly Gate[];
};

/**
 * Explains what an event would lead to in a project, for an issue that there is not yet. Throws
 * `resource.not_found` for the project.
 */
export async function explainEvent(
  deps: ExplainEventDeps,
  input: ExplainedEvent & { readonly organizationId: OrganizationId; readonly project: string },
): Promise<Explanation> {
  const project = await findProjectWithTeams(deps, input.organizationId, input.project);
  const organization = await requireOrganization(deps, input.organizationId);
  const gates = [projectGate(organization, project.project.id)];
  const state = { owners: [], assignment: null, gates };
  const explanation = await explain(deps, { organization, project }, state, input);
  // Of an issue that there is not yet, nobody can have decided anything.
  return { ...explanation, gates: explanation.gates.filter(({ gate }) => gate !== 'manual') };
}

/**
 * Explains what an event leads to in an issue as it is now: the same steps as when it comes, with
 * nothing counted.
 */
export async function explainEventOfIssue(
  deps: ExplainIssueDeps,
  target: { readonly organization: Organization; readonly project: ProjectWithTeams },
  groupId: GroupId,
  event: ExplainedEvent,
): Promise<Explanation> {
  const [assignment, stored, cached] = await Promise.all([
    deps.assignments.ofGroup(groupId),
    deps.owners.ofGroup(groupId),
    deps.ownerCaches.read(
      { organizationId: target.organization.id, projectId: target.project.project.id },
      groupId,
    ),
  ]);
  const known = cached.ok ? cached.value : null;
  const source: GateSource = {
    hasAssignee: async () => known?.assigneeExists ?? (assignment?.assignee ?? null) !== null,
    evaluatedAtSeconds: async () => known?.evaluatedAtSeconds ?? null,
    async groupsInWindow() {
      const peeked = await deps.rateLimits.peekIssueOwners(target.project.project.id, groupId);
      return peeked.ok ? peeked.value : 0;
    },
  };
  const gates: Gate[] = [];
  for await (const gate of askGates(source, target.organization, target.project.project.id)) {
    gates.push(gate);
  }
  return explain(deps, target, { owners: stored.map(toGroupOwner), assignment, gates }, event);
}

/**
 * Explains why an issue has, or has not, the owner it has: by the event that its owners were last
 * evaluated on, the rules as they are, and the gates as they are. Throws `resource.not_found` for
 * an issue that none of the organizations has.
 */
export async function explainIssue(
  deps: ExplainIssueDeps,
  input: { readonly groupId: GroupId; readonly organizationId: OrganizationId },
): Promise<Explanation & { readonly assignment: Assignment | null }> {
  const { groupId, organizationId } = input;
  const row = await readIssueRow(deps, { groupId, organizationIds: [organizationId] });
  const [organization, project, evaluated, stored] = await Promise.all([
    requireOrganization(deps, organizationId),
    findProjectWithTeams(deps, organizationId, row.project.id),
    deps.seenGroups.evaluated(groupId),
    deps.owners.ofGroup(groupId),
  ]);
  const explanation = await explainEventOfIssue(deps, { organization, project }, groupId, {
    event: evaluated?.event ?? null,
    platform: evaluated?.platform ?? null,
    commits: [],
  });
  return {
    ...explanation,
    // Without an event there is nothing that could have changed them.
    owners: evaluated === null ? stored.map(toGroupOwner) : explanation.owners,
    assignment: row.assignment,
  };
}

async function explain(
  deps: ExplainEventDeps,
  { organization, project }: { organization: Organization; project: ProjectWithTeams },
  { owners: before, assignment, gates }: OwnerState,
  { event, platform, commits }: ExplainedEvent,
): Promise<Explanation> {
  const [rules, suspects] = await Promise.all([
    deps.ruleReader.stored(project),
    findSuspects(deps, project, commits),
  ]);
  const evaluation = await evaluateEvent(deps, project, rules, { event, platform });
  const consequence = consequenceOf(gates);
  const now = deps.clock();
  const suggested = evaluation.owners;
  const owners = ownersAfter(before, { consequence, suggested, suspects, now });
  const candidate = await findAutoAssignee(deps, organization, rules.settings, owners);
  const decision = decide(rules.settings, owners, candidate, assignment);
  const isAttempted = leadsToAssignment(consequence, newSuspectsAmong(suspects, before).length);
  return {
    evaluation,
    frames: frameNames(event),
    gates: [...gates, ...decision.gates],
    owners,
    verdict: isAttempted ? decision.verdict : null,
  };
}

async function requireOrganization(
  deps: Pick<ExplainEventDeps, 'organizations'>,
  organizationId: OrganizationId,
): Promise<Organization> {
  const organization = await deps.organizations.byId(organizationId);
  if (organization === undefined) {
    throw notFound();
  }
  return organization;
}
