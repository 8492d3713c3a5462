import type { ActorField, ActorInput } from '../../domain/actor.ts';
import { type PlannedIssue, sumOfSummaries } from '../../domain/bulk/forecast.ts';
import {
  beginPlan,
  completePlan,
  MOST_AT_ONCE,
  type NewPlan,
  PLAN_PAGE,
  type Plan,
  type PlannedUpdate,
} from '../../domain/bulk/plan.ts';
import { notFound } from '../../domain/errors.ts';
import { type EventRecord, toOrganizationEventRecord } from '../../domain/events.ts';
import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import { requireAssignable } from '../../domain/issues/assignable.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { PlanStore } from '../../stores/bulk/plans.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import type { RequestedUpdate } from '../issues/update-groups.ts';
import { completeCandidate, findCandidate } from '../lookup/find-candidate.ts';
import type { WorkEventDeps } from './accept-operation.ts';
import { type FreezeIssuesDeps, type FrozenIssues, freezeNext } from './freeze-issues.ts';
import { type PlannedProjectsDeps, requirePlannedProjects } from './planned-projects.ts';

export type MakePlanDeps = FreezeIssuesDeps &
  PlannedProjectsDeps &
  WorkEventDeps & {
    readonly plans: Pick<PlanStore, 'insert'>;
    readonly newId: () => string;
  };

/** A plan as it was asked for: whom it names is still what the caller called them. */
export type PlanRequest = Pick<
  NewPlan,
  'organizationId' | 'kind' | 'source' | 'projects' | 'note'
> & {
  readonly update: RequestedUpdate;
  /** The issues that it names, each once. */
  readonly ids: readonly string[];
  readonly initiator: Initiator;
};

/**
 * Freezes issues with what would become of them. Up to 1,000 of them are frozen with the plan, in
 * one transaction; a plan of more is built by a worker. Throws what the live write would refuse.
 */
export async function makePlan(deps: MakePlanDeps, request: PlanRequest): Promise<Plan> {
  const { ids, initiator, ...asked } = request;
  const { actingUserId, requestId } = initiator;
  const [update] = await Promise.all([
    resolveUpdate(deps, asked.organizationId, asked.update),
    requirePlannedProjects(deps, asked.organizationId, asked.projects),
  ]);
  return redecide(async () => {
    const begun = beginPlan({
      ...asked,
      update,
      id: deps.newId(),
      createdBy: actingUserId === null ? null : { type: 'user', id: actingUserId },
      createdAt: deps.clock(),
    });
    const { plan, issues } = await freezeAtOnce(deps, begun, ids, requestId);
    const { committed } =
      plan === null
        ? await deps.plans.insert(begun, [], {
            ids,
            events: [planWorkRequested(deps, begun, initiator)],
          })
        : await deps.plans.insert(plan, issues, {});
    return committed ? (plan ?? begun) : AGAIN;
  });
}

/** The plan with all of its issues; null where they are too many to be frozen here. */
async function freezeAtOnce(
  deps: MakePlanDeps,
  begun: Plan,
  ids: readonly string[],
  requestId: string,
): Promise<{ readonly plan: Plan | null; readonly issues: readonly PlannedIssue[] }> {
  const issues = new Map<string, PlannedIssue>();
  const frozenAmong = async (groupIds: readonly GroupId[]) =>
    new Set(groupIds.filter((id) => issues.has(id)));
  let plan = begun;
  for (;;) {
    const part = await freezeNext(deps, { plan, ids, requestId, frozenAmong });
    for (const issue of part.issues) {
      issues.set(issue.groupId, issue);
    }
    plan = growPlan(plan, part);
    if (plan.count > MOST_AT_ONCE) {
      return { plan: null, issues: [] };
    }
    if (part.next === null) {
      return { plan: completePlan(plan, deps.clock()), issues: [...issues.values()] };
    }
  }
}

/** A plan with more issues. */
export function growPlan(plan: Plan, part: FrozenIssues): Plan {
  const count = plan.count + part.issues.length;
  return {
    ...plan,
    count,
    pages: Math.ceil(count / PLAN_PAGE),
    summary: sumOfSummaries([plan.summary, part.summary]),
    notFound: [...plan.notFound, ...part.notFound],
    position: part.next,
  };
}

/** Whom the update names, as the organization knows them; projects come with the issues. */
async function resolveUpdate(
  deps: MakePlanDeps,
  organizationId: OrganizationId,
  { assignedTo, ownerTeam, status }: RequestedUpdate,
): Promise<PlannedUpdate> {
  const [assignee, owner] = await Promise.all([
    assignedTo && resolveActor(deps, organizationId, assignedTo.actor, 'assignedTo'),
    ownerTeam && resolveActor(deps, organizationId, ownerTeam, 'ownerTeam'),
  ]);
  const { expiresIn } = assignedTo ?? {};
  return {
    ...(assignee === undefined
      ? {}
      : { assignedTo: { assignee, ...(expiresIn === undefined ? {} : { expiresIn }) } }),
    ...(owner === undefined ? {} : { ownerTeam: owner }),
    ...(status === undefined ? {} : { status }),
  };
}

async function resolveActor(
  deps: MakePlanDeps,
  organizationId: OrganizationId,
  input: ActorInput,
  field: ActorField,
) {
  const [found, organization] = await Promise.all([
    findCandidate(deps, input),
    deps.organizations.byId(organizationId),
  ]);
  if (organization === undefined) {
    throw notFound();
  }
  if (found === null) {
    return null;
  }
  const candidate = await completeCandidate(deps, found, organizationId, field);
  return requireAssignable(candidate, organization, [], { field }).actor;
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
