import { wireApiTable, wireCache, wireClockAndIds, wireTelemetry } from '../../shared/wiring.ts';

/** The dependencies of the endpoints that update and delete issues. */
export function wireGroupUpdate() {
  return {
    ...wireApiTable(),
    ...wireCache(),
    ...wireClockAndIds(),
    ...wireTelemetry(),
  };
}

export type GroupUpdateDeps = ReturnType<typeof wireGroupUpdate>;
