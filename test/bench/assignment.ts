import { createCacheClient } from '../../shared/cache/client.ts';
import { createOwnerCaches } from '../../shared/cache/owner-caches.ts';
import { updateGroups } from '../../shared/operations/issues/update-groups.ts';
import { assignedTo, surroundings } from '../support/operations.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { inSequence, readsAndWrites } from './measure/counting-client.ts';

/**
 * What one assignment costs: round trips to the table, all and in sequence, the write and read
 * units that it reports, and round trips to the cache. Counts, not times.
 */
export async function runAssignmentBench(
  print: (line: string) => void,
  engines: Engines,
): Promise<void> {
  const { stores, counter } = await benchWorld(engines, { groups: 1 });
  const cache = createCacheClient({ ...engines.cache, auth: { kind: 'none' } });
  const owners = createOwnerCaches(cache);
  let cacheTrips = 0;
  const deps = {
    ...stores,
    ...surroundings(),
    ownerCaches: {
      invalidateGroups(groupIds: readonly string[]) {
        cacheTrips += 1;
        return owners.invalidateGroups(groupIds);
      },
    },
  };
  print('one group              round trips  in sequence  write units  read units  cache');
  for (const [name, target] of [
    ['first assign, a user', 'user:12'],
    ['the same again', 'user:12'],
    ['reassign, a team of 2', 'team:21'],
    ['reassign, a user', 'user:11'],
    ['unassign', null],
    ['unassign nobody', null],
  ] as const) {
    counter.take();
    cacheTrips = 0;
    await updateGroups(deps, {
      organizationId: '1',
      groupIds: ['100000'],
      projects: ['shop'],
      update: assignedTo(target),
      initiator: { actingUserId: '11', requestId: 'bench' },
    });
    const calls = counter.take();
    const { reads, writes } = readsAndWrites(calls);
    print(
      [
        name.padEnd(22),
        String(calls.length).padStart(11),
        String(inSequence(calls)).padStart(12),
        writes.toFixed(1).padStart(12),
        reads.toFixed(1).padStart(11),
        String(cacheTrips).padStart(6),
      ].join(' '),
    );
  }
  await cache.close();
}
