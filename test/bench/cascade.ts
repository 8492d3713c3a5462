import { createCacheClient } from '../../shared/cache/client.ts';
import { createOwnerCaches } from '../../shared/cache/owner-caches.ts';
import { createOwnershipCache } from '../../shared/cache/ownership-cache.ts';
import { cascadeProject } from '../../shared/operations/cascades/cascade-project.ts';
import { deleteProject } from '../../shared/operations/projects/delete-project.ts';
import { createBatchDelete } from '../../shared/stores/batch-delete.ts';
import { createTable, type Item } from '../../shared/stores/table.ts';
import { type Stores, wireStores } from '../../shared/wiring.ts';
import {
  DELETED_ID,
  isOfDeletedProject,
  worldWithDeletedProject,
} from '../support/crash/deleted-project.ts';
import { surroundings } from '../support/operations.ts';
import { scanAll } from '../support/world.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import {
  type Call,
  countingClient,
  inSequence,
  readsAndWrites,
} from './measure/counting-client.ts';
import { type Timed, timed } from './measure/timed.ts';
import { atLeast, atMost, type Cell, type Report } from './page/report.ts';

const TARGET = { share: 0.6, writes: 5.5 };

/**
 * The deletion of a project against bare batch deletes of the very same items, whose keys are
 * known: no walk, no conditions. The heap is to grow with the page, not with the project.
 */
export async function runCascadeBench(report: Report, engines: Engines): Promise<void> {
  const rows: Cell[][] = [];
  for (const { name, groups, open } of kinds) {
    const bare = await deleteBare(await open(engines, groups));
    const whole = await deleteWhole(await open(engines, groups), { engines, groups });
    const blind =
      name === PLAIN
        ? await deleteWhole(await open(engines, groups), { engines, groups, isBlind: true })
        : undefined;
    const perSecond = ({ wallMs }: Timed) => whole.items / (wallMs / 1_000);
    const writes = whole.writes / groups;
    rows.push([
      name,
      groups,
      whole.items,
      // The target is that of issues with nothing but their own rows.
      name === PLAIN ? atMost(writes, TARGET.writes) : writes,
      bare.writes / groups,
      whole.reads / groups,
      atLeast(perSecond(whole.time) / perSecond(bare.time), TARGET.share),
      blind === undefined ? '' : perSecond(blind.time) / perSecond(bare.time),
      bare.time.cpuMs / whole.time.cpuMs,
      whole.calls / groups,
      bare.calls / groups,
      whole.sequence,
      bare.sequence,
      Math.round(perSecond(whole.time)),
      Math.round(perSecond(bare.time)),
      `${whole.heapMb.toFixed(0)} MB`,
    ]);
  }
  report.table({
    columns: [
      'issues',
      'how many',
      'items',
      'write units an issue',
      'of batch deletes',
      'read units an issue',
      'speed, of batch deletes',
      'that without its Queries',
      'speed in CPU',
      'calls an issue',
      'of batch deletes',
      'in sequence',
      'of batch deletes',
      { name: 'items a second', isTime: true },
      { name: 'of batch deletes', isTime: true },
      { name: 'peak heap', isTime: true },
    ],
    rows,
  });
}

/** A project on a table, and what tells its items from others. */
type Deletable = {
  readonly stores: Stores;
  readonly counter: ReturnType<typeof countingClient>;
  readonly table: string;
  readonly projectId: string;
  readonly slug: string;
  readonly isOfProject: (item: Item) => boolean;
};

const PLAIN = 'new ones';
const kinds = [
  { name: PLAIN, groups: 1_000, open: plainProject },
  { name: 'every tenth with a history', groups: 2_000, open: usedProject },
];

async function plainProject(engines: Engines, groups: number): Promise<Deletable> {
  const world = await benchWorld(engines, { groups });
  const isOfProject = (item: Item) =>
    item.projectId === '31' && /^(?:group|shortId)$/.test(String(item.entity));
  return { ...world, projectId: '31', slug: 'shop', isOfProject };
}

async function usedProject(engines: Engines, groups: number): Promise<Deletable> {
  const { table } = await worldWithDeletedProject(groups, engines);
  const counter = countingClient(engines.endpoint);
  const stores = wireStores(createTable({ client: counter.client, name: table }));
  const project = { projectId: DELETED_ID, slug: 'ending', isOfProject: isOfDeletedProject };
  return { stores, counter, table, ...project };
}

type Whole = {
  readonly engines: Engines;
  readonly groups: number;
  /** Takes groups for such as have nothing, without a look at what they have. */
  readonly isBlind?: boolean;
};

const unread = { empty: async () => ({ removed: 0, isComplete: true }) };

async function deleteWhole(
  { stores, counter, projectId, slug }: Deletable,
  { engines, groups, isBlind = false }: Whole,
) {
  const deps = { ...stores, ...surroundings(), ...(isBlind && { groupRemoval: unread }) };
  const cache = createCacheClient({ ...engines.cache, auth: { kind: 'none' } });
  let peakBytes = 0;
  const heapBefore = process.memoryUsage().heapUsed;
  const sampling = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage().heapUsed - heapBefore);
  }, 20);
  const time = await timed(async () => {
    await deleteProject(deps, {
      organizationId: '1',
      project: slug,
      initiator: { actingUserId: '11', requestId: 'bench' },
    });
    await cascadeProject(
      {
        ...deps,
        ownerCaches: createOwnerCaches(cache),
        ownershipCache: createOwnershipCache(cache),
      },
      {
        projectId,
        fencingToken: 0,
        requestId: 'bench',
        hasTime: () => true,
        pauseMs: 0,
      },
    );
  });
  const spent = spentOf(counter.take());
  clearInterval(sampling);
  await cache.close();
  const deletion = await stores.deletions.ofProject(projectId);
  if (deletion?.state !== 'done' || deletion.deletedGroups !== groups) {
    throw new Error('Not everything was deleted.');
  }
  return { ...spent, items: deletion.deletedItems, time, heapMb: peakBytes / 2 ** 20 };
}

async function deleteBare({ stores, counter, table, isOfProject }: Deletable) {
  const items = await scanAll({ client: counter.client, table });
  const keys = items.filter(isOfProject).map(({ pk, sk }) => ({ pk, sk }));
  counter.take();
  const time = await timed(() => createBatchDelete(stores.table)(keys));
  return { time, ...spentOf(counter.take()) };
}

function spentOf(calls: readonly Call[]) {
  return { ...readsAndWrites(calls), calls: calls.length, sequence: inSequence(calls) };
}
