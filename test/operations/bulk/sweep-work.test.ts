import { beforeAll, describe, expect, it } from 'vitest';
import type { OrphanPolicy } from '../../../shared/domain/directory.ts';
import { requestSweep } from '../../../shared/operations/bulk/accept-operation.ts';
import { deleteMember } from '../../../shared/operations/directory/delete-member.ts';
import { setAccountActive } from '../../../shared/operations/directory/set-account-active.ts';
import { leaveTeam } from '../../../shared/operations/directory/team-membership.ts';
import { updateOrganization } from '../../../shared/operations/directory/update-organization.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { updateProject } from '../../../shared/operations/projects/update-project.ts';
import { team } from '../../support/builders.ts';
import { readGroupState } from '../../support/consistency.ts';
import { assignedTo, surroundings, updateDeps } from '../../support/operations.ts';
import { changingDeps } from '../../support/saving.ts';
import { copiesOf, type TestWorld, worldOnFreshTable } from '../../support/world.ts';
import { resultOf, workOnAll } from './workers.ts';

const initiator = { actingUserId: '11', requestId: 'r1' };
const ISSUES = Array.from({ length: 12 }, (_, index) => String(30_000 + index));

let copy: () => Promise<TestWorld>;
beforeAll(async () => {
  const world = await worldOnFreshTable({
    groups: ISSUES.map((id, index) => ({
      id,
      project: index < 8 ? '31' : '32',
      shortId: `ISSUE-${id}`,
      title: `Issue ${id}`,
    })),
    assignments: ISSUES.map((group, index) => ({
      group,
      assignedTo: index < 4 ? 'user:12' : index < 8 ? 'team:21' : 'user:13',
    })),
    owners: [{ group: '30000', type: 'ownershipRule', owner: 'team:21', rule: 'path:a/* #core' }],
  });
  copy = await copiesOf(world);
});

async function worldWith(orphanPolicy: OrphanPolicy): Promise<TestWorld> {
  const world = await copy();
  await updateOrganization(changingDeps(world.stores), '1', { orphanPolicy }, initiator);
  return world;
}

/** Bob leaves, carol's account is switched off, and core leaves the shop: no worker hears of it. */
async function letAllGo(world: TestWorld): Promise<void> {
  const deps = changingDeps(world.stores);
  await deleteMember(deps, { organizationId: '1', memberId: '12', initiator });
  await setAccountActive(deps, { userId: '13', isActive: false });
  const project = { organizationId: '1', projectId: '31', initiator };
  await updateProject(deps, { ...project, update: { detach: ['21'] } });
}

async function sweep(world: TestWorld, dryRun = false) {
  const deps = { ...world.stores, ...surroundings() };
  const { id } = await requestSweep(deps, { organizationId: '1', dryRun, initiator });
  await workOnAll(world);
  return resultOf(world, id);
}

const heldOf = async ({ stores }: TestWorld) =>
  [...(await stores.assignments.ofGroups(ISSUES))]
    .flatMap(([id, { assignee }]) => (assignee === null ? [] : [id]))
    .toSorted();

describe('a sweep', () => {
  it.each(['unassign', 'reroute'] as const)(
    'under %s leaves no open issue with somebody who may not hold it',
    async (policy) => {
      const world = await worldWith(policy);
      await letAllGo(world);
      const shown = await sweep(world, true);
      expect(shown.operation.counts).toMatchObject({ applied: 12, unchanged: 0 });
      expect(await heldOf(world)).toEqual(ISSUES);
      const { operation, byIssue } = await sweep(world);
      expect(operation).toMatchObject({ kind: 'orphans', state: 'done', counts: { applied: 12 } });
      expect([...byIssue.keys()].toSorted()).toEqual(ISSUES);
      expect(await heldOf(world)).toEqual([]);
      expect((await sweep(world)).operation.counts).toMatchObject({ applied: 0, unchanged: 0 });
    },
  );

  it('under reroute gives to whom the rules name, and says so', async () => {
    const world = await worldWith('reroute');
    await deleteMember(changingDeps(world.stores), {
      ...{ organizationId: '1', memberId: '12', initiator },
    });
    const { operation, byIssue } = await sweep(world);
    expect(operation.counts).toMatchObject({ applied: 4 });
    expect(byIssue.get('30000')).toMatchObject({
      before: { assignedTo: { type: 'user', id: '12' } },
      after: { assignedTo: { type: 'team', id: '21' } },
    });
    expect(byIssue.get('30001')).toMatchObject({ after: { assignedTo: null } });
    const { activities } = await readGroupState(world.stores.table, '30000');
    expect(activities.map(({ data }) => data)).toContainEqual(
      expect.objectContaining({ reason: 'orphaned', operationId: operation.id }),
    );
  });

  it('under keep notes orphans, changes nothing, and takes back a note that is none any more', async () => {
    const world = await worldWith('keep');
    await letAllGo(world);
    const { operation, byIssue } = await sweep(world);
    // Whoever left a project is known by that event alone: core is still on no other project.
    expect(operation.counts.applied).toBe(0);
    expect(byIssue.get('30000')).toMatchObject({ outcome: 'unchanged', reason: 'kept' });
    expect(await heldOf(world)).toEqual(ISSUES);
    expect(await world.stores.orphans.count('1')).toBe(operation.counts.unchanged);

    await setAccountActive(changingDeps(world.stores), { userId: '13', isActive: true });
    const again = await sweep(world);
    expect(again.byIssue.has('30008')).toBe(false);
    expect(await world.stores.orphans.count('1')).toBe(again.operation.counts.unchanged);
  });

  it('leaves closed issues, and those that somebody may hold', async () => {
    const world = await worldWith('unassign');
    await leaveTeam(changingDeps(world.stores), { team: team(), userId: '12', initiator });
    await updateGroups(updateDeps(world.stores), {
      organizationId: '1',
      projects: null,
      groupIds: ['30001'],
      update: {
        status: { status: 'resolved', substatus: null, resolvedIn: null, conditions: {} },
      },
      initiator,
    });
    await updateGroups(updateDeps(world.stores), {
      organizationId: '1',
      projects: null,
      groupIds: ['30002'],
      update: assignedTo('user:11'),
      initiator,
    });
    const { byIssue } = await sweep(world);
    expect([...byIssue.keys()].toSorted()).toEqual(['30000', '30003']);
  });
});
