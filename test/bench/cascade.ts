import { createCacheClient } from '../../shared/cache/client.ts';
import { createOwnerCaches } from '../../shared/cache/owner-caches.ts';
import { createOwnershipCache } from '../../shared/cache/ownership-cache.ts';
import { cascadeProject } from '../../shared/operations/cascades/cascade-project.ts';
import { createBatchDelete } from '../../shared/stores/batch-delete.ts';
import {
  DELETED_ID,
  isOfDoomedProject,
  requestDeletion,
  worldWithDoomedProject,
} from '../support/crash/deleted-project.ts';
import { surroundings } from '../support/operations.ts';
import { scanAll } from '../support/world.ts';
import type { Engines } from './bench-world.ts';

/**
 * The deletion of a project, in items a second, against bare batch deletes of the very same items,
 * whose keys are known: no walk, no marks, no conditions. The heap is to grow with the page, not
 * with the project.
 */
export async function runCascadeBench(
  print: (line: string) => void,
  engines: Engines,
): Promise<void> {
  print('groups   items   deleted/s   bare/s   share   peak heap');
  for (const groups of [2_500, 10_000]) {
    const bare = await deleteBare(engines, groups);
    const whole = await deleteWhole(engines, groups);
    print(
      [
        String(groups).padStart(6),
        String(whole.items).padStart(7),
        whole.perSecond.toFixed(0).padStart(11),
        bare.toFixed(0).padStart(8),
        `${((100 * whole.perSecond) / bare).toFixed(0)} %`.padStart(7),
        `${whole.heapMb.toFixed(0)} MB`.padStart(11),
      ].join(' '),
    );
  }
}

async function deleteWhole(engines: Engines, groups: number) {
  const world = await worldWithDoomedProject(groups, engines);
  const cache = createCacheClient({ ...engines.cache, auth: { kind: 'none' } });
  await requestDeletion(world);
  let peakBytes = 0;
  const heapBefore = process.memoryUsage().heapUsed;
  const sampling = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage().heapUsed - heapBefore);
  }, 20);
  const startMs = performance.now();
  await cascadeProject(
    {
      ...world.stores,
      ...surroundings(),
      ownerCaches: createOwnerCaches(cache),
      ownershipCache: createOwnershipCache(cache),
    },
    { projectId: DELETED_ID, fencingToken: 0, requestId: 'bench', hasTime: () => true, pauseMs: 0 },
  );
  const seconds = (performance.now() - startMs) / 1_000;
  clearInterval(sampling);
  await cache.close();
  const deletion = await world.stores.deletions.ofProject(DELETED_ID);
  if (deletion?.state !== 'done' || deletion.deletedGroups !== groups) {
    throw new Error('Not everything was deleted.');
  }
  const items = deletion.deletedItems;
  return { items, perSecond: items / seconds, heapMb: peakBytes / 2 ** 20 };
}

async function deleteBare(engines: Engines, groups: number): Promise<number> {
  const world = await worldWithDoomedProject(groups, engines);
  const keys = (await scanAll(world)).filter(isOfDoomedProject).map(({ pk, sk }) => ({ pk, sk }));
  const startMs = performance.now();
  await createBatchDelete(world.stores.table)(keys);
  return keys.length / ((performance.now() - startMs) / 1_000);
}
