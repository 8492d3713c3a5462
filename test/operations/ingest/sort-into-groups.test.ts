import { describe, expect, it } from 'vitest';
import { cascadeIssue } from '../../../shared/operations/cascades/cascade-issue.ts';
import { cascadeMerge } from '../../../shared/operations/cascades/cascade-merge.ts';
import { deleteIssues } from '../../../shared/operations/issues/delete-issues.ts';
import { mergeGroups } from '../../../shared/operations/issues/merge-groups.ts';
import { groupOf, ownersDeps, record, seen } from '../../support/owners.ts';
import { worldOnFreshTable } from '../../support/world.ts';

const initiator = { actingUserId: '11', requestId: 'request-1' };

/** An issue that an event began and people removed, discarded or not. */
async function removed(isDiscard: boolean) {
  const { stores } = await worldOnFreshTable();
  const deps = ownersDeps(stores);
  expect(await record(deps, seen())).toBe(0);
  const { group } = await groupOf(stores, '31');
  await deleteIssues(deps, {
    organizationId: '1',
    groupIds: [group.id],
    projects: null,
    initiator,
    isDiscard,
  });
  const work = () =>
    cascadeIssue(deps, { groupId: group.id, requestId: 'request-1', hasTime: () => true });
  const leadsTo = async () => (await stores.seenGroups.ofFingerprints('31', ['cart'])).get('cart');
  return { stores, deps, id: group.id, work, leadsTo };
}

describe('events of an issue that was discarded', () => {
  it('begin no other, before and after its rows are removed', async () => {
    const { stores, deps, id, work, leadsTo } = await removed(true);
    for (const step of [async () => {}, work, work]) {
      await step();
      expect(await record(deps, seen(), seen({ groupId: id }), seen())).toBe(0);
      expect(await leadsTo()).toBe(id);
    }
    const dropped = deps.telemetry.counts.filter(({ name }) => name === 'group_seen.discarded');
    expect(dropped).toHaveLength(6);
    const rows = await stores.table.queryAll({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `G#${id}` },
    });
    expect(rows.map(({ entity }) => entity)).toEqual(['group']);
    // The deletion of the project finds it where it finds every group.
    const { groups } = await stores.removalPages.listed({
      projectId: '31',
      status: 'pending_deletion',
    });
    expect(groups.map((group) => group.id)).toEqual([id]);
  });

  it('of another fingerprint begin one', async () => {
    const { stores, deps, id } = await removed(true);
    await record(deps, seen({ fingerprint: 'basket' }));
    expect((await groupOf(stores, '31', 'basket')).group.id).not.toBe(id);
  });
});

describe('events of an issue that was deleted', () => {
  it('begin another', async () => {
    const { stores, deps, id, work } = await removed(false);
    await work();
    await record(deps, seen());
    expect((await groupOf(stores, '31')).group.id).not.toBe(id);
  });
});

describe('events that name an issue that was merged', () => {
  it('are of the one that it went into, before and after the worker came', async () => {
    const { stores } = await worldOnFreshTable();
    const deps = ownersDeps(stores);
    const initiator = { actingUserId: '11', requestId: 'merge' };
    expect(await mergeGroups(deps, { groupIds: ['102', '101'], initiator })).toMatchObject({
      parent: '102',
      children: ['101'],
    });
    const timesSeen = async () => {
      const row = (await stores.groups.withAssignments(['102'])).get('102');
      return row?.group.timesSeen;
    };
    const before = (await timesSeen()) ?? 0;
    expect(await record(deps, seen({ fingerprint: undefined, groupId: '101' }))).toBe(0);
    expect(await timesSeen()).toBe(before + 1);
    await cascadeMerge(deps, {
      ...{ organizationId: '1', projectId: '31', primaryId: '102', childIds: ['101'] },
      ...{ version: 0, requestId: 'worker', hasTime: () => true },
    });
    const merged = (await timesSeen()) ?? 0;
    expect(await record(deps, seen({ fingerprint: undefined, groupId: '101' }))).toBe(0);
    expect(await timesSeen()).toBe(merged + 1);
  });
});
