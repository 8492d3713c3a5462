import { wireClockAndIds, wireTable, wireTelemetry } from '../../shared/wiring.ts';

/** The dependencies of the endpoints that delete and restore projects. */
export function wireProjectDelete() {
  return { ...wireTable(), ...wireClockAndIds(), ...wireTelemetry() };
}

export type ProjectDeleteDeps = ReturnType<typeof wireProjectDelete>;
