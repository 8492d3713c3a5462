import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENV } from '../../../shared/env.ts';
import type { ApiHandler } from '../../../shared/http/api.ts';
import {
  type CascadeIssueDeps,
  cascadeIssue,
} from '../../../shared/operations/cascades/cascade-issue.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { groupKeys } from '../../../shared/stores/keys/group-keys.ts';
import { type GatewayRequest, send } from '../../http/gateway-event.ts';
import { group, NOW } from '../../support/builders.ts';
import { readGroupState, recordedEvents } from '../../support/consistency.ts';
import { enterFunctionEnvironment } from '../../support/function-environment.ts';
import {
  assignedTo,
  emptyOwnerCaches,
  surroundings,
  updateDeps,
} from '../../support/operations.ts';
import { notThere, scoped } from '../../support/projects-over-http.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

let world: TestWorld;
let change: ApiHandler;
let read: ApiHandler;
beforeAll(async () => {
  world = await worldOnFreshTable({ groups: [...smallWorld.groups, ...moreGroups()] });
  enterFunctionEnvironment(world);
  process.env[ENV.rateLimits] = 'off';
  change = (await import('../../../functions/group-update/handler.ts')).handler;
  read = (await import('../../../functions/group-read/handler.ts')).handler;
});

/** Groups of shop, three for each test. */
function moreGroups() {
  return Array.from({ length: 60 }, (_, index) => ({
    id: String(1_000 + index),
    project: '31',
    title: 'TypeError',
    shortId: `SHOP-${1_000 + index}`,
  }));
}

let [first, second, third] = ['', '', ''];
let next = 1_000;
beforeEach(() => {
  [first, second, third] = [next, next + 1, next + 2].map(String) as [string, string, string];
  next += 3;
});

const ONE = '/0/organizations/{org}/issues/{issue}';
const remove = (resource: string, rest: Partial<GatewayRequest> = {}) =>
  send(change, {
    method: 'DELETE',
    resource,
    ...rest,
    path: {
      org: 'acme',
      ...(resource.includes('{project}') ? { project: 'shop' } : {}),
      ...rest.path,
    },
  });
const get = (issue: string) => send(read, { resource: ONE, path: { org: 'acme', issue } });

async function requested() {
  const events = await recordedEvents(world.stores.table);
  return events.filter(({ type }) => type === 'issue.deletion_requested');
}

function work(groupId: string, hasTime = () => true) {
  const deps: CascadeIssueDeps = {
    ...world.stores,
    ...surroundings(),
    ownerCaches: emptyOwnerCaches,
  };
  return cascadeIssue(deps, { groupId, requestId: 'worker', hasTime });
}

describe('an issue that is deleted', () => {
  it.each<[string, string, () => string]>([
    ['by its id in an organization', ONE, () => first],
    ['by its short id', ONE, () => `SHOP-${first}`],
    ['by its id alone', '/0/issues/{issue}', () => first],
  ])('%s is out of sight at once', async (_, resource, issue) => {
    const answer = await remove(resource, { path: { issue: issue() } });
    expect(answer).toMatchObject({ statusCode: 202, body: undefined });
    expect(await get(first)).toMatchObject(notThere);
    expect(await get(`SHOP-${first}`)).toMatchObject(notThere);
    expect(await remove(resource, { path: { issue: issue() } })).toMatchObject(notThere);
    expect(await world.stores.table.get(groupKeys.shortId('1', `SHOP-${first}`))).toBeUndefined();
    const events = (await requested()).filter(({ detail }) => detail.groupId === first);
    expect(events).toHaveLength(1);
    expect(events[0]?.detail).toMatchObject({ projectId: '31', actor: 'user:11', version: 1 });
  });

  it.each(['event:write', 'event:read', 'project:admin'])('stays with %s', async (scope) => {
    const rest = { authorizer: scoped(scope) };
    expect(await remove(ONE, { ...rest, path: { issue: first } })).toMatchObject({
      statusCode: 403,
    });
    const query = { id: [first] };
    for (const many of ['organizations/{org}', 'projects/{org}/{project}']) {
      expect(await remove(`/0/${many}/issues`, { ...rest, query })).toMatchObject({
        statusCode: 403,
      });
    }
    expect(await get(first)).toMatchObject({ statusCode: 200 });
  });

  it('is not there when it is another organization’s', async () => {
    expect(await remove(ONE, { path: { issue: '901' } })).toMatchObject(notThere);
    expect(await remove('/0/issues/{issue}', { path: { issue: '901' } })).toMatchObject(notThere);
  });

  it('changes nothing more for whoever still has it in hand', async () => {
    const deps = updateDeps(world.stores);
    const facts = await world.stores.groups.withAssignments([first]);
    await remove(ONE, { path: { issue: first } });
    const outcome = await updateGroups(
      { ...deps, groups: { ...deps.groups, withAssignments: async () => facts } },
      {
        organizationId: '1',
        groupIds: [first],
        projects: null,
        update: assignedTo('user:12'),
        initiator: { actingUserId: '11', requestId: 'late' },
      },
    );
    expect(outcome.updated).toEqual([]);
    expect((await readGroupState(world.stores.table, first)).assignment).toBeUndefined();
  });
});

describe('issues that are deleted together', () => {
  it.each<[string, string]>([
    ['an organization', '/0/organizations/{org}/issues'],
    ['a project', '/0/projects/{org}/{project}/issues'],
  ])('of %s are those named, and no others', async (_, resource) => {
    const answer = await remove(resource, { query: { id: [first, third, '901', '999999'] } });
    expect(answer).toMatchObject({ statusCode: 202, body: undefined });
    const statuses = await Promise.all([first, second, third].map(get));
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([404, 200, 404]);
    expect((await world.stores.groups.byId('901'))?.group.status).toBe('unresolved');
  });

  it('are none where the ids name none: they never fall through to a search', async () => {
    for (const id of [['901'], ['999999'], ['NOPE-1']]) {
      expect(await remove('/0/organizations/{org}/issues', { query: { id } })).toMatchObject({
        statusCode: 204,
      });
    }
    const inSite = { path: { project: 'site' }, query: { id: [first] } };
    expect(await remove('/0/projects/{org}/{project}/issues', inSite)).toMatchObject({
      statusCode: 204,
    });
    expect(await get(first)).toMatchObject({ statusCode: 200 });
  });

  it('are those that a query finds', async () => {
    const query = { query: ['is:unresolved'], project: ['site'] };
    expect(await remove('/0/organizations/{org}/issues', { query })).toMatchObject({
      statusCode: 202,
    });
    expect((await world.stores.groups.byId('201'))?.group.status).toBe('pending_deletion');
    expect(await get(first)).toMatchObject({ statusCode: 200 });
  });
});

describe('the worker', () => {
  it('removes all that lies with the issue, again and again, and leaves others alone', async () => {
    await updateGroups(updateDeps(world.stores), {
      organizationId: '1',
      groupIds: [first, second],
      projects: null,
      update: { ...assignedTo('team:21'), isBookmarked: true, hasSeen: true },
      initiator: { actingUserId: '11', requestId: 'before' },
    });
    await remove(ONE, { path: { issue: first } });
    await work(first);
    await work(first);
    expect(await partition(first)).toEqual([]);
    expect((await partition(second)).length).toBeGreaterThan(3);
  });

  it('leaves alone what was not deleted', async () => {
    await work(first);
    expect(await get(first)).toMatchObject({ statusCode: 200 });
  });

  it('leaves the rest to another when its time runs out', async () => {
    for (let part = 0; part < 6; part++) {
      await world.stores.transact(
        Array.from({ length: 90 }, (_, index) => ({
          name: 'seen',
          put: { Item: { ...groupKeys.seen(first, `${part} ${index}`), entity: 'seen' } },
        })),
      );
    }
    await remove(ONE, { path: { issue: first } });
    await work(first, () => false);
    const left = (await partition(first)).length;
    expect(left).toBeGreaterThan(1);
    expect(left).toBeLessThan(600);
    const events = (await requested()).filter(({ detail }) => detail.groupId === first);
    expect(events.map(({ detail }) => detail.version)).toEqual([1, 1]);
    await work(first);
    expect(await partition(first)).toEqual([]);
  });

  it('lets go of the fingerprints that lead to the issue, and of no other’s', async () => {
    const { stores } = world;
    const project = (await stores.projects.byIds(['31'])).get('31')!;
    const begun = (id: string, stale: string | null) => ({
      group: group({ id, shortId: `SHOP-${id}` }),
      fingerprint: 'mine',
      stale,
      events: { eventIds: [`of ${id}`], unfinished: null, newUsers: [], now: NOW },
      evaluated: null,
    });
    const born = await stores.seenGroups.begin({
      project,
      shortIdCounter: 5_001,
      now: NOW,
      groups: [begun('5001', null)],
    });
    expect(born.committed).toBe(true);
    await remove(ONE, { path: { issue: '5001' } });
    const heir = await stores.seenGroups.begin({
      project: { ...project, shortIdCounter: 5_001, firstEvent: NOW },
      shortIdCounter: 5_002,
      now: NOW,
      groups: [begun('5002', '5001')],
    });
    expect(heir.committed).toBe(true);
    await work('5001');
    expect(await stores.seenGroups.ofFingerprints('31', ['mine'])).toEqual(
      new Map([['mine', '5002']]),
    );
    await remove(ONE, { path: { issue: '5002' } });
    await work('5002');
    expect(await stores.seenGroups.ofFingerprints('31', ['mine'])).toEqual(new Map());
  });
});

function partition(groupId: string) {
  return world.stores.table.queryAll({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': groupKeys.partition(groupId) },
    ConsistentRead: true,
  });
}
