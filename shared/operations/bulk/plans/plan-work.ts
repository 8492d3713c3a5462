import type { Operation } from '../../../domain/bulk/operation.ts';
import { PLAN_PAGE } from '../../../domain/bulk/plan.ts';
import type { PlanStore } from '../../../stores/bulk/plans.ts';
import type { Clock } from '../../deps.ts';
import type { Work } from '../work.ts';
import { type ApplyIssuesDeps, applyIssues, readForApplying } from './apply-issues.ts';

export type PlanWorkDeps = ApplyIssuesDeps & {
  readonly plans: Pick<PlanStore, 'byId' | 'issuesOf' | 'keep'>;
  readonly clock: Clock;
};

/**
 * Does to the issues that a plan has frozen what it says, row by row of the plan. The rows are kept
 * from then on for as long as the operation is.
 */
export function planWork(deps: PlanWorkDeps, operation: Operation, requestId: string): Work {
  return {
    async page(position) {
      const plan =
        operation.plan === null ? undefined : await deps.plans.byId(operation.plan, deps.clock());
      if (plan === undefined) {
        return null;
      }
      const page = Number(position ?? 0);
      const issues = await deps.plans.issuesOf(plan, [page]);
      const ready = await readForApplying(deps, { operation, plan, requestId }, issues);
      if (ready === null) {
        return null;
      }
      await deps.plans.keep(plan, page, issues, operation.createdAt);
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
