import { createRuleReader } from '../../shared/operations/ownership/rule-reader.ts';
import { wireClockAndIds, wireConsumer, wireTable } from '../../shared/wiring.ts';

/** The dependencies of holder-review, which reads rules as they are stored and not from a cache. */
export function wireHolderReview() {
  const deps = { ...wireTable(), ...wireClockAndIds(), ...wireConsumer() };
  return { ...deps, ruleReader: createRuleReader({ ...deps, ownershipCache: null }) };
}

export type HolderReviewDeps = ReturnType<typeof wireHolderReview>;
