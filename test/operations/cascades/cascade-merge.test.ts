import { describe, expect, it } from 'vitest';
import { deleteIssues } from '../../../shared/operations/issues/delete-issues.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { userRowItem } from '../../../shared/stores/issues/user-rows.ts';
import { groupKeys } from '../../../shared/stores/keys/group-keys.ts';
import { updateRow } from '../../../shared/stores/updates.ts';
import { NOW } from '../../support/builders.ts';
import { readGroupState, recordedEvents } from '../../support/consistency.ts';
import {
  expectMerged,
  moveChildren,
  partition,
  worldWithMerge,
} from '../../support/crash/merged-groups.ts';
import { assignedTo, surroundings, updateDeps } from '../../support/operations.ts';
import { ownersDeps, record, seen } from '../../support/owners.ts';

describe('the worker of a merge', () => {
  it('moves what belongs to the children, again and again', async () => {
    const world = await worldWithMerge();
    await moveChildren(world.stores);
    await expectMerged(world);
    await moveChildren(world.stores);
    await expectMerged(world);
  });

  it('leaves the holder of a child without what they had for that, where another one holds the primary', async () => {
    const world = await worldWithMerge();
    await updateGroups(updateDeps(world.stores), {
      organizationId: '1',
      groupIds: ['7001'],
      projects: null,
      update: assignedTo('user:11'),
      initiator: { actingUserId: null, requestId: 'before' },
    });
    await moveChildren(world.stores);
    const { assignment, subscriptions } = await readGroupState(world.stores.table, '7001');
    expect(assignment?.assignee).toBe('user:11');
    expect(subscriptions.map(({ subscriber, reason }) => [subscriber, reason])).toEqual([
      ['user:11', 'unknown'],
    ]);
  });

  it('takes along what users set of a child before rows were theirs, and nothing that they took back', async () => {
    const world = await worldWithMerge();
    const { table, transact, userFlags } = world.stores;
    const ids = { groupId: '7002', organizationId: '1', projectId: '31' };
    const before = ['11', '12', '13'].flatMap((userId) => [
      { ...groupKeys.seen('7002', userId), entity: 'seen', ...ids, userId, lastSeen: NOW },
      {
        ...groupKeys.bookmark('7002', userId),
        entity: 'bookmark',
        ...ids,
        userId,
        dateAdded: NOW,
      },
    ]);
    const own = userRowItem(
      { id: '7002', organizationId: '1', projectId: '31' },
      { userId: '12', bookmarkedAt: null, subscription: null },
    );
    const { pk, sk, ...set } = own;
    await transact([
      ...before.map((Item) => ({ name: 'before', put: { Item } })),
      { name: 'own', update: updateRow({ pk, sk }, { set }) },
    ]);
    await moveChildren(world.stores);
    const flags = async (userId: string) => {
      const { isBookmarked, hasSeen } = (
        await userFlags.ofUser(userId, [{ id: '7001', hasUserRows: true }])
      ).get('7001')!;
      return { isBookmarked, hasSeen };
    };
    expect(await flags('12')).toEqual({ isBookmarked: false, hasSeen: true });
    expect(await flags('13')).toEqual({ isBookmarked: true, hasSeen: true });
    const listed = { organizationId: '1', userId: '13', limit: 10 };
    expect((await userFlags.groupsBookmarkedBy(listed)).groupIds).toEqual(['7001']);
    expect(await table.get(groupKeys.bookmark('7001', '13'))).toBeUndefined();
  });

  it('keeps the newest release of them all, whichever group it was', async () => {
    const world = await worldWithMerge();
    const { stores } = world;
    await record(ownersDeps(stores), seen({ groupId: '7001', event: { release: 'shop@0.1.0' } }));
    await stores.transact([
      {
        name: 'group',
        update: {
          Key: groupKeys.group('7003'),
          UpdateExpression: 'SET newestRelease = :release',
          ExpressionAttributeValues: { ':release': { version: 'shop@1.10.0', firstSeen: NOW } },
        },
      },
    ]);
    await moveChildren(stores);
    const primary = await stores.groups.byId('7001');
    expect(primary?.group).toMatchObject({
      timesSeen: 16,
      newestRelease: { version: 'shop@1.10.0' },
    });
  });

  it('leaves where a child went, also where another worker was about to empty it', async () => {
    const world = await worldWithMerge();
    const { stores } = world;
    let isFirst = true;
    const empty: typeof stores.groupRemoval.empty = async (...input) => {
      if (isFirst) {
        isFirst = false;
        await moveChildren(stores);
      }
      return stores.groupRemoval.empty(...input);
    };
    await moveChildren({ ...stores, groupRemoval: { ...stores.groupRemoval, empty } });
    await expectMerged(world);
  });

  it('does so once, when two do it at the same time', async () => {
    const world = await worldWithMerge();
    const both = () => Promise.allSettled([moveChildren(world.stores), moveChildren(world.stores)]);
    await both();
    await moveChildren(world.stores);
    await expectMerged(world);
  });

  it('leaves the children that are left to another when its time runs out', async () => {
    const world = await worldWithMerge();
    await moveChildren(world.stores, () => false);
    const told = (await recordedEvents(world.stores.table)).filter(
      ({ type, detail }) => type === 'issue.merged' && detail.groupId === '7001',
    );
    expect(told.map(({ detail }) => detail.data.children)).toEqual(
      expect.arrayContaining([['7002', '7003']]),
    );
    expect(told).toHaveLength(2);
    await moveChildren(world.stores);
    await expectMerged(world);
  });

  it('removes the children of a primary that was deleted', async () => {
    const world = await worldWithMerge();
    await deleteIssues(
      { ...world.stores, ...surroundings() },
      {
        organizationId: '1',
        groupIds: ['7001'],
        projects: null,
        initiator: { actingUserId: '11', requestId: 'gone' },
      },
    );
    await moveChildren(world.stores);
    for (const id of ['7002', '7003']) {
      expect(await partition(world, id)).toEqual([]);
    }
    expect(await world.stores.seenGroups.ofFingerprints('31', ['of 7002'])).toEqual(new Map());
  });
});
