import { describe, expect, it } from 'vitest';
import { leaveTeam } from '../../../shared/operations/directory/team-membership.ts';
import { unsubscribeFromTeam } from '../../../shared/operations/directory/unsubscribe-from-team.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { readGroupState, recordedEvents } from '../../support/consistency.ts';
import { assignedTo, updateDeps } from '../../support/operations.ts';
import { changingDeps, namesChangedEvent } from '../../support/saving.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const initiator = { actingUserId: '11', requestId: 'r1' };

function assign(world: TestWorld, groupIds: string[], target: string) {
  return updateGroups(updateDeps(world.stores), {
    organizationId: '1',
    groupIds,
    projects: null,
    update: assignedTo(target),
    initiator,
  });
}

/** Ends the membership of bob (12) in core (21), and does what its event asks for. */
async function bobLeaves(world: TestWorld, between: () => Promise<unknown> = async () => {}) {
  const deps = changingDeps(world.stores);
  const team = (await world.stores.teams.byIds(['21'])).get('21')!;
  await leaveTeam(deps, { team, userId: '12', initiator });
  await between();
  const [event] = (await recordedEvents(world.stores.table)).filter(
    ({ type }) => type === 'team.member_left',
  );
  expect(event?.detail).toMatchObject({
    aggregateId: 'team:21',
    organizationId: '1',
    actor: 'user:11',
    data: { teamId: '21', userId: '12' },
  });
  const left = { organizationId: '1', teamId: '21', userId: '12' };
  await unsubscribeFromTeam(deps, left);
  await unsubscribeFromTeam(deps, left);
}

async function followers(world: TestWorld, groupId: string): Promise<string[]> {
  const { subscriptions } = await readGroupState(world.stores.table, groupId);
  return subscriptions.map(({ subscriber, reason }) => `${subscriber.slice(5)} ${reason}`);
}

describe('who leaves a team', () => {
  it('no longer follows its issues, and follows everything else as before', async () => {
    const groups = ['101', '102', '103', '104'].map((id) => ({
      id,
      project: '31',
      shortId: `SHOP-${id}`,
      title: 'KeyError',
    }));
    const world = await worldOnFreshTable({
      groups,
      subscriptions: [{ group: '102', user: '12', reason: 'comment', isActive: true }],
    });
    await assign(world, ['101', '102'], 'team:21');
    await assign(world, ['103'], 'user:12');
    expect(await followers(world, '101')).toEqual(['11 assigned', '12 assigned']);
    await bobLeaves(world);
    expect(await followers(world, '101')).toEqual(['11 assigned']);
    expect(await followers(world, '102')).toEqual(['11 assigned', '12 comment']);
    expect(await followers(world, '103')).toEqual(['12 assigned']);
    const held = await world.stores.assignments.ofGroups(['101', '103']);
    expect(held.get('101')?.assignee).toEqual({ type: 'team', id: '21' });
    expect(held.get('103')?.assignee).toEqual({ type: 'user', id: '12' });
  });

  it('and comes back before anybody looked keeps them all', async () => {
    const world = await worldOnFreshTable();
    await assign(world, ['101'], 'team:21');
    await bobLeaves(world, () =>
      world.stores.memberships.join(
        { organizationId: '1', teamId: '21', userId: '12', isActive: true },
        namesChangedEvent(),
      ),
    );
    expect(await followers(world, '101')).toEqual(['11 assigned', '12 assigned']);
  });

  it('follows no more what somebody else got in between', async () => {
    const world = await worldOnFreshTable();
    await assign(world, ['101'], 'team:21');
    await bobLeaves(world, () => assign(world, ['101'], 'user:11'));
    expect(await followers(world, '101')).toEqual(['11 assigned']);
  });

  it('is done with however many issues the team has', async () => {
    const groups = Array.from({ length: 250 }, (_, index) => ({
      id: String(5000 + index),
      project: '31',
      shortId: `SHOP-${5000 + index}`,
      title: 'KeyError',
    }));
    const world = await worldOnFreshTable({ ...smallWorld, groups });
    await assign(
      world,
      groups.map(({ id }) => id),
      'team:21',
    );
    await bobLeaves(world);
    const left = await world.stores.subscriptions.ofUser(
      '12',
      groups.map(({ id }) => id),
    );
    expect(left.size).toBe(0);
  });
});
