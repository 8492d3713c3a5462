import type { Engines } from './measure/bench-world.ts';
import { measureUnits } from './measure/cost-units.ts';
import { tableDollars } from './measure/spent.ts';
import type { Report } from './page/report.ts';
import { dollars } from './updates.ts';

/** An assignment of an issue with one link, and what brings it to the tracker. */
export async function runSyncBench(report: Report, engines: Engines): Promise<void> {
  const { assignment, sync } = await measureUnits(engines);
  report.table({
    columns: ['an issue with one link', 'write units', 'read units', 'a million', 'FIFO messages'],
    rows: [
      ['the assignment', assignment.writes, assignment.reads, dollars(tableDollars(assignment)), 0],
      // More than one message does not pass the measurement.
      ['from its event to the tracker', sync.writes, sync.reads, dollars(tableDollars(sync)), 1],
    ],
  });
}
