import type { BusEvent } from '../../shared/domain/events.ts';
import { buildPlan } from '../../shared/operations/bulk/plans/build-plan.ts';
import { workOnOperation } from '../../shared/operations/bulk/work-on-operation.ts';
import type { OperationWorkerDeps } from './deps.ts';

/** One page, at the smallest share of the stage's writes, may still need this at the end. */
const RESERVE_MS = 40_000;
/** How long an operation is worked on while others wait. */
const SLICE_MS = 20_000;
/** The index shows what was written within milliseconds; this is many times as long. */
const PAUSE_MS = 1_000;

type WorkEvent = BusEvent<'operation.work_requested' | 'plan.work_requested'>;

/** Does what an event asks for, as long as there is time. */
export function work(
  deps: OperationWorkerDeps,
  { type, detail }: WorkEvent,
  remainingMs: () => number,
): Promise<void> {
  const startedMs = Date.now();
  const { requestId } = detail;
  const hasTime = () => remainingMs() > RESERVE_MS;
  switch (type) {
    case 'plan.work_requested':
      return buildPlan(deps, { ...detail.data, requestId, hasTime });
    case 'operation.work_requested':
      return workOnOperation(deps, {
        ...detail.data,
        requestId,
        hasTime,
        isWithinSlice: () => Date.now() - startedMs < SLICE_MS,
        pauseMs: PAUSE_MS,
      });
  }
}
