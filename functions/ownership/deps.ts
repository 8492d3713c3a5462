import { createRuleReader } from '../../shared/operations/ownership/ownership-rules.ts';
import { wireCache, wireChance, wireTable, wireTelemetry } from '../../shared/wiring.ts';

/** What rules are read, saved and explained with. */
export function wireOwnership() {
  const deps = { ...wireTable(), ...wireCache(), ...wireChance(), ...wireTelemetry() };
  return { ...deps, ruleReader: createRuleReader(deps) };
}

export type OwnershipDeps = ReturnType<typeof wireOwnership>;
