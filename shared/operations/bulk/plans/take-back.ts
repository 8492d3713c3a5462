import { type Actor, formatActor } from '../../../domain/actor.ts';
import { actorsTakenBack, decideTakeBack } from '../../../domain/bulk/decide-planned.ts';
import {
  countUpdate,
  NOTHING_COUNTED,
  type PlannedIssue,
  type Summary,
  sumOfSummaries,
} from '../../../domain/bulk/forecast.ts';
import type { RecordedOutcome } from '../../../domain/bulk/outcome.ts';
import type { Plan } from '../../../domain/bulk/plan.ts';
import type { Organization } from '../../../domain/directory.ts';
import { notFound } from '../../../domain/errors.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import { type Candidate, decideAssignable } from '../../../domain/issues/assignable.ts';
import type { Assignee } from '../../../domain/issues/assignee.ts';
import { isVisible } from '../../../domain/issues/group.ts';
import type { ProjectWithTeams } from '../../../domain/projects/project.ts';
import { mapConcurrently } from '../../../map-concurrently.ts';
import type { OrganizationStore } from '../../../stores/directory/organizations.ts';
import type { FollowerStore } from '../../../stores/issues/followers.ts';
import type { GroupStore } from '../../../stores/issues/groups.ts';
import type { ProjectStore } from '../../../stores/projects/projects.ts';
import type { Clock } from '../../deps.ts';
import { completeAhead } from '../../issues/change-group.ts';
import {
  completeCandidate,
  type FindCandidateDeps,
  findCandidate,
} from '../../lookup/find-candidate.ts';
import { countExternalWrites, type ExternalWritesDeps } from '../external-writes.ts';

export type ForecastTakeBackDeps = FindCandidateDeps &
  ExternalWritesDeps & {
    readonly clock: Clock;
    readonly organizations: Pick<OrganizationStore, 'byId'>;
    readonly projects: Pick<ProjectStore, 'manyWithTeams'>;
    readonly groups: Pick<GroupStore, 'withAssignments'>;
    readonly followers: Pick<FollowerStore, 'ofAssignments'>;
  };

/** People and teams looked up at the same time. */
const WIDTH = 16;

/**
 * What bringing issues back would come to, from what an operation has recorded of them. An issue
 * that has moved since, or is gone, stays as it is. Three round trips, and a Query for each issue
 * that may be linked.
 */
export async function forecastTakeBack(
  deps: ForecastTakeBackDeps,
  { organizationId }: Pick<Plan, 'organizationId'>,
  outcomes: readonly RecordedOutcome[],
): Promise<{ readonly issues: readonly PlannedIssue[]; readonly summary: Summary }> {
  const issues = outcomes.flatMap((outcome) => wayBackOf(outcome) ?? []);
  const [organization, rows, candidates] = await Promise.all([
    deps.organizations.byId(organizationId),
    deps.groups.withAssignments(issues.map(({ groupId }) => groupId)),
    readCandidates(deps, organizationId, actorsTakenBack(issues)),
  ]);
  if (organization === undefined) {
    throw notFound();
  }
  const projects = await deps.projects.manyWithTeams([
    ...new Set(issues.map(({ projectId }) => projectId)),
  ]);
  const visible = [...rows.values()].filter(({ group }) => isVisible(group.status));
  const facts = await completeAhead(deps, visible, organization, ({ group }) => ({
    target: issues.find(({ groupId }) => groupId === group.id)?.after.assignedTo ?? null,
  }));
  const now = deps.clock();
  const changed = issues.flatMap((planned) => {
    const present = facts.get(planned.groupId);
    const assigneeOf = assigneesIn(candidates, organization, projects.get(planned.projectId));
    const context = { now, actingUserId: null, position: 0 };
    return present === undefined
      ? []
      : [decideTakeBack(present, planned, assigneeOf, context).changes];
  });
  const told = await countExternalWrites(deps, organization, changed);
  const counted = changed.map((changes, index) =>
    countUpdate(changes, { externalWrites: told[index] ?? 0, isMerged: false }),
  );
  const gone = { ...NOTHING_COUNTED, noChanges: issues.length - changed.length };
  return { issues, summary: sumOfSummaries([gone, ...counted]) };
}

/** From what an operation has left an issue as to what it was; null where that was not recorded. */
function wayBackOf(outcome: RecordedOutcome): PlannedIssue | null {
  const { groupId, projectId, before, after, versions } = outcome;
  return before === null || after === null || versions === undefined
    ? null
    : { groupId, projectId, before: after, after: before, versions };
}

/** What was read of people and teams, by their text form. */
export type Candidates = ReadonlyMap<string, Candidate>;

/** Reads people and teams as they are now. Two round trips, for 16 of them. */
export async function readCandidates(
  deps: FindCandidateDeps,
  organizationId: OrganizationId,
  actors: readonly Actor[],
): Promise<Candidates> {
  const read = await mapConcurrently(WIDTH, actors, async (actor) => {
    const found = await findCandidate(deps, { kind: 'actor', actor });
    return found === null ? null : completeCandidate(deps, found, organizationId);
  });
  return new Map(
    actors.flatMap((actor, index) => {
      const candidate = read[index] ?? null;
      return candidate === null ? [] : [[formatActor(actor), candidate] as const];
    }),
  );
}

/** Who of them may be assigned to the issues of a project; nobody where that is gone. */
export function assigneesIn(
  candidates: Candidates,
  organization: Organization,
  project: ProjectWithTeams | undefined,
): (actor: Actor) => Assignee | null {
  return (actor) => {
    const candidate = candidates.get(formatActor(actor));
    if (candidate === undefined || project === undefined) {
      return null;
    }
    const verdict = decideAssignable(candidate, organization, [project]);
    return verdict.ok ? verdict.assignee : null;
  };
}
