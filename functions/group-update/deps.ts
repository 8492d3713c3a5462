import { wireApi, wireCache, wireClockAndIds, wireIssueTable } from '../../shared/wiring.ts';

/** The dependencies of the endpoints that update and delete issues. */
export function wireGroupUpdate() {
  return {
    ...wireIssueTable(),
    ...wireCache(),
    ...wireClockAndIds(),
    ...wireApi(),
  };
}

export type GroupUpdateDeps = ReturnType<typeof wireGroupUpdate>;
