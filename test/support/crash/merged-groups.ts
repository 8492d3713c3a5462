import { expect } from 'vitest';
import {
  type CascadeMergeDeps,
  cascadeMerge,
} from '../../../shared/operations/cascades/cascade-merge.ts';
import { mergeGroups } from '../../../shared/operations/issues/merge-groups.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { hashOf } from '../../../shared/stores/ingest/event-deliveries.ts';
import { groupKeys } from '../../../shared/stores/keys/group-keys.ts';
import { group, NOW } from '../builders.ts';
import { readGroupState } from '../consistency.ts';
import { assignedTo, emptyOwnerCaches, surroundings, updateDeps } from '../operations.ts';
import { type TestWorld, worldOnFreshTable } from '../world.ts';

/**
 * In shop: 7001 (seen 9 times, followed by alice) takes in 7002 (4 times, held by core, with a
 * fingerprint and two users, one of them known to 7001) and 7003 (twice, held by bob).
 */
export async function worldWithMerge(): Promise<TestWorld> {
  const world = await worldOnFreshTable();
  const { stores } = world;
  let project = (await stores.projects.byIds(['31'])).get('31')!;
  for (const [id, timesSeen, users, environments] of [
    ['7001', 9, ['ann'], ['prod']],
    ['7002', 4, ['ann', 'ben'], ['qa', 'prod']],
    ['7003', 2, [], []],
  ] as const) {
    const number = Number(id);
    const begun = {
      group: group({
        id,
        shortId: `SHOP-${id}`,
        timesSeen,
        userCount: users.length,
        firstSeen: `2026-10-${10 + timesSeen}T00:00:00.000Z`,
        lastSeen: `2026-11-${20 - timesSeen}T00:00:00.000Z`,
        environments,
        newestRelease: { version: `shop@1.${timesSeen}.0`, firstSeen: NOW },
      }),
      fingerprint: `of ${id}`,
      stale: null,
      events: { eventIds: [], unfinished: null, newUsers: users, now: NOW },
      evaluated: { eventId: `first of ${id}`, timestamp: NOW, platform: null, event: {} },
    };
    const outcome = await stores.seenGroups.begin({
      project,
      shortIdCounter: number,
      now: NOW,
      groups: [begun],
    });
    expect(outcome.committed).toBe(true);
    project = { ...project, shortIdCounter: number, firstEvent: NOW };
  }
  const update = (groupId: string, requested: Parameters<typeof updateGroups>[1]['update']) =>
    updateGroups(updateDeps(stores), {
      organizationId: '1',
      groupIds: [groupId],
      projects: null,
      update: requested,
      initiator: { actingUserId: '11', requestId: 'before' },
    });
  await update('7001', { isSubscribed: true, isBookmarked: true });
  await update('7002', { ...assignedTo('team:21'), hasSeen: true, isBookmarked: true });
  await update('7003', assignedTo('user:12'));
  const initiator = { actingUserId: '11', requestId: 'merge' };
  const merged = await mergeGroups(
    { ...stores, ...surroundings() },
    { groupIds: ['7001', '7002', '7003'], initiator },
  );
  expect(merged).toEqual({ parent: '7001', children: ['7002', '7003'] });
  return world;
}

/** What the worker does that is told of the merge. */
export function moveChildren(stores: TestWorld['stores'], hasTime = () => true): Promise<void> {
  const deps: CascadeMergeDeps = { ...stores, ...surroundings(), ownerCaches: emptyOwnerCaches };
  return cascadeMerge(deps, {
    organizationId: '1',
    projectId: '31',
    primaryId: '7001',
    childIds: ['7002', '7003'],
    version: 0,
    requestId: 'worker',
    hasTime,
  });
}

/** That the primary has all that its children had, and that these are gone. */
export async function expectMerged(world: TestWorld): Promise<void> {
  const { stores } = world;
  const rows = await stores.groups.withAssignments(['7001', '7002', '7003']);
  expect([...rows.keys()]).toEqual(['7001']);
  const primary = rows.get('7001')!;
  expect(primary.group).toMatchObject({
    timesSeen: 15,
    userCount: 2,
    firstSeen: '2026-10-12T00:00:00.000Z',
    lastSeen: '2026-11-18T00:00:00.000Z',
    environments: ['prod', 'qa'],
    newestRelease: { version: 'shop@1.9.0' },
  });
  expect(primary.assignment?.assignee).toEqual({ type: 'team', id: '21' });
  const state = await readGroupState(stores.table, '7001');
  const told = state.activities.map(({ type, data }) => [
    type,
    (data as { assignee?: string })?.assignee,
  ]);
  expect(told).toEqual(
    expect.arrayContaining([
      ['merge', undefined],
      ['assigned', '12'],
      ['assigned', '21'],
    ]),
  );
  // The history of both children, the merge itself, and the primary's own assignment.
  expect(told).toHaveLength(4);
  expect(state.subscriptions.map(({ subscriber }) => subscriber).sort()).toEqual([
    'user:11',
    'user:12',
  ]);
  const own = (await stores.userFlags.ofUser('11', [{ id: '7001' }])).get('7001');
  expect(own).toMatchObject({
    isBookmarked: true,
    hasSeen: true,
    subscription: { reason: 'unknown' },
  });
  expect(await stores.seenGroups.ofFingerprints('31', ['of 7002', 'of 7003'])).toEqual(
    new Map([
      ['of 7002', '7001'],
      ['of 7003', '7001'],
    ]),
  );
  const { hashes } = await stores.seenGroups.hashesOf({ groupId: '7001', limit: 10 });
  expect(hashes.toSorted()).toEqual(
    ['7001', '7002', '7003'].map((id) => hashOf(`of ${id}`)).sort(),
  );
  expect(await stores.seenGroups.evaluated('7001')).toMatchObject({ eventId: 'first of 7001' });
  expect(await stores.seenGroups.usersAmong('7001', ['ann', 'ben'])).toEqual(
    new Set(['ann', 'ben']),
  );
  for (const id of ['7002', '7003']) {
    // Its short id leads to its id, and that to where it went.
    expect(await stores.groups.idOfShortId('1', `SHOP-${id}`)).toBe(id);
    expect(await partition(world, id)).toEqual([
      {
        ...groupKeys.mergedInto(id),
        entity: 'mergedInto',
        childId: id,
        groupId: '7001',
        organizationId: '1',
      },
    ]);
  }
  const tookIn = (await partition(world, '7001')).filter(({ entity }) => entity === 'mergedGroup');
  expect(tookIn.map(({ childId, shortId }) => [childId, shortId])).toEqual([
    ['7002', 'SHOP-7002'],
    ['7003', 'SHOP-7003'],
  ]);
  const [listed] = (
    await stores.issueLists.page({ projectId: '31', status: 'unresolved' }, { limit: 10 })
  ).rows.filter(({ group: one }) => one.id === '7001');
  expect(listed?.position).toBe('2026-11-18T00:00:00.000Z#7001');
}

/** The rows of a group. */
export function partition({ stores }: TestWorld, groupId: string) {
  return stores.table.queryAll({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': groupKeys.partition(groupId) },
    ConsistentRead: true,
  });
}
