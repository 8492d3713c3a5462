import { busConsumer } from '../../shared/messages/bus-consumer.ts';
import { buildPlan } from '../../shared/operations/bulk/build-plan.ts';
import { workOnOperation } from '../../shared/operations/bulk/work-on-operation.ts';
import { wireOperationWorker } from './deps.ts';

const deps = wireOperationWorker();

/** One page, at the smallest share of the stage's writes, may still need this at the end. */
const RESERVE_MS = 40_000;
/** How long an operation is worked on while others wait. */
const SLICE_MS = 20_000;
/** The index shows what was written within milliseconds; this is many times as long. */
const PAUSE_MS = 1_000;

/**
 * Works on operations over many issues, page by page, and builds plans of many; what is left of them
 * is passed on.
 */
export const handler = busConsumer(deps, 'operation-worker', (event, context) => {
  const startedMs = Date.now();
  const { requestId } = event.detail;
  const hasTime = () => context.getRemainingTimeInMillis() > RESERVE_MS;
  if (event.type === 'plan.work_requested') {
    return buildPlan(deps, { ...event.detail.data, requestId, hasTime });
  }
  return workOnOperation(deps, {
    ...event.detail.data,
    requestId,
    hasTime,
    isWithinSlice: () => Date.now() - startedMs < SLICE_MS,
    pauseMs: PAUSE_MS,
  });
});
