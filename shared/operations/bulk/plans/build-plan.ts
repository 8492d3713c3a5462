import type { PlannedIssue } from '../../../domain/bulk/forecast.ts';
import {
  completePlan,
  PLAN_PAGE,
  type Plan,
  requireHeldByPlan,
} from '../../../domain/bulk/plan.ts';
import { DomainError } from '../../../domain/errors.ts';
import type { GroupId } from '../../../domain/ids.ts';
import type { PlanStore } from '../../../stores/bulk/plans.ts';
import type { Log } from '../../deps.ts';
import { systemInitiator } from '../../event-context.ts';
import type { WorkEventDeps } from '../accept-operation.ts';
import { type FreezeIssuesDeps, type FrozenIssues, freezeNext } from './freeze-issues.ts';
import { growPlan, planWorkRequested } from './make-plan.ts';

export type BuildPlanDeps = FreezeIssuesDeps &
  WorkEventDeps & {
    readonly plans: Pick<PlanStore, 'byId' | 'save' | 'namedOf' | 'issuesOf' | 'allIssues'>;
    readonly log: Log;
  };

/**
 * Freezes the issues of a plan, step by step, until it is ready or the time is up: then another
 * worker goes on from where it was. Each step is one transaction with the plan's own row, so that
 * of two workers with one plan only one gets on.
 */
export async function buildPlan(
  deps: BuildPlanDeps,
  input: {
    readonly planId: string;
    readonly fencingToken: number;
    readonly requestId: string;
    readonly hasTime: () => boolean;
  },
): Promise<void> {
  const { planId, fencingToken, requestId, hasTime } = input;
  const held = rememberHeld(deps);
  let plan = await deps.plans.byId(planId, deps.clock());
  while (plan?.state === 'building' && plan.fencingToken === fencingToken) {
    if (!hasTime()) {
      const passed: Plan = { ...plan, fencingToken: fencingToken + 1 };
      const events = [planWorkRequested(deps, passed, systemInitiator(requestId))];
      await deps.plans.save(plan, passed, { events });
    } else {
      await buildStep(deps, plan, { requestId, held });
    }
    plan = await deps.plans.byId(planId, deps.clock());
  }
}

type Step = { readonly requestId: string; readonly held: HeldIssues };

async function buildStep(
  deps: BuildPlanDeps,
  plan: Plan,
  { requestId, held }: Step,
): Promise<void> {
  const step = await nextOf(deps, plan, { requestId, held });
  if (step === null) {
    deps.log.warn('A plan could not be built.', { planId: plan.id, count: plan.count });
    await deps.plans.save(plan, { ...plan, state: 'failed' });
    return;
  }
  const { grown, part } = step;
  const after = part.next === null ? completePlan(grown, deps.clock()) : grown;
  const [first, last] = await lastPageOf(deps, plan);
  const issues = [...last, ...part.issues];
  const { committed } = await deps.plans.save({ ...plan, pages: first }, after, { issues });
  if (committed) {
    held.grow(plan, part.issues);
  }
}

/**
 * The next issues of a plan, and the plan with them. Null where the write would be refused by now,
 * as where a project of the plan is gone, or somebody whom its search names: so it would be again.
 */
async function nextOf(
  deps: BuildPlanDeps,
  plan: Plan,
  { requestId, held }: Step,
): Promise<{ readonly grown: Plan; readonly part: FrozenIssues } | null> {
  try {
    const named = await deps.plans.namedOf(plan);
    const frozenAmong = (groupIds: readonly GroupId[]) => held.among(plan, groupIds);
    const part = await freezeNext(deps, { plan, named, requestId, frozenAmong });
    const grown = growPlan(plan, part);
    requireHeldByPlan(grown.count);
    return { grown, part };
  } catch (error) {
    if (error instanceof DomainError && isLasting(error)) {
      return null;
    }
    throw error;
  }
}

/** Whether a write would be refused so again; whatever else is wrong may be over the next time. */
function isLasting({ code }: DomainError): boolean {
  return code === 'request.invalid' || code === 'resource.not_found';
}

/** The last row of a plan that has room for more issues, and these. */
async function lastPageOf(
  deps: BuildPlanDeps,
  plan: Plan,
): Promise<readonly [number, readonly PlannedIssue[]]> {
  const full = Math.floor(plan.count / PLAN_PAGE);
  return plan.count % PLAN_PAGE === 0
    ? [full, []]
    : [full, await deps.plans.issuesOf(plan, [full])];
}

/** The issues that a plan holds, as far as a worker has been told. */
type HeldIssues = ReturnType<typeof rememberHeld>;

/**
 * Remembers which issues a plan holds, at most 100,000 ids: its rows are read when that is first
 * asked, and again only where another worker has saved the plan meanwhile.
 */
function rememberHeld(deps: Pick<BuildPlanDeps, 'plans'>) {
  let ids = new Set<GroupId>();
  let version: number | null = null;
  async function read(plan: Plan) {
    ids = new Set();
    for await (const issues of plan.count === 0 ? [] : deps.plans.allIssues(plan)) {
      for (const { groupId } of issues) {
        ids.add(groupId);
      }
    }
    version = plan.version;
  }
  return {
    /** Those of some issues that the plan holds. */
    async among(plan: Plan, groupIds: readonly GroupId[]): Promise<ReadonlySet<GroupId>> {
      if (groupIds.length > 0 && version !== plan.version) {
        await read(plan);
      }
      return new Set(groupIds.filter((id) => ids.has(id)));
    },
    /** Notes issues with which a version of the plan was saved. */
    grow(plan: Plan, issues: readonly PlannedIssue[]): void {
      if (version !== plan.version) {
        return;
      }
      for (const { groupId } of issues) {
        ids.add(groupId);
      }
      version = plan.version + 1;
    },
  };
}
