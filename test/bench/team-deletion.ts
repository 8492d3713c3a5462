import type { Team } from '../../shared/domain/directory.ts';
import { cascadeTeam } from '../../shared/operations/cascades/cascade-team.ts';
import { deleteTeam } from '../../shared/operations/directory/delete-team.ts';
import { surroundings, withStoredRules } from '../support/operations.ts';
import { readAftermath } from './measure/aftermath.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { readsAndWrites } from './measure/counting-client.ts';
import { sendSmallest } from './measure/smallest.ts';
import { createMeter, eachOf, tableDollars } from './measure/spent.ts';
import { type Timed, timed } from './measure/timed.ts';
import { atLeast, atMost, type Cell, type Report } from './page/report.ts';
import { dollars } from './updates.ts';

const SIZES = [100, 1_000];
const TARGET_CALLS = 1.1;
const TARGET_SPEED = 0.6;
const TEAM = '21';

/** The deletion of a team that has issues, until nothing of it is left. */
export async function runTeamDeletionBench(report: Report, engines: Engines): Promise<void> {
  const aftermath = readAftermath();
  const rows: Cell[][] = [];
  for (const groups of SIZES) {
    const size = { groups, assignedTo: `team:${TEAM}` };
    const bareWorld = await benchWorld(engines, size);
    const bare = await timed(() => sendSmallest(bareWorld, { to: null, version: 1 }));
    const bareUnits = readsAndWrites(bareWorld.counter.take());
    const world = await benchWorld(engines, size);
    const { spent, time } = await deleteWhole(world, createMeter(world, aftermath));
    const each = eachOf(spent, groups);
    rows.push([
      groups,
      atMost(each.calls, TARGET_CALLS),
      each.writes,
      each.reads,
      bareUnits.writes / groups,
      dollars(tableDollars(each)),
      each.records,
      each.events,
      atLeast(bare.cpuMs / time.cpuMs, TARGET_SPEED),
      time.wallMs / bare.wallMs,
    ]);
  }
  report.table({
    columns: [
      'issues',
      'calls',
      'write units',
      'read units',
      'write units of the smallest',
      'a million',
      'records',
      'events',
      'speed in CPU, of the smallest',
      { name: 'wall time', isTime: true },
    ],
    rows,
  });
}

async function deleteWhole(
  { stores }: Pick<Awaited<ReturnType<typeof benchWorld>>, 'stores'>,
  measure: ReturnType<typeof createMeter>,
) {
  const team = await teamOf(stores);
  const deps = withStoredRules({
    ...stores,
    ...surroundings(),
    ownershipCache: { invalidateOrganization: async () => ({ ok: true, value: 0 }) as const },
  });
  let time: Timed = { wallMs: 0, cpuMs: 0 };
  const spent = await measure(async () => {
    time = await timed(async () => {
      await deleteTeam(deps, {
        organizationId: '1',
        team: TEAM,
        initiator: { actingUserId: '11', requestId: 'bench' },
      });
      const hasTime = () => true;
      await cascadeTeam(deps, { team, requestId: 'bench', hasTime, pauseMs: 0 });
    });
  });
  const left = await stores.assignments.groupsAssignedTo({
    organizationId: '1',
    actor: { type: 'team', id: TEAM },
    limit: 1,
  });
  if (left.groupIds.length > 0) {
    throw new Error('Issues of the team are left.');
  }
  return { spent, time };
}

async function teamOf({ teams }: Awaited<ReturnType<typeof benchWorld>>['stores']): Promise<Team> {
  const team = (await teams.byIds([TEAM])).get(TEAM);
  if (team === undefined) {
    throw new Error('The team is not there.');
  }
  return team;
}
