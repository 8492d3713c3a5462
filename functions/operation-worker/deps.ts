import { createRuleReader } from '../../shared/operations/ownership/rule-reader.ts';
import { wireClockAndIds, wireConsumer, wireOperationTable } from '../../shared/wiring.ts';

/** The dependencies of operation-worker, which reads rules as they are stored. */
export function wireOperationWorker() {
  const deps = { ...wireOperationTable(), ...wireClockAndIds(), ...wireConsumer() };
  return { ...deps, ruleReader: createRuleReader({ ...deps, ownershipCache: null }) };
}

export type OperationWorkerDeps = ReturnType<typeof wireOperationWorker>;
