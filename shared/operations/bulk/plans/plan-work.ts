import type { PlannedIssue } from '../../../domain/bulk/forecast.ts';
import type { Operation } from '../../../domain/bulk/operation.ts';
import { PLAN_PAGE, type Plan } from '../../../domain/bulk/plan.ts';
import type { PlanStore } from '../../../stores/bulk/plans.ts';
import type { Clock } from '../../deps.ts';
import type { Work } from '../work.ts';
import { type ApplyIssuesDeps, applyIssues, readForApplying } from './apply-issues.ts';

export type PlanWorkDeps = ApplyIssuesDeps & {
  readonly plans: Pick<PlanStore, 'byId' | 'issuesOf'>;
  readonly clock: Clock;
};

/**
 * Does to the issues that a plan has frozen what it says, row by row of the plan. Where one of the
 * rows is gone the operation fails.
 */
export function planWork(deps: PlanWorkDeps, operation: Operation, requestId: string): Work {
  return {
    async page(position) {
      const page = Number(position ?? 0);
      const found = await rowOf(deps, operation, page);
      if (found === null) {
        return null;
      }
      const { plan, issues } = found;
      const ready = await readForApplying(deps, { operation, plan, requestId }, issues);
      if (ready === null) {
        return null;
      }
      return {
        groupIds: issues.map(({ groupId }) => groupId),
        next: page + 1 < plan.pages ? String(page + 1) : null,
        last: null,
        apply: (isLeft) =>
          applyIssues(
            deps,
            ready,
            issues.flatMap((planned, index) =>
              isLeft(planned.groupId) ? [{ planned, position: page * PLAN_PAGE + index }] : [],
            ),
          ),
      };
    },
  };
}

/** A row of the plan of an operation; null where the plan, or a row of it, is gone. */
async function rowOf(
  deps: PlanWorkDeps,
  { plan: id }: Operation,
  page: number,
): Promise<{ readonly plan: Plan; readonly issues: readonly PlannedIssue[] } | null> {
  const plan = id === null ? undefined : await deps.plans.byId(id, deps.clock());
  if (plan === undefined) {
    return null;
  }
  const issues = await deps.plans.issuesOf(plan, [page]);
  return issues.length === 0 && plan.count > 0 ? null : { plan, issues };
}
