import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENV } from '../../../shared/env.ts';
import type { ApiHandler } from '../../../shared/http/api.ts';
import { mergeGroups } from '../../../shared/operations/issues/merge-groups.ts';
import { type GatewayRequest, send } from '../../http/gateway-event.ts';
import { readGroupState, recordedEvents } from '../../support/consistency.ts';
import { enterFunctionEnvironment } from '../../support/function-environment.ts';
import { surroundings } from '../../support/operations.ts';
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
