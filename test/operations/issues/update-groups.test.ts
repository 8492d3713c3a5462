import { beforeAll, describe, expect, it } from 'vitest';
import { createCacheClient } from '../../../shared/cache/client.ts';
import { createOwnerCaches } from '../../../shared/cache/owner-caches.ts';
import type { DomainError } from '../../../shared/domain/errors.ts';
import {
  type RequestedUpdate,
  updateGroups,
} from '../../../shared/operations/issues/update-groups.ts';
import { expectOneStory, readGroupState } from '../../support/consistency.ts';
import { cacheUrl } from '../../support/engines.ts';
import { assignedTo, updateDeps } from '../../support/operations.ts';
import { randomOf } from '../../support/random.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const members: Record<string, string[]> = {
  'team:21': ['user:11', 'user:12'],
  'team:22': ['user:13'],
};
const membersOf = (actor: string) => members[actor] ?? [actor];

let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable();
});

function update(
  in_: TestWorld,
  groupIds: string[],
  requested: RequestedUpdate,
  actingUserId: string | null = '11',
) {
  return updateGroups(updateDeps(in_.stores), {
    organizationId: '1',
    groupIds,
    projects: null,
    update: requested,
    initiator: { actingUserId, requestId: 'r1' },
  });
}

async function refusal(promise: Promise<unknown>) {
  const error = (await promise.then(
    () => undefined,
    (reason) => reason,
  )) as DomainError | undefined;
  return error?.fields ?? error?.detail;
}

describe('a whole life of an assignment', () => {
  it('assigns, reassigns, unassigns, and its rows tell one story at every step', async () => {
    const own = await worldOnFreshTable();
    for (const [target, version] of [
      ['team:21', 1],
      ['user:12', 2],
      ['user:12', 2],
      [null, 3],
      [null, 3],
      ['user:11', 4],
    ] as const) {
      const outcome = await update(own, ['101'], assignedTo(target));
      expect(outcome.updated).toEqual(['101']);
      const state = await readGroupState(own.stores.table, '101');
      expect(state.assignment?.version ?? 0).toBe(version);
      expectOneStory(state, membersOf);
    }
    const state = await readGroupState(own.stores.table, '101');
    const manual = state.events.filter(({ type }) => type === 'manual.issue_assignment');
    expect(manual).toHaveLength(6);
    expect(manual.every(({ detail }) => detail.requestId === 'r1')).toBe(true);
    expect(manual.every(({ detail }) => detail.actor === 'user:11')).toBe(true);
  });

  it('numbers the groups of a request in its order', async () => {
    const own = await worldOnFreshTable();
    await update(own, ['102', '101'], assignedTo('team:21'));
    const positions = await Promise.all(
      ['102', '101'].map(async (id) => {
        const { events } = await readGroupState(own.stores.table, id);
        return events.find(({ type }) => type === 'manual.issue_assignment')?.detail.data.position;
      }),
    );
    expect(positions).toEqual([0, 1]);
  });

  it('says no acting user for an organization token', async () => {
    const own = await worldOnFreshTable();
    await update(
      own,
      ['101'],
      { ...assignedTo('user:11'), isBookmarked: true, hasSeen: true },
      null,
    );
    const state = await readGroupState(own.stores.table, '101');
    expect(state.activities[0]?.userId).toBeNull();
    expect(state.events.every(({ detail }) => !('actor' in detail))).toBe(true);
    expect(state.subscriptions).toHaveLength(1);
  });
});

describe('validation comes first, for every project, and nothing is written when it fails', () => {
  const parse = [
    'Could not parse actor. Format should be `type:id` where type is `team` or `user`.',
  ];
  it.each<[string, string[], RequestedUpdate['assignedTo'], string[]]>([
    [
      'a user of no team of the project',
      ['101'],
      assignedTo('user:13').assignedTo,
      ['Cannot assign to non-team member'],
    ],
    [
      'a user who fits the first project and not the second',
      ['101', '201'],
      assignedTo('user:12').assignedTo,
      ['Cannot assign to non-team member'],
    ],
    [
      'a team that is not on the project',
      ['101'],
      assignedTo('team:22').assignedTo,
      ['Cannot assign to a team without access to the project'],
    ],
    [
      'a user of another organization',
      ['101'],
      assignedTo('user:14').assignedTo,
      ['User is not a member of this organization'],
    ],
    [
      'a user who does not exist',
      ['101'],
      assignedTo('user:999').assignedTo,
      ['User is not a member of this organization'],
    ],
    [
      'a team of another organization',
      ['101'],
      assignedTo('team:29').assignedTo,
      ['Team is not a member of this organization'],
    ],
    [
      'a team that does not exist',
      ['101'],
      assignedTo('team:999').assignedTo,
      ['Team is not a member of this organization'],
    ],
    [
      'an address of another organization',
      ['101'],
      { actor: { kind: 'login', login: 'dave@acme.io' }, assignedBy: null, integration: null },
      parse,
    ],
    [
      'an unknown user name',
      ['101'],
      { actor: { kind: 'login', login: 'nobody' }, assignedBy: null, integration: null },
      parse,
    ],
  ])('%s', async (_, groupIds, requested, messages) => {
    if (requested === undefined) {
      throw new Error('The row lacks its request.');
    }
    const before = await Promise.all(groupIds.map((id) => readGroupState(world.stores.table, id)));
    const answer = await refusal(update(world, groupIds, { assignedTo: requested }));
    expect(answer).toEqual({ assignedTo: messages });
    const after = await Promise.all(groupIds.map((id) => readGroupState(world.stores.table, id)));
    expect(after).toEqual(before);
  });

  it.each([
    ['by user name', 'bob'],
    ['by address', 'bob@acme.io'],
  ])('finds a member %s', async (_, login) => {
    const own = await worldOnFreshTable();
    await update(own, ['101'], {
      assignedTo: { actor: { kind: 'login', login }, assignedBy: null, integration: null },
    });
    expect((await readGroupState(own.stores.table, '101')).assignment?.assignee).toBe('user:12');
  });

  it('lets any member and any team be assigned under open membership', async () => {
    const open = await worldOnFreshTable({
      organizations: smallWorld.organizations.map((entry) => ({ ...entry, openMembership: true })),
    });
    expect((await update(open, ['101', '201'], assignedTo('user:15'))).updated).toEqual([
      '101',
      '201',
    ]);
    expect((await update(open, ['101'], assignedTo('team:22'))).updated).toEqual(['101']);
    expect(await refusal(update(open, ['101'], assignedTo('user:14')))).toEqual({
      assignedTo: ['User is not a member of this organization'],
    });
  });

  it("never changes another organization's groups, and says nothing of them", async () => {
    const outcome = await update(world, ['901'], assignedTo(null));
    expect(outcome).toEqual({
      matched: 0,
      updated: [],
      changed: [],
      issues: [],
      conflicting: [],
    });
    expect((await readGroupState(world.stores.table, '901')).events).toEqual([]);
  });
});

describe('everything of one request', () => {
  it('is there together', async () => {
    const own = await worldOnFreshTable();
    const outcome = await update(own, ['101'], {
      ...assignedTo('user:12'),
      status: { status: 'resolved', substatus: null, resolvedIn: null, conditions: {} },
      hasSeen: true,
      isBookmarked: true,
      isSubscribed: true,
      isPublic: true,
    });
    const row = (await own.stores.groups.withAssignments(['101'])).get('101');
    expect(row?.group).toMatchObject({ status: 'resolved', substatus: null, statusVersion: 1 });
    expect(row?.shareId).toBe(outcome.shareId);
    const userFlags = (await own.stores.userFlags.ofUser('11', [{ id: '101' }])).get('101');
    expect(userFlags).toMatchObject({ isBookmarked: true, hasSeen: true });
    const page = await own.stores.issueLists.page(
      { projectId: '31', status: 'resolved' },
      { limit: 5 },
    );
    expect(page.rows.map(({ group }) => group.id)).toEqual(['101']);
    expect((await readGroupState(own.stores.table, '101')).subscriptions).toEqual([
      { subscriber: 'user:11', reason: 'unknown', isActive: true },
      { subscriber: 'user:12', reason: 'assigned', isActive: true },
    ]);
  });

  it('gives to whoever resolves what nobody holds, where they have chosen so', async () => {
    const own = await worldOnFreshTable({
      users: smallWorld.users.map((entry) => ({ ...entry, options: { self_assign_issue: '1' } })),
    });
    const resolve: RequestedUpdate = {
      status: { status: 'resolved', substatus: null, resolvedIn: null, conditions: {} },
    };
    await update(own, ['101', '102'], resolve);
    for (const id of ['101', '102']) {
      expect((await readGroupState(own.stores.table, id)).assignment?.assignee).toBe('user:11');
    }
    await update(own, ['201'], resolve);
    expect((await readGroupState(own.stores.table, '201')).assignment).toBeUndefined();
  });
});

describe('at the same time', () => {
  const { random } = randomOf('update-groups.test.ts');

  it.each([
    ['first assigns', ['user:11', 'user:12', 'team:21']],
    ['unassigns', [null, null, null]],
    ['assigns against unassigns', ['user:11', null, 'team:21', null, 'user:12']],
  ])('%s leave one consistent state', async (_, targets) => {
    const own = await worldOnFreshTable();
    for (let round = 0; round < 6; round++) {
      await update(own, ['101'], assignedTo('user:12'));
      const shuffled = [...targets].sort(() => random() - 0.5);
      const outcomes = await Promise.all(
        shuffled.map((target) => update(own, ['101'], assignedTo(target))),
      );
      expect(outcomes.every(({ conflicting }) => conflicting.length === 0)).toBe(true);
      expectOneStory(await readGroupState(own.stores.table, '101'), membersOf);
    }
  });

  it('two requests over the same groups in opposite orders both succeed', async () => {
    const own = await worldOnFreshTable();
    const outcomes = await Promise.all([
      update(own, ['101', '102'], assignedTo('user:11')),
      update(own, ['102', '101'], assignedTo('user:12')),
    ]);
    expect(outcomes.map(({ updated }) => updated.length)).toEqual([2, 2]);
    for (const id of ['101', '102']) {
      const state = await readGroupState(own.stores.table, id);
      expect(state.assignment?.version).toBe(2);
      expectOneStory(state, membersOf);
    }
  });
});

describe('the owner caches', () => {
  const { hostname, port } = new URL(cacheUrl());
  const client = createCacheClient({ host: hostname, port: Number(port), auth: { kind: 'none' } });
  const keys = (id: string) => [`assignee_exists:1:{${id}}`, `owner_exists:1:{${id}}`];
  const touch = (ids: string[]) =>
    client.run((cluster) =>
      Promise.all(ids.flatMap(keys).map((key) => cluster.set(key, '[true,1.5]'))),
    );
  const left = (ids: string[]) =>
    client.run(async (cluster) => {
      const found = await Promise.all(ids.flatMap(keys).map((key) => cluster.exists(key)));
      return found.reduce((sum, one) => sum + one, 0);
    });
  const withCache = (own: TestWorld, groupIds: string[], target: string | null, port_?: number) => {
    const cache =
      port_ === undefined
        ? client
        : createCacheClient({ host: '127.0.0.1', port: port_, auth: { kind: 'none' } });
    const deps = { ...updateDeps(own.stores), ownerCaches: createOwnerCaches(cache) };
    return updateGroups(deps, {
      organizationId: '1',
      groupIds,
      projects: null,
      update: assignedTo(target),
      initiator: { actingUserId: '11', requestId: 'r1' },
    }).then((outcome) => ({ outcome, telemetry: deps.telemetry }));
  };

  it('forget a group when it is unassigned, and not when it is assigned or was unassigned before', async () => {
    const own = await worldOnFreshTable();
    await touch(['101', '102']);
    await withCache(own, ['101', '102'], 'team:21');
    expect(await left(['101', '102'])).toBe(4);
    await withCache(own, ['101', '102'], null);
    expect(await left(['101', '102'])).toBe(0);
    await touch(['101', '102']);
    await withCache(own, ['101', '102'], null);
    expect(await left(['101', '102'])).toBe(4);
    await client.run((cluster) =>
      Promise.all(['101', '102'].flatMap(keys).map((key) => cluster.del(key))),
    );
  });

  it('that are down fail nothing and are counted', async () => {
    const own = await worldOnFreshTable();
    await withCache(own, ['101'], 'team:21');
    const { outcome, telemetry } = await withCache(own, ['101'], null, 1);
    expect(outcome.updated).toEqual(['101']);
    expect(telemetry.counts).toContainEqual({
      name: 'cache.invalidation_failed',
      dimensions: { cache: 'owners' },
      value: 1,
    });
    expect(telemetry.lines.map(({ level }) => level)).toContain('warn');
    expect((await readGroupState(own.stores.table, '101')).assignment?.assignee).toBeNull();
  });
});
