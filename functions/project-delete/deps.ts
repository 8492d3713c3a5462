import { wireApiTable, wireClockAndIds, wireTelemetry } from '../../shared/wiring.ts';

/** The dependencies of the endpoints that delete and restore projects. */
export function wireProjectDelete() {
  return { ...wireApiTable(), ...wireClockAndIds(), ...wireTelemetry() };
}

export type ProjectDeleteDeps = ReturnType<typeof wireProjectDelete>;
