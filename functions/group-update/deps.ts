import { wireCache, wireClockAndIds, wireIssueTable, wireTelemetry } from '../../shared/wiring.ts';

/** The dependencies of the endpoints that update and delete issues. */
export function wireGroupUpdate() {
  return {
    ...wireIssueTable(),
    ...wireCache(),
    ...wireClockAndIds(),
    ...wireTelemetry(),
  };
}

export type GroupUpdateDeps = ReturnType<typeof wireGroupUpdate>;
