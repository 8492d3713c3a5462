import { describe, expect, it } from 'vitest';
import { deleteIssues } from '../../../shared/operations/issues/delete-issues.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { groupKeys } from '../../../shared/stores/keys.ts';
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
