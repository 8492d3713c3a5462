import { createCacheClient } from '../../shared/cache/client.ts';
import { createOwnerCaches } from '../../shared/cache/owner-caches.ts';
import {
  type RequestedUpdate,
  updateGroups,
} from '../../shared/operations/issues/update-groups.ts';
import { assignedTo, surroundings } from '../support/operations.ts';
import { readAftermath } from './measure/aftermath.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { allDollars, createMeter, type Spent, tableDollars } from './measure/spent.ts';
import { atMost, type Cell, type Report } from './page/report.ts';

/** Of an assignment and of its end. */
const TARGET = { sequence: 3, writes: 9, reads: 4 };

type Case = {
  readonly name: string;
  readonly update: RequestedUpdate;
  readonly isAssignment?: boolean;
};

const plain = { substatus: null, resolvedIn: null, conditions: {} };

const cases: readonly Case[] = [
  { name: 'first assign, to a user', update: assignedTo('user:12'), isAssignment: true },
  { name: 'the same again', update: assignedTo('user:12') },
  { name: 'reassign, to a team of 2', update: assignedTo('team:21'), isAssignment: true },
  { name: 'reassign, to a user', update: assignedTo('user:11'), isAssignment: true },
  { name: 'reassign, to another user', update: assignedTo('user:12'), isAssignment: true },
  { name: 'unassign', update: assignedTo(null), isAssignment: true },
  { name: 'unassign nobody', update: assignedTo(null) },
  { name: 'resolve', update: { status: { ...plain, status: 'resolved' } } },
  { name: 'unresolve', update: { status: { ...plain, status: 'unresolved' } } },
  { name: 'has seen', update: { hasSeen: true } },
  { name: 'bookmark', update: { isBookmarked: true } },
];

/** Updates of one issue, one after the other, with what follows each of them. */
export async function runUpdatesBench(report: Report, engines: Engines): Promise<void> {
  const world = await benchWorld(engines, { groups: 1 });
  const measure = createMeter(world, readAftermath());
  const cache = createCacheClient({ ...engines.cache, auth: { kind: 'none' } });
  const deps = { ...world.stores, ...surroundings(), ownerCaches: createOwnerCaches(cache) };
  const rows: Cell[][] = [];
  for (const { name, update, isAssignment = false } of cases) {
    const spent = await measure(() =>
      updateGroups(deps, {
        organizationId: '1',
        groupIds: world.groupIds,
        projects: ['shop'],
        update,
        initiator: { actingUserId: '11', requestId: 'bench' },
      }),
    );
    rows.push([name, ...spentCells(spent, isAssignment)]);
  }
  await cache.close();
  report.table({
    columns: [
      'update',
      'in sequence',
      'write units',
      'read units',
      'a million',
      'records',
      'events',
      'messages',
      'invocations',
      'a million with these',
    ],
    rows,
  });
}

function spentCells(spent: Spent, isAssignment: boolean): Cell[] {
  const { sequence, writes, reads, records, events, messages } = spent;
  const beside = (figure: number, target: number) =>
    isAssignment ? atMost(figure, target) : figure;
  return [
    beside(sequence, TARGET.sequence),
    beside(writes, TARGET.writes),
    beside(reads, TARGET.reads),
    dollars(tableDollars(spent)),
    records,
    events,
    messages,
    1 + records + messages,
    dollars(allDollars(spent)),
  ];
}

export function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
