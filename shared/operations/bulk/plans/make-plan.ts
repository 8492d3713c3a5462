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
 * one transaction; a plan of more is surveyed, and built by a worker. Throws what the live write
 * would refuse, and `request.invalid` for more issues than a plan holds.
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
    const { committed } =
      plan === null
        ? await deps.plans.insert(begun, [], {
            named,
            events: [planWorkRequested(deps, begun, initiator)],
          })
        : await deps.plans.insert(plan, issues, {});
    return committed ? (plan ?? begun) : AGAIN;
  });
}

type PlannedWrite = {
  readonly resolved: ResolvedUpdate;
  readonly named: readonly NamedIssue[];
  readonly requestId: string;
};

/** A plan with all of its issues; a null plan where they are too many to be frozen at once. */
type FrozenInRequest = { readonly plan: Plan | null; readonly issues: readonly PlannedIssue[] };

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
  if (frozen.plan === null) {
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

async function freezeInRequest(
  deps: MakePlanDeps,
  begun: Plan,
  named: readonly NamedIssue[],
  requestId: string,
): Promise<FrozenInRequest> {
  const issues = new Map<string, PlannedIssue>();
  const frozenAmong = async (groupIds: readonly GroupId[]) =>
    new Set(groupIds.filter((id) => issues.has(id)));
  let plan = begun;
  for (;;) {
    const part = await freezeNext(deps, { plan, named, requestId, frozenAmong });
    for (const issue of part.issues) {
      issues.set(issue.groupId, issue);
    }
    plan = growPlan(plan, part);
    if (plan.count > MOST_PLANNED_IN_REQUEST) {
      return { plan: null, issues: [] };
    }
    if (part.next === null) {
      requireReleaseOfOne(plan, issues);
      return { plan: completePlan(plan, deps.clock()), issues: [...issues.values()] };
    }
  }
}

/** Throws where a release is to resolve issues of several projects, in whichever step they came. */
function requireReleaseOfOne(
  { update: { status } }: Plan,
  issues: ReadonlyMap<string, PlannedIssue>,
): void {
  if (status !== undefined) {
    requireOneProject(status, new Set([...issues.values()].map(({ projectId }) => projectId)));
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
