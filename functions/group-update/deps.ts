import { wireCache, wireClockAndIds, wireTable, wireTelemetry } from '../../shared/wiring.ts';

/** The dependencies of the endpoints that update and delete issues. */
export function wireGroupUpdate() {
  return {
    ...wireTable(),
    ...wireCache(),
    ...wireClockAndIds(),
    ...wireTelemetry(),
  };
}

export type GroupUpdateDeps = ReturnType<typeof wireGroupUpdate>;
