import { type PlannedIssue, sumOfSummaries } from '../../../domain/bulk/forecast.ts';
import {
  beginPlan,
  completePlan,
  MOST_PLANNED_IN_REQUEST,
  type NamedIssue,
  type NewPlan,
  PLAN_PAGE,
  type Plan,
  requireHeldByPlan,
  requireListed,
} from '../../../domain/bulk/plan.ts';
import { DomainError } from '../../../domain/errors.ts';
import { type EventRecord, toOrganizationEventRecord } from '../../../domain/events.ts';
import type { GroupId } from '../../../domain/ids.ts';
import { AGAIN, redecide } from '../../../retry.ts';
import type { PlanStore } from '../../../stores/bulk/plans.ts';
import { eventContext, type Initiator } from '../../event-context.ts';
import { requireOneProject } from '../../issues/resolve-in-release.ts';
import type { RequestedUpdate } from '../../issues/update-groups.ts';
import type { WorkEventDeps } from '../accept-operation.ts';
import { type FreezeIssuesDeps, type FrozenIssues, freezeNext } from './freeze-issues.ts';
import { issuesNamed, type NamedIssuesDeps } from './named-issues.ts';
import {
  namesMembers,
  type PlannedPeopleDeps,
  type ResolvedUpdate,
  requireAdmitted,
  resolvePeople,
} from './planned-people.ts';
import { type PlannedProjectsDeps, plannedProjects } from './planned-projects.ts';
import { surveyPlan } from './survey-plan.ts';

export type MakePlanDeps = FreezeIssuesDeps &
  NamedIssuesDeps &
  PlannedProjectsDeps &
  PlannedPeopleDeps &
  WorkEventDeps & {
    readonly plans: Pick<PlanStore, 'insert'>;
    readonly newId: () => string;
  };

/** A request has 28 seconds, of which a survey may take as many again. */
const LONGEST_IN_REQUEST_MS = 7_500;

/** A plan as it was asked for: whom it names is still what the caller called them. */
export type PlanRequest = Pick<NewPlan, 'organizationId' | 'kind' | 'source' | 'note'> & {
  /** Ids or slugs; null for all of the organization. */
  readonly projects: readonly string[] | null;
  readonly update: RequestedUpdate;
  /** What it calls the issues that it names, by id or short id. */
  readonly ids: readonly string[];
  readonly initiator: Initiator;
};

/**
 * Freezes issues with what would become of them. Up to 1,000 of them are frozen with the plan, in
 * one transaction; a plan of more is surveyed, and a worker freezes the rest. Throws what the live
 * write would refuse, and `request.invalid` for more issues than a plan holds.
 */
export async function makePlan(deps: MakePlanDeps, request: PlanRequest): Promise<Plan> {
  const { ids, initiator, update, projects: called, ...asked } = request;
  const { actingUserId, requestId } = initiator;
  const [resolved, projects, named] = await Promise.all([
    resolvePeople(deps, asked.organizationId, update),
    plannedProjects(deps, asked.organizationId, called),
    issuesNamed(deps, asked.organizationId, ids),
  ]);
  requireListed(named.flatMap(({ groupId, names }) => (groupId === null ? names : [])));
  return redecide(async () => {
    const begun = beginPlan({
      ...asked,
      projects,
      update: resolved.update,
      id: deps.newId(),
      createdBy: actingUserId === null ? null : { type: 'user', id: actingUserId },
      createdAt: deps.clock(),
    });
    const { plan, issues } = await freezeOrSurvey(deps, begun, { resolved, named, requestId });
    const rest =
      plan.state === 'building'
        ? { named, events: [planWorkRequested(deps, plan, initiator)] }
        : {};
    const { committed } = await deps.plans.insert(plan, issues, rest);
    return committed ? plan : AGAIN;
  });
}

type PlannedWrite = {
  readonly resolved: ResolvedUpdate;
  readonly named: readonly NamedIssue[];
  readonly requestId: string;
};

/** A plan with its issues: all of them, or the first where a worker has to go on. */
type FrozenInRequest = { readonly plan: Plan; readonly issues: readonly PlannedIssue[] };

/**
 * Freezes a plan's issues where they are few. A refusal speaks of all of them, also of those that
 * were not come to.
 */
async function freezeOrSurvey(
  deps: MakePlanDeps,
  begun: Plan,
  { resolved, named, requestId }: PlannedWrite,
): Promise<FrozenInRequest> {
  let frozen: FrozenInRequest;
  try {
    frozen = await freezeInRequest(deps, begun, named, requestId);
  } catch (error) {
    if (error instanceof DomainError && namesMembers(resolved)) {
      await requirePlannable(deps, begun, resolved, named);
    }
    throw error;
  }
  if (frozen.plan.state === 'building') {
    await requirePlannable(deps, begun, resolved, named);
  }
  return frozen;
}

/**
 * Throws `request.invalid` for more issues than a plan holds, and where their projects do not allow
 * what the live write would refuse.
 */
async function requirePlannable(
  deps: MakePlanDeps,
  plan: Plan,
  resolved: ResolvedUpdate,
  named: readonly NamedIssue[],
): Promise<void> {
  const { status } = plan.update;
  const isAboutProjects = namesMembers(resolved) || (status?.resolvedIn ?? null) !== null;
  if (plan.source.kind === 'ids' && !isAboutProjects) {
    return;
  }
  const { count, projectIds } = await surveyPlan(deps, plan, named);
  requireHeldByPlan(count);
  await requireAdmitted(deps, resolved, projectIds);
  if (status !== undefined) {
    requireOneProject(status, projectIds);
  }
}

/**
 * Freezes issues until there are no more, or more than a request freezes, or its time is up: then a
 * worker goes on where this has come to, and has at least one step left.
 */
async function freezeInRequest(
  deps: MakePlanDeps,
  begun: Plan,
  named: readonly NamedIssue[],
  requestId: string,
): Promise<FrozenInRequest> {
  const endsAt = Date.parse(begun.createdAt) + LONGEST_IN_REQUEST_MS;
  const issues: PlannedIssue[] = [];
  const frozenAmong = async (groupIds: readonly GroupId[]) => {
    const held = new Set(issues.map(({ groupId }) => groupId));
    return new Set(groupIds.filter((id) => held.has(id)));
  };
  let plan = begun;
  for (;;) {
    const part = await freezeNext(deps, { plan, named, requestId, frozenAmong });
    const grown = growPlan(plan, part);
    const isBeyond = grown.count > MOST_PLANNED_IN_REQUEST;
    if (part.next === null) {
      if (isBeyond) {
        return { plan, issues };
      }
      const all = [...issues, ...part.issues];
      requireReleaseOfOne(plan, all);
      return { plan: completePlan(grown, deps.clock()), issues: all };
    }
    issues.push(...part.issues);
    plan = grown;
    if (isBeyond || Date.parse(deps.clock()) >= endsAt) {
      return { plan, issues };
    }
  }
}

/** Throws where a release is to resolve issues of several projects, in whichever step they came. */
function requireReleaseOfOne({ update: { status } }: Plan, issues: readonly PlannedIssue[]): void {
  if (status !== undefined) {
    requireOneProject(status, new Set(issues.map(({ projectId }) => projectId)));
  }
}

/** A plan with more issues. Throws `request.invalid` where it cannot list what was not found. */
export function growPlan(plan: Plan, part: FrozenIssues): Plan {
  const count = plan.count + part.issues.length;
  const notFound = [...plan.notFound, ...part.notFound];
  requireListed(notFound);
  return {
    ...plan,
    count,
    pages: Math.ceil(count / PLAN_PAGE),
    summary: sumOfSummaries([plan.summary, part.summary]),
    notFound,
    position: part.next,
  };
}

/** The event that a worker begins to build a plan by, or goes on with it. */
export function planWorkRequested(
  deps: WorkEventDeps,
  { id: planId, organizationId, fencingToken }: Plan,
  initiator: Initiator,
): EventRecord {
  return toOrganizationEventRecord(
    { type: 'plan.work_requested', version: 1, data: { planId, fencingToken } },
    { ...eventContext(deps, initiator, deps.clock()), organizationId },
  );
}
