import { beforeAll, describe, expect, it } from 'vitest';
import { unsubscribeFromTeam } from '../../../shared/operations/directory/unsubscribe-from-team.ts';
import { describeIssues } from '../../../shared/operations/issues/describe-issues.ts';
import { readIssue } from '../../../shared/operations/issues/read-issue.ts';
import {
  type RequestedUpdate,
  updateGroups,
} from '../../../shared/operations/issues/update-groups.ts';
import { expectOneStory, readGroupState } from '../../support/consistency.ts';
import { crowdOf, peopleWithCrowd } from '../../support/followers/crowd.ts';
import { assignedTo, updateDeps } from '../../support/operations.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

/** More than a page of followers has room for, and far more than a transaction has writes. */
const crowd = crowdOf(400);
const membersOf = (actor: string) =>
  actor === 'team:77' ? crowd.map((id) => `user:${id}`) : [actor];

let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable({
    ...peopleWithCrowd(crowd),
    projects: smallWorld.projects.map((project) =>
      project.id === '31' ? { ...project, teams: ['core', 'crowd'] } : project,
    ),
    groups: ['101', '102', '103', '104', '105'].map((id) => ({
      ...{ id, project: '31', shortId: `SHOP-${id}`, title: 'KeyError' },
    })),
  });
});

function update(groupIds: string[], requested: RequestedUpdate, actingUserId = '11') {
  return updateGroups(updateDeps(world.stores), {
    organizationId: '1',
    groupIds,
    projects: null,
    update: requested,
    initiator: { actingUserId, requestId: 'r1' },
  });
}

const state = (groupId: string) => readGroupState(world.stores.table, groupId);
const subscribed = async (groupId: string) =>
  (await state(groupId)).subscriptions.map(({ subscriber, reason }) => `${subscriber} ${reason}`);

describe('a team of four hundred', () => {
  it('follows what it gets in the transaction that gives it, and no longer what it loses', async () => {
    await update(['101'], assignedTo('team:77'));
    expectOneStory(await state('101'), membersOf);
    await update(['101'], assignedTo('user:12'));
    expectOneStory(await state('101'), membersOf);
    await update(['101'], assignedTo('team:77'));
    await update(['101'], assignedTo(null));
    expectOneStory(await state('101'), membersOf);
  });

  it('leaves to its people what they have chosen themselves', async () => {
    await update(['102'], { isSubscribed: false }, '1003');
    await update(['102'], assignedTo('team:77'));
    await update(['102'], { isBookmarked: true }, '1004');
    await update(['102'], { isBookmarked: false }, '1005');
    await update(['102'], { isSubscribed: true }, '1006');
    const { subscriptions } = await state('102');
    expect(subscriptions).toHaveLength(399);
    const chosen = ['user:1003', 'user:1004', 'user:1005', 'user:1006'];
    expect(subscriptions.filter(({ subscriber }) => chosen.includes(subscriber))).toEqual([
      { subscriber: 'user:1003', reason: 'unknown', isActive: false },
      { subscriber: 'user:1004', reason: 'assigned', isActive: true },
      { subscriber: 'user:1006', reason: 'unknown', isActive: true },
    ]);
    // Whoever does not follow any more does again when the team is named again.
    await update(['102'], assignedTo('team:77'));
    expect(await subscribed('102')).toContain('user:1005 assigned');
    await update(['102'], assignedTo(null));
    expect(await subscribed('102')).toEqual(['user:1003 unknown', 'user:1006 unknown']);
  });

  it('is shown as following, to its people too, until one of them leaves it', async () => {
    await update(['103'], assignedTo('team:77'));
    const left = { organizationId: '1', teamId: '77', userId: '1007' };
    const shown = async () => {
      const detail = await readIssue(world.stores, {
        groupId: '103',
        organizationIds: ['1'],
        callerUserId: '1007',
      });
      const { issues } = await describeIssues(world.stores, [detail], {
        callerUserId: '1007',
        withOwners: false,
      });
      return [
        detail.subscriptions.length,
        detail.ownSubscription?.reason,
        issues[0]?.ownSubscription?.reason,
      ];
    };
    expect(await shown()).toEqual([400, 'assigned', 'assigned']);
    const { stores } = world;
    const roster = await stores.teams.roster('77');
    const teams = {
      ...stores.teams,
      roster: async () => ({
        team: roster!.team,
        memberships: roster!.memberships.filter(({ userId }) => userId !== '1007'),
      }),
    };
    const deps = { ...updateDeps(stores), ...stores, teams };
    await unsubscribeFromTeam(deps, left);
    await unsubscribeFromTeam(deps, left);
    expect(await shown()).toEqual([399, undefined, undefined]);
  });

  it('needs no read of its own where many of its issues go to somebody else', async () => {
    await update(['104', '105'], assignedTo('team:77'));
    const { followers } = world.stores;
    let asked = 0;
    const counted = {
      ...updateDeps(world.stores),
      followers: {
        ...followers,
        ofAssignments: (wanted: Parameters<typeof followers.ofAssignments>[0]) => {
          asked += wanted.length;
          return followers.ofAssignments(wanted);
        },
      },
    };
    await updateGroups(counted, {
      organizationId: '1',
      groupIds: ['104', '105'],
      projects: null,
      update: assignedTo('user:12'),
      initiator: { actingUserId: '11', requestId: 'r1' },
    });
    expect(asked).toBe(0);
    expect(await subscribed('104')).toEqual(['user:12 assigned']);
  });
});
