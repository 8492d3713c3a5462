import { createRuleReader } from '../../shared/operations/ownership/rule-reader.ts';
import { wireApi, wireCache, wireClockAndIds, wireOwnershipTable } from '../../shared/wiring.ts';

/** The dependencies of the endpoints for ownership rules, CODEOWNERS and external actors. */
export function wireOwnership() {
  const deps = {
    ...wireOwnershipTable(),
    ...wireCache(),
    ...wireClockAndIds(),
    ...wireApi(),
  };
  return { ...deps, ruleReader: createRuleReader(deps) };
}

export type OwnershipDeps = ReturnType<typeof wireOwnership>;
