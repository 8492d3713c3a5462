import { wireCache, wireClockAndIds, wireTable, wireTelemetry } from '../../shared/wiring.ts';

/** The dependencies of the endpoints that read issues. */
export function wireGroupRead() {
  return { ...wireTable(), ...wireCache(), ...wireClockAndIds(), ...wireTelemetry() };
}

export type GroupReadDeps = ReturnType<typeof wireGroupRead>;
