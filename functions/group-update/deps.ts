import { wireCache, wireClockAndIds, wireTable, wireTelemetry } from '../../shared/wiring.ts';

/** What the updates of issues work with. */
export function wireGroupUpdate() {
  return {
    ...wireTable(),
    ...wireCache(),
    ...wireClockAndIds(),
    ...wireTelemetry(),
  };
}

export type GroupUpdateDeps = ReturnType<typeof wireGroupUpdate>;
