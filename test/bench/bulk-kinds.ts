import { assignedTo } from '../support/operations.ts';
import { readAftermath } from './measure/aftermath.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { updateInBulk } from './measure/bulk-update.ts';
import { createMeter, eachOf, tableDollars } from './measure/spent.ts';
import { atMost, type Cell, type Report } from './page/report.ts';
import { dollars } from './updates.ts';

const GROUPS = 200;
const TARGET_CALLS = 1.1;

const cases = [
  { name: 'assign to a user', before: undefined, target: 'user:12' },
  { name: 'assign to a team of 2', before: undefined, target: 'team:21' },
  { name: 'assign to who has it', before: 'user:12', target: 'user:12' },
  { name: 'from a user to another', before: 'user:11', target: 'user:12' },
  { name: 'from a team to a user', before: 'team:21', target: 'user:12' },
  { name: 'unassign what a user has', before: 'user:11', target: null },
  { name: 'unassign what a team has', before: 'team:21', target: null },
  { name: 'unassign what nobody has', before: undefined, target: null },
] as const;

/** Bulk updates of issues that somebody has, or nobody, each kind in a table of its own. */
export async function runBulkKindsBench(report: Report, engines: Engines): Promise<void> {
  const aftermath = readAftermath();
  const rows: Cell[][] = [];
  for (const { name, before, target } of cases) {
    const size = { groups: GROUPS, ...(before === undefined ? {} : { assignedTo: before }) };
    const world = await benchWorld(engines, size);
    const spent = await createMeter(
      world,
      aftermath,
    )(() => updateInBulk(world, assignedTo(target)));
    const each = eachOf(spent, GROUPS);
    rows.push([
      name,
      atMost(each.calls, TARGET_CALLS),
      each.writes,
      each.reads,
      dollars(tableDollars(each)),
      each.records,
      each.events,
      each.messages,
    ]);
  }
  report.table({
    columns: [
      `${GROUPS} issues`,
      'calls',
      'write units',
      'read units',
      'a million',
      'records',
      'events',
      'messages',
    ],
    rows,
  });
}
