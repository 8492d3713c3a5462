import { createRuleReader } from '../../shared/operations/ownership/rule-reader.ts';
import { wireCache, wireClockAndIds, wireTable, wireTelemetry } from '../../shared/wiring.ts';

/** What rules are read, saved and explained with. */
export function wireOwnership() {
  const deps = { ...wireTable(), ...wireCache(), ...wireClockAndIds(), ...wireTelemetry() };
  return { ...deps, ruleReader: createRuleReader(deps) };
}

export type OwnershipDeps = ReturnType<typeof wireOwnership>;
