import { type PlanWorkDeps, planWork } from './plans/plan-work.ts';
import { type ReconcileWorkDeps, reconcileWork } from './reconcile-work.ts';
import { type RunOperationDeps, runOperation, type WorkerTime } from './run-operation.ts';
import { type SweepWorkDeps, sweepWork } from './sweep-work.ts';

export type WorkOnOperationDeps = RunOperationDeps &
  ReconcileWorkDeps &
  SweepWorkDeps &
  PlanWorkDeps;

/** Works on an operation of whatever kind, until it has ended or the time is up. */
export function workOnOperation(
  deps: WorkOnOperationDeps,
  input: WorkerTime & {
    readonly operationId: string;
    readonly fencingToken: number;
    readonly requestId: string;
  },
): Promise<void> {
  return runOperation(deps, {
    ...input,
    workOf(operation) {
      switch (operation.kind) {
        case 'reconcile':
          return reconcileWork(deps, operation, input.requestId);
        case 'orphans':
          return sweepWork(deps, operation, input.requestId);
        case 'update':
        case 'delete':
        case 'revert':
          return planWork(deps, operation, input.requestId);
      }
    },
  });
}
