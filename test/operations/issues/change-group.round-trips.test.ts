import { beforeAll, describe, expect, it } from 'vitest';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { createTable } from '../../../shared/stores/table.ts';
import { type Stores, wireStores } from '../../../shared/wiring.ts';
import { countingClient, readsAndWrites } from '../../bench/measure/counting-client.ts';
import { assignedTo, updateDeps } from '../../support/operations.ts';
import { worldOnFreshTable } from '../../support/world.ts';

const GROUPS = 100;
const groupIds = Array.from({ length: GROUPS }, (_, index) => String(7_000 + index));

let stores: Stores;
let counter: ReturnType<typeof countingClient>;
beforeAll(async () => {
  const world = await worldOnFreshTable({
    groups: [...groupIds, '8000'].map((id) => ({
      id,
      project: '31',
      shortId: `SHOP-${id}`,
      title: 't',
    })),
  });
  counter = countingClient(world.endpoint);
  stores = wireStores(createTable({ client: counter.client, name: world.table }));
});

async function cost(ids: readonly string[], to: string | null) {
  counter.take();
  const { updated } = await updateGroups(updateDeps(stores), {
    organizationId: '1',
    groupIds: ids,
    projects: null,
    update: assignedTo(to),
    initiator: { actingUserId: '11', requestId: 'r' },
  });
  expect(updated).toHaveLength(ids.length);
  const calls = counter.take();
  return { calls: calls.length / ids.length, ...readsAndWrites(calls) };
}

describe('what an assignment takes from the table', () => {
  it.each([
    ['the first', 'user:12', 11, 4],
    ['the same again', 'user:12', 4, 5],
    ['another user', 'user:11', 12, 5],
    ['nobody', null, 9, 4.5],
    ['nobody again', null, 4, 3.5],
  ])('of %s is bounded', async (_, to, writes, reads) => {
    const taken = await cost(['8000'], to);
    expect(taken.writes).toBeLessThanOrEqual(writes);
    // The request names no project here, so that its slug is not read.
    expect(taken.reads).toBeLessThanOrEqual(reads - 0.5);
  });
});

describe('a bulk of a hundred issues', () => {
  it.each([
    ['assigned to a team', 'team:21'],
    ['named the same again', 'team:21'],
    ['reassigned to a user', 'user:12'],
    ['reassigned to a team', 'team:21'],
    ['unassigned from the team', null],
    ['unassigned again', null],
  ])('that are %s takes at most 1.1 calls an issue', async (_, to) => {
    expect((await cost(groupIds, to)).calls).toBeLessThanOrEqual(1.1);
  });
});
