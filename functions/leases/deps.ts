import { createRuleReader } from '../../shared/operations/ownership/rule-reader.ts';
import { wireClockAndIds, wireLeaseTable, wireTelemetry } from '../../shared/wiring.ts';

/** The dependencies of leases. It reads rules as they are stored: few issues are routed by them. */
export function wireLeases() {
  const wired = { ...wireLeaseTable(), ...wireClockAndIds(), ...wireTelemetry() };
  return { ...wired, ruleReader: createRuleReader({ ...wired, ownershipCache: null }) };
}
