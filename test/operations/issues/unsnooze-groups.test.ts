import { expect, it } from 'vitest';
import { unsnoozeGroups } from '../../../shared/operations/issues/unsnooze-groups.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { readGroupState } from '../../support/consistency.ts';
import { surroundings, updateDeps } from '../../support/operations.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const now = Date.now();
const inMinutes = (minutes: number) => () => new Date(now + minutes * 60_000).toISOString();

function archive(world: TestWorld, groupIds: string[], minutes: number | null) {
  return updateGroups(
    { ...updateDeps(world.stores), clock: inMinutes(0) },
    {
      organizationId: '1',
      groupIds,
      projects: null,
      update: {
        status: {
          status: 'ignored',
          substatus: null,
          resolvedIn: null,
          conditions: minutes === null ? {} : { ignoreDuration: minutes },
        },
      },
      initiator: { actingUserId: '11', requestId: 'r1' },
    },
  );
}

function unsnooze({ stores }: TestWorld, afterMinutes: number, reads: number[] = []) {
  const groups = {
    ...stores.groups,
    withAssignments: (ids: readonly string[]) => {
      reads.push(ids.length);
      return stores.groups.withAssignments(ids);
    },
  };
  const deps = { ...stores, ...surroundings(), groups, clock: inMinutes(afterMinutes) };
  return unsnoozeGroups(deps, { requestId: 'schedule', hasTime: () => true });
}

async function statusOf(world: TestWorld, groupId: string) {
  return (await world.stores.groups.byId(groupId))?.group.status;
}

it('reopens what has run out, once, and leaves what has not', async () => {
  const world = await worldOnFreshTable();
  await archive(world, ['101', '102'], 30);
  await archive(world, ['201'], 90);

  expect(await unsnooze(world, 29)).toBe(0);
  const reads: number[] = [];
  expect(await unsnooze(world, 31, reads)).toBe(2);
  expect(reads).toEqual([2]);
  expect(await unsnooze(world, 31)).toBe(0);
  expect(await statusOf(world, '101')).toBe('unresolved');
  expect(await statusOf(world, '201')).toBe('ignored');

  const state = await readGroupState(world.stores.table, '101');
  const changes = state.events.filter(({ type }) => type === 'issue.status_changed');
  expect(changes.map(({ detail }) => detail.version).sort()).toEqual([1, 2]);
  expect(state.activities.map(({ type }) => type)).toEqual(['set_ignored', 'set_unresolved']);
});

it('leaves an archive that was renewed, and one that has no end', async () => {
  const world = await worldOnFreshTable();
  await archive(world, ['101', '102'], 30);
  await archive(world, ['101'], 120);
  await archive(world, ['102'], null);
  expect(await unsnooze(world, 31)).toBe(0);
  expect(await statusOf(world, '101')).toBe('ignored');
  expect(await unsnooze(world, 121)).toBe(1);
  expect(await statusOf(world, '102')).toBe('ignored');
});
