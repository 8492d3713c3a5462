import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENV } from '../../../shared/env.ts';
import type { ApiHandler } from '../../../shared/http/api.ts';
import {
  type CascadeMergeDeps,
  cascadeMerge,
} from '../../../shared/operations/cascades/cascade-merge.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { groupKeys } from '../../../shared/stores/keys.ts';
import { type GatewayRequest, send } from '../../http/gateway-event.ts';
import { group, NOW } from '../../support/builders.ts';
import { survives } from '../../support/cascade-worker.ts';
import { readGroupState, recordedEvents } from '../../support/consistency.ts';
import { everyDeath } from '../../support/every-death.ts';
import { enterFunctionEnvironment } from '../../support/function-environment.ts';
import {
  assignedTo,
  emptyOwnerCaches,
  surroundings,
  updateDeps,
} from '../../support/operations.ts';
import { ownersDeps, record, seen } from '../../support/owners.ts';
import { notThere, scoped } from '../../support/projects-over-http.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

let home: TestWorld;
let change: ApiHandler;
beforeAll(async () => {
  home = await worldOnFreshTable({
    organizations: smallWorld.organizations.map((one) =>
      one.id === '1' ? { ...one, features: ['discard-groups' as const] } : one,
    ),
    groups: [...smallWorld.groups, ...moreGroups()],
  });
  enterFunctionEnvironment(home);
  process.env[ENV.rateLimits] = 'off';
  change = (await import('../../../functions/group-update/handler.ts')).handler;
});

/** Groups of shop, three for each test: seen 1, 7 and 7 times; the fourth is no error. */
function moreGroups() {
  return Array.from({ length: 80 }, (_, index) => ({
    id: String(1_000 + index),
    project: '31',
    title: 'TypeError',
    shortId: `SHOP-${1_000 + index}`,
    timesSeen: index % 4 === 0 ? 1 : 7,
    type: index % 4 === 3 ? 'performance' : 'error',
  }));
}

let [once, often, oftener, slow] = ['', '', '', ''];
let next = 1_000;
beforeEach(() => {
  [once, often, oftener, slow] = [next, next + 1, next + 2, next + 3].map(String) as [
    string,
    string,
    string,
    string,
  ];
  next += 4;
});

const MANY = '/0/organizations/{org}/issues';
const put = (id: string[], body: unknown, rest: Partial<GatewayRequest> = {}) =>
  send(change, {
    method: 'PUT',
    resource: MANY,
    path: { org: 'acme' },
    query: { id },
    body: JSON.stringify(body),
    ...rest,
  });

const statusOf = async (id: string) => (await home.stores.groups.byId(id))?.group.status;

async function eventsOf(world: TestWorld, type: string, groupId: string) {
  const events = await recordedEvents(world.stores.table);
  return events.filter((event) => event.type === type && event.detail.groupId === groupId);
}

describe('groups that are merged', () => {
  it('are one: that which was seen most often, of several the one with the highest id', async () => {
    const answer = await put([once, oftener, often], { merge: true });
    expect(answer).toMatchObject({
      statusCode: 200,
      body: { merge: { parent: oftener, children: [once, often] } },
    });
    expect(await Promise.all([once, often, oftener].map(statusOf))).toEqual([
      'pending_merge',
      'pending_merge',
      'unresolved',
    ]);
    const state = await readGroupState(home.stores.table, oftener);
    expect(state.activities).toMatchObject([
      { type: 'merge', userId: '11', data: { issues: [{ id: once }, { id: often }] } },
    ]);
    const [event, ...others] = await eventsOf(home, 'issue.merged', oftener);
    expect(others).toEqual([]);
    expect(event?.detail.data).toEqual({ children: [once, often] });
  });

  it('are updated as well where the request asks for that', async () => {
    const answer = await put([once, often], { merge: true, priority: 'high' });
    expect(answer.body).toMatchObject({ priority: 'high', merge: { parent: often } });
    expect((await home.stores.groups.byId(often))?.group.priority).toBe('high');
  });

  it('are not, where there is one alone', async () => {
    expect(await put([once], { merge: true })).toMatchObject({ statusCode: 200 });
    expect(await put([once, '901', '999999'], { merge: true })).toMatchObject({ statusCode: 200 });
    expect(await statusOf(once)).toBe('unresolved');
  });

  it.each<[string, () => string[], string]>([
    ['of two projects', () => [once, '201'], 'Merging across multiple projects is not supported'],
    ['of other kinds', () => [once, slow], 'Only error issues can be merged.'],
  ])('are refused when they are %s, and nothing else is done', async (_, ids, detail) => {
    expect(await put(ids(), { merge: true, priority: 'high' })).toMatchObject({
      statusCode: 400,
      body: { detail },
    });
    expect((await home.stores.groups.byId(once))?.group).toMatchObject({
      status: 'unresolved',
      priority: null,
    });
  });

  it('may be so many that they do not fit into one transaction', async () => {
    const ids = Array.from({ length: 205 }, (_, index) => String(30_000 + index));
    const world = await worldOnFreshTable({
      groups: [...smallWorld.groups, ...ids.map((id) => ({ id, project: '31', title: 'E' }))],
    });
    const { mergeGroups } = await import('../../../shared/operations/issues/merge-groups.ts');
    const outcome = await mergeGroups(
      { ...world.stores, ...surroundings() },
      { groupIds: ids, initiator: { actingUserId: '11', requestId: 'many' } },
    );
    expect(outcome).toEqual({ parent: '30204', children: ids.slice(0, -1) });
    const told = await eventsOf(world, 'issue.merged', '30204');
    const children = told.flatMap(({ detail }) => detail.data.children as string[]);
    expect(children.sort()).toEqual(ids.slice(0, -1));
    const { activities } = await readGroupState(world.stores.table, '30204');
    expect(activities).toHaveLength(told.length);
  });
});

/**
 * In shop: 7001 (seen 9 times, followed by alice) takes in 7002 (4 times, held by core, with a
 * fingerprint and two users, one of them known to 7001) and 7003 (twice, held by bob).
 */
async function worldWithMerge() {
  const world = await worldOnFreshTable();
  const { stores } = world;
  let project = (await stores.projects.byIds(['31'])).get('31')!;
  for (const [id, timesSeen, users, environments] of [
    ['7001', 9, ['ann'], ['prod']],
    ['7002', 4, ['ann', 'ben'], ['qa', 'prod']],
    ['7003', 2, [], []],
  ] as const) {
    const number = Number(id);
    const outcome = await stores.seenGroups.begin({
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
      project,
      shortIdCounter: number,
      events: { eventIds: [], unfinished: null, newUsers: users, now: NOW },
      evaluated: null,
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
  const { mergeGroups } = await import('../../../shared/operations/issues/merge-groups.ts');
  const initiator = { actingUserId: '11', requestId: 'merge' };
  const merged = await mergeGroups(
    { ...stores, ...surroundings() },
    { groupIds: ['7001', '7002', '7003'], initiator },
  );
  expect(merged).toEqual({ parent: '7001', children: ['7002', '7003'] });
  return world;
}

function work(stores: TestWorld['stores'], hasTime = () => true, childIds = ['7002', '7003']) {
  const deps: CascadeMergeDeps = { ...stores, ...surroundings(), ownerCaches: emptyOwnerCaches };
  const place = { organizationId: '1', projectId: '31', primaryId: '7001' };
  return cascadeMerge(deps, { ...place, childIds, version: 0, requestId: 'worker', hasTime });
}

async function expectMerged(world: TestWorld) {
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
  expect((await stores.subscriptions.ofUser('11', ['7001'])).get('7001')?.reason).toBe('unknown');
  expect(await stores.userFlags.ofUser('11', ['7001'])).toEqual(
    new Map([['7001', { isBookmarked: true, hasSeen: true }]]),
  );
  expect(await stores.seenGroups.ofFingerprints('31', ['of 7002', 'of 7003'])).toEqual(
    new Map([
      ['of 7002', '7001'],
      ['of 7003', '7001'],
    ]),
  );
  expect(await stores.seenGroups.usersAmong('7001', ['ann', 'ben'])).toEqual(
    new Set(['ann', 'ben']),
  );
  for (const id of ['7002', '7003']) {
    expect(await stores.groups.idOfShortId('1', `SHOP-${id}`)).toBeUndefined();
    expect(await partition(world, id)).toEqual([]);
  }
  const [listed] = (
    await stores.groups.pageOfProject({ projectId: '31', status: 'unresolved', limit: 10 })
  ).rows.filter(({ group: one }) => one.id === '7001');
  expect(listed?.position).toBe('2026-11-18T00:00:00.000Z#7001');
}

function partition({ stores }: TestWorld, groupId: string) {
  return stores.table.queryAll({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': groupKeys.partition(groupId) },
    ConsistentRead: true,
  });
}

describe('the worker', () => {
  it('moves what belongs to the children, again and again', async () => {
    const world = await worldWithMerge();
    await work(world.stores);
    await expectMerged(world);
    await work(world.stores);
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
    await work(world.stores);
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
    await work(stores);
    const primary = await stores.groups.byId('7001');
    expect(primary?.group).toMatchObject({
      timesSeen: 16,
      newestRelease: { version: 'shop@1.10.0' },
    });
  });

  it('does so once, when two do it at the same time', async () => {
    const world = await worldWithMerge();
    const both = () => Promise.allSettled([work(world.stores), work(world.stores)]);
    await both();
    await work(world.stores);
    await expectMerged(world);
  });

  it('does so wherever it dies', async () => {
    const deaths = await everyDeath(async (death) => {
      const world = await worldWithMerge();
      const survived = await survives(world, death, (stores) => work(stores));
      await work(world.stores);
      await expectMerged(world);
      return survived;
    });
    expect(deaths).toBeGreaterThan(40);
  });

  it('leaves the children that are left to another when its time runs out', async () => {
    const world = await worldWithMerge();
    await work(world.stores, () => false);
    const told = await eventsOf(world, 'issue.merged', '7001');
    expect(told.map(({ detail }) => detail.data.children)).toEqual(
      expect.arrayContaining([['7002', '7003']]),
    );
    expect(told).toHaveLength(2);
    await work(world.stores);
    await expectMerged(world);
  });

  it('removes the children of a primary that was deleted', async () => {
    const world = await worldWithMerge();
    const { deleteIssues } = await import('../../../shared/operations/issues/delete-issues.ts');
    await deleteIssues(
      { ...world.stores, ...surroundings() },
      {
        organizationId: '1',
        groupIds: ['7001'],
        projects: null,
        initiator: { actingUserId: '11', requestId: 'gone' },
      },
    );
    await work(world.stores);
    for (const id of ['7002', '7003']) {
      expect(await partition(world, id)).toEqual([]);
    }
    expect(await world.stores.seenGroups.ofFingerprints('31', ['of 7002'])).toEqual(new Map());
  });
});

describe('issues that are discarded', () => {
  const one = (issue: string) => ({
    resource: '/0/organizations/{org}/issues/{issue}',
    path: { org: 'acme', issue },
    query: {},
  });

  it('are deleted, one and many', async () => {
    expect(await put([once, often], { discard: true })).toMatchObject({
      statusCode: 204,
      body: undefined,
    });
    expect(await put([], { discard: true }, one(oftener))).toMatchObject({ statusCode: 204 });
    for (const id of [once, often, oftener]) {
      expect(await statusOf(id)).toBe('pending_deletion');
    }
    expect(await eventsOf(home, 'issue.deletion_requested', once)).toHaveLength(1);
    expect(await put([], { discard: true }, one(oftener))).toMatchObject(notThere);
    expect(await put([once], { discard: true })).toMatchObject({ statusCode: 204 });
  });

  it.each<[string, () => string[], Partial<GatewayRequest>, unknown]>([
    [
      'with anything less than event:admin',
      () => [once],
      { authorizer: scoped('event:write') },
      { discard: ['You do not have permission to discard events'] },
    ],
    [
      'when they are of other kinds',
      () => [once, slow],
      {},
      { detail: 'Only error issues can be discarded.' },
    ],
  ])('stay %s', async (_, ids, rest, body) => {
    expect(await put(ids(), { discard: true }, rest)).toMatchObject({ statusCode: 400, body });
    expect(await statusOf(once)).toBe('unresolved');
  });

  it('stay where the organization does not have that', async () => {
    const authorizer = {
      tokenId: 'token-of-dave',
      userId: '14',
      organizations: '[{"id":"2","slug":"globex"}]',
      scopes: 'event:admin',
    };
    const inGlobex = { path: { org: 'globex' }, authorizer };
    expect(await put(['901'], { discard: true }, inGlobex)).toMatchObject({
      statusCode: 400,
      body: { detail: ['You do not have that feature enabled'] },
    });
    expect(await statusOf('901')).toBe('unresolved');
  });
});
