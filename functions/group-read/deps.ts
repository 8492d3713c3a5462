import { wireCache, wireClockAndIds, wireTable, wireTelemetry } from '../../shared/wiring.ts';

/** What the answers about issues are read with. */
export function wireGroupRead() {
  return { ...wireTable(), ...wireCache(), ...wireClockAndIds(), ...wireTelemetry() };
}

export type GroupReadDeps = ReturnType<typeof wireGroupRead>;
