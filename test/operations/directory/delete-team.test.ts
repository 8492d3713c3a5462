import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiHandler } from '../../../shared/http/api.ts';
import {
  type CascadeTeamDeps,
  cascadeTeam,
} from '../../../shared/operations/cascades/cascade-team.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { subscriptionItem } from '../../../shared/stores/issues/subscriptions.ts';
import { directoryKeys } from '../../../shared/stores/keys/directory-keys.ts';
import { type GatewayRequest, send } from '../../http/gateway-event.ts';
import { NOW } from '../../support/builders.ts';
import { expectOneStory, readGroupState, recordedEvents } from '../../support/consistency.ts';
import { enterFunctionEnvironment } from '../../support/function-environment.ts';
import { assignedTo, surroundings, updateDeps, withStoredRules } from '../../support/operations.ts';
import { notThere, scoped } from '../../support/projects-over-http.ts';
import { changingDeps } from '../../support/saving.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

let home: TestWorld;
let write: ApiHandler;
beforeAll(async () => {
  home = await worldOnFreshTable({
    teams: [...smallWorld.teams, teamOf('23', 'spare', []), teamOf('24', 'extra', ['11', '12'])],
    members: [...smallWorld.members, { organization: 'globex', user: '12', role: 'member' }],
  });
  enterFunctionEnvironment(home);
  write = (await import('../../../functions/directory-write/handler.ts')).handler;
});

function teamOf(id: string, slug: string, users: readonly string[]) {
  const members = users.map((user) => ({ user, isActive: true }));
  return { id, organization: 'acme', slug, name: slug, members };
}

const team = (id: string) => ({
  id,
  organizationId: '1',
  slug: 'core',
  name: 'Core',
  dateCreated: NOW,
});

const remove = (
  resource: string,
  path: Record<string, string>,
  rest: Partial<GatewayRequest> = {},
) => send(write, { method: 'DELETE', resource, ...rest, path: { org: 'acme', ...path } });
const removeTeam = (slug: string, rest?: Partial<GatewayRequest>) =>
  remove('/0/teams/{org}/{team}', { team: slug }, rest);
const removeMember = (member: string, rest?: Partial<GatewayRequest>) =>
  remove('/0/organizations/{org}/members/{member}', { member }, rest);

async function eventsOf(world: TestWorld, type: string) {
  return (await recordedEvents(world.stores.table)).filter((event) => event.type === type);
}

describe('a team that is deleted', () => {
  it('is out of sight at once, and its slug is free', async () => {
    expect(await removeTeam('spare')).toMatchObject({ statusCode: 204, body: undefined });
    expect(await removeTeam('spare')).toMatchObject(notThere);
    expect(await home.stores.teams.idOfSlug('1', 'spare')).toBeUndefined();
    expect(await home.stores.teams.roster('23')).toBeUndefined();
    const [event, ...others] = await eventsOf(home, 'team.deleted');
    expect(others).toEqual([]);
    expect(event?.detail).toMatchObject({
      aggregateId: 'team:23',
      organizationId: '1',
      actor: 'user:11',
      data: { teamId: '23', slug: 'spare' },
    });
  });

  it.each(['team:write', 'org:admin', 'project:admin'])('stays with %s', async (scope) => {
    expect(await removeTeam('core', { authorizer: scoped(scope) })).toMatchObject({
      statusCode: 403,
    });
  });

  it.each(['nowhere', '999', '29', 'ops'])('is not there as %s', async (name) => {
    expect(await removeTeam(name)).toMatchObject(notThere);
  });
});

/** The team core is gone from the directory; the worker has its event. */
async function worldWithoutCore() {
  const groups = Array.from({ length: 250 }, (_, index) => ({
    id: String(10_000 + index),
    project: '31',
    title: 'TypeError',
  }));
  const world = await worldOnFreshTable({
    groups: [...smallWorld.groups, ...groups],
    assignments: groups.map(({ id }) => ({ group: id, assignedTo: 'team:21' })),
    subscriptions: groups.slice(0, 3).flatMap(({ id }) => [
      { group: id, user: '11', reason: 'assigned' as const, isActive: true },
      { group: id, user: '12', reason: 'comment' as const, isActive: true },
    ]),
  });
  const found = (await world.stores.teams.byIds(['21'])).get('21')!;
  await world.stores.transact([
    {
      name: 'subscription',
      put: {
        Item: subscriptionItem(
          { id: '101', organizationId: '1', projectId: '31' },
          {
            subscriber: { type: 'team', id: '21' },
            ...{ reason: 'team_mentioned', isActive: true, dateAdded: NOW },
          },
        ),
      },
    },
    { name: 'team', delete: { Key: directoryKeys.team(found.id) } },
  ]);
  return { world, groupIds: groups.map(({ id }) => id) };
}

function work(world: TestWorld, hasTime = () => true) {
  const deps: CascadeTeamDeps = withStoredRules({ ...world.stores, ...surroundings() });
  return cascadeTeam(deps, { team: team('21'), requestId: 'worker', hasTime, pauseMs: 1 });
}

function heldBy(world: TestWorld, id: string) {
  const actor = { type: 'team', id } as const;
  return world.stores.assignments.groupsAssignedTo({ organizationId: '1', actor, limit: 1_000 });
}

describe('the worker', () => {
  it('unassigns what the team held as anybody would, by nobody, and removes what it was', async () => {
    const { world, groupIds } = await worldWithoutCore();
    await work(world);
    await work(world);
    expect((await heldBy(world, '21')).groupIds).toEqual([]);
    const unassigned = await eventsOf(world, 'issue.unassigned');
    expect(unassigned.map(({ detail }) => detail.groupId).sort()).toEqual(groupIds);
    expect(unassigned.every(({ detail }) => detail.actor === undefined)).toBe(true);
    expect(unassigned[0]?.detail.data).toEqual({
      previous: { type: 'team', id: '21' },
      source: null,
    });

    const state = await readGroupState(world.stores.table, groupIds[0]!);
    expect(state.activities).toMatchObject([{ type: 'unassigned', userId: null }]);
    expect(state.subscriptions.map((row) => `${row.subscriber} ${row.reason}`)).toEqual([
      'user:12 comment',
    ]);
    expect((await readGroupState(world.stores.table, '101')).subscriptions).toEqual([]);
    const profile = await world.stores.users.profile('11');
    expect(profile?.teams).toEqual([]);
    expect(profile?.members).toHaveLength(1);
    expect((await world.stores.projects.withTeams('31'))?.teamIds).toEqual([]);
    const rows = await world.stores.table.queryAll({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': directoryKeys.teamPartition('21') },
    });
    expect(rows).toEqual([]);
  });

  it('leaves alone what somebody else holds by now, whatever the list says', async () => {
    const { world, groupIds } = await worldWithoutCore();
    const [stale] = groupIds as [string];
    const listed = await heldBy(world, '21');
    await updateGroups(updateDeps(world.stores), {
      organizationId: '1',
      groupIds: [stale],
      projects: null,
      update: assignedTo('user:12'),
      initiator: { actingUserId: '12', requestId: 'meanwhile' },
    });
    let reads = 0;
    const assignments = {
      ...world.stores.assignments,
      groupsAssignedTo: async (
        input: Parameters<typeof world.stores.assignments.groupsAssignedTo>[0],
      ) => (reads++ === 0 ? listed : world.stores.assignments.groupsAssignedTo(input)),
    };
    await cascadeTeam(withStoredRules({ ...world.stores, ...surroundings(), assignments }), {
      team: team('21'),
      requestId: 'worker',
      hasTime: () => true,
      pauseMs: 1,
    });
    const state = await readGroupState(world.stores.table, stale);
    expect(state.assignment?.assignee).toBe('user:12');
    expect((await heldBy(world, '21')).groupIds).toEqual([]);
  });

  it('leaves the rest to another when its time runs out', async () => {
    const { world } = await worldWithoutCore();
    for (let turn = 1; turn <= 3; turn++) {
      await work(world, () => false);
      expect((await heldBy(world, '21')).groupIds).toHaveLength(250 - Math.min(turn * 100, 250));
      expect(await eventsOf(world, 'team.deleted')).toHaveLength(turn);
    }
    await work(world);
    expect(await eventsOf(world, 'team.deleted')).toHaveLength(3);
    expect((await world.stores.projects.withTeams('31'))?.teamIds).toEqual([]);
  });
});

describe('a member who is deleted', () => {
  it('is in no team any more, and keeps what is assigned to them', async () => {
    await updateGroups(updateDeps(home.stores), {
      organizationId: '1',
      groupIds: ['101'],
      projects: null,
      update: assignedTo('user:12'),
      initiator: { actingUserId: '11', requestId: 'before' },
    });
    expect(await removeMember('12')).toMatchObject({ statusCode: 204, body: undefined });
    expect(await removeMember('12')).toMatchObject(notThere);
    const profile = await home.stores.users.profile('12');
    expect(profile?.members.map(({ organizationId }) => organizationId)).toEqual(['2']);
    expect(profile?.teams).toEqual([]);
    const roster = await home.stores.teams.roster('21');
    expect(roster?.memberships.map(({ userId }) => userId)).toEqual(['11']);
    const left = await eventsOf(home, 'team.member_left');
    expect(left.map(({ detail }) => detail.data)).toEqual(
      expect.arrayContaining([
        { teamId: '21', userId: '12' },
        { teamId: '24', userId: '12' },
      ]),
    );
    expect(left).toHaveLength(2);
    const state = await readGroupState(home.stores.table, '101');
    expectOneStory(state, (actor) => [actor]);
    expect(state.assignment?.assignee).toBe('user:12');
  });

  it('leaves any number of teams', async () => {
    const teams = Array.from({ length: 75 }, (_, index) =>
      teamOf(String(7_000 + index), `team-${index}`, ['13']),
    );
    const world = await worldOnFreshTable({ teams: [...smallWorld.teams, ...teams] });
    const { deleteMember } = await import('../../../shared/operations/directory/delete-member.ts');
    await deleteMember(changingDeps(world.stores), {
      organizationId: '1',
      memberId: '13',
      initiator: { actingUserId: null, requestId: 'goodbye' },
    });
    const profile = await world.stores.users.profile('13');
    expect(profile).toMatchObject({ members: [], teams: [] });
    expect(await eventsOf(world, 'team.member_left')).toHaveLength(76);
  });

  it.each(['14', '999', 'bob', ''])('is not there as %j', async (member) => {
    expect(await removeMember(member)).toMatchObject(notThere);
  });

  it('stays as the only owner', async () => {
    expect(await removeMember('11')).toMatchObject({
      statusCode: 403,
      body: { detail: 'You cannot remove the only remaining owner of the organization.' },
    });
  });

  it('stays without member:admin', async () => {
    expect(
      await removeMember('13', { authorizer: scoped('member:write org:admin') }),
    ).toMatchObject({ statusCode: 403 });
  });
});
