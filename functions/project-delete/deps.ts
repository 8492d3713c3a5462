import { wireClockAndIds, wireTable, wireTelemetry } from '../../shared/wiring.ts';

/** What deletions are accepted, taken back and told with. */
export function wireProjectDelete() {
  return { ...wireTable(), ...wireClockAndIds(), ...wireTelemetry() };
}

export type ProjectDeleteDeps = ReturnType<typeof wireProjectDelete>;
