import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { notFound } from '../../shared/domain/errors.ts';
import { ENV } from '../../shared/env.ts';
import type { ApiHandler } from '../../shared/http/api.ts';
import { ROUTES } from '../../shared/http/routes.ts';
import { cascadeIssue } from '../../shared/operations/cascades/cascade-issue.ts';
import { cascadeMerge } from '../../shared/operations/cascades/cascade-merge.ts';
import { mergeGroups } from '../../shared/operations/issues/merge-groups.ts';
import { followingMerges } from '../../shared/operations/lookup/follow-merges.ts';
import { type GatewayRequest, send } from '../http/gateway-event.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { emptyOwnerCaches, surroundings } from '../support/operations.ts';
import { notThere } from '../support/projects-over-http.ts';
import { scanAll, smallWorld, type TestWorld, worldOnFreshTable } from '../support/world.ts';

/** Three issues for each test: the lowest id was seen most seldom, and is merged away first. */
const TESTS = 60;
const handlers = new Map<string, ApiHandler>();
let world: TestWorld;
let next = 0;
let issue: { readonly a: string; readonly b: string; readonly c: string };

beforeAll(async () => {
  world = await worldOnFreshTable({
    groups: [
      ...smallWorld.groups,
      ...Array.from({ length: TESTS * 3 }, (_, index) => ({
        id: String(3_000 + index),
        project: '31',
        shortId: `SHOP-${3_000 + index}`,
        title: 'TypeError',
        timesSeen: 10 ** (index % 3),
      })),
    ],
  });
  enterFunctionEnvironment(world);
  process.env[ENV.rateLimits] = 'off';
  for (const name of new Set(
    [...ROUTES.filter(isOfIssue), ...ofMany].map((route) => route.function),
  )) {
    handlers.set(name, (await import(`../../functions/${name}/handler.ts`)).handler);
  }
});
beforeEach(() => {
  const first = 3_000 + 3 * next;
  next += 1;
  issue = { a: String(first), b: String(first + 1), c: String(first + 2) };
});

type Row = (typeof ROUTES)[number];
function isOfIssue({ path }: Row): boolean {
  return path.includes('{issue}') || path.includes('{shortId}');
}
/** Routes that name issues by parameters: lists of all or of a project, and bulk writes. */
const ofMany = ROUTES.filter(({ path }) => /\{(?:org|project)\}\/issues\/$/.test(path));

function call(route: Pick<Row, 'function' | 'method' | 'path'>, rest: Partial<GatewayRequest>) {
  const handler = handlers.get(route.function) ?? expect.fail(`${route.function} has no handler.`);
  return send(handler, { method: route.method, resource: route.path.slice(0, -1), ...rest });
}

const routeOf = (operation: Row['operation']) =>
  ROUTES.find((route) => route.operation === operation) ?? expect.fail(`No route ${operation}.`);

const on = (operation: Row['operation'], named: string, rest: Partial<GatewayRequest> = {}) =>
  call(routeOf(operation), { path: { org: 'acme', issue: named, shortId: named }, ...rest });

const deps = () => ({ ...world.stores, ...surroundings(), ownerCaches: emptyOwnerCaches });

/** Merges a group into another, as a request does; the worker comes later. */
async function request(child: string, primary: string): Promise<void> {
  const merged = await mergeGroups(deps(), {
    groupIds: [primary, child],
    initiator: { actingUserId: '11', requestId: 'merge' },
  });
  expect(merged).toEqual({ parent: primary, children: [child] });
}

function work(child: string, primary: string): Promise<void> {
  return cascadeMerge(deps(), {
    organizationId: '1',
    projectId: '31',
    primaryId: primary,
    childIds: [child],
    version: 0,
    requestId: 'worker',
    hasTime: () => true,
  });
}

async function merge(child: string, primary: string): Promise<void> {
  await request(child, primary);
  await work(child, primary);
}

describe('an issue that was merged into another one', () => {
  const shown = ROUTES.filter((route) => isOfIssue(route) && route.method === 'GET').filter(
    // What is below an issue besides has an id of its own.
    ({ path }) => path.match(/\{\w+\}/g)?.every((name) => /org|issue|shortId/.test(name)),
  );

  it('is shown through it by every route, under its id and its short id', async () => {
    const { a, b } = issue;
    await merge(a, b);
    for (const route of shown) {
      const isShortId = route.path.includes('{shortId}');
      for (const named of isShortId ? [`shop-${a}`] : [a, `0${a}`, `shop-${a}`]) {
        const path = { org: 'acme', issue: named, shortId: named };
        const answer = await call(route, { path, query: { limit: ['7'] } });
        const it = `${route.operation} ${named}`;
        expect(answer.statusCode, it).toBe(200);
        const found = route.path
          .replace('{org}', 'acme')
          .replace('{issue}', b)
          .replace('{shortId}', `SHOP-${b}`);
        expect(answer.headers?.['Content-Location'], it).toBe(`/api${found}?limit=7`);
      }
      const direct = { org: 'acme', issue: b, shortId: `SHOP-${b}` };
      const { headers, statusCode } = await call(route, { path: direct });
      expect(statusCode).toBe(200);
      expect(headers).not.toHaveProperty('Content-Location');
    }
    expect(await on('getIssue', a)).toMatchObject({ body: { id: b, shortId: `SHOP-${b}` } });
    expect(await on('resolveShortId', `SHOP-${a}`)).toMatchObject({
      body: { groupId: b, shortId: `SHOP-${b}`, group: { id: b } },
    });
  });

  it('is shown so from the moment of the request on, before and after the worker', async () => {
    const { a, b } = issue;
    await request(a, b);
    expect(await on('getIssue', a)).toMatchObject({ statusCode: 200, body: { id: b } });
    await work(a, b);
    expect(await on('getIssue', a)).toMatchObject({ statusCode: 200, body: { id: b } });
  });

  it.each(['before', 'after', 'first'] as const)(
    'leads through all merges to the last one, where the worker came %s the next request',
    async (when) => {
      const { a, b, c } = issue;
      await request(a, b);
      if (when === 'before') {
        await work(a, b);
      }
      await request(b, c);
      if (when === 'first') {
        await work(b, c);
      }
      expect(await on('getIssue', a)).toMatchObject({ statusCode: 200, body: { id: c } });
      await work(a, b);
      await work(b, c);
      const last = await on('getIssue', c);
      expect((await on('getIssue', a)).body).toEqual(last.body);
      expect((await on('getOrganizationIssue', `SHOP-${a}`)).body).toEqual(last.body);
      expect(last.body).toMatchObject({ count: '111' });
      // Each is one way from where it went, however many merges there were.
      expect(await world.stores.groups.mergedInto([a, b, c])).toEqual(
        new Map([
          [a, { groupId: c, organizationId: '1' }],
          [b, { groupId: c, organizationId: '1' }],
        ]),
      );
    },
  );

  it('is changed through it: details, notes, and issues that a bulk update names', async () => {
    const { a, b } = issue;
    await merge(a, b);
    const body = (value: unknown) => ({ method: 'PUT', body: JSON.stringify(value) });
    expect(await on('updateIssue', a, body({ status: 'resolved' }))).toMatchObject({
      statusCode: 200,
      body: { id: b, status: 'resolved' },
    });
    const tag = (await on('getIssue', a)).headers?.ETag as string;
    expect(
      (await on('updateIssue', a, { ...body({ hasSeen: true }), headers: { 'If-Match': '"x"' } }))
        .statusCode,
    ).toBe(412);
    expect(
      (await on('updateIssue', a, { ...body({ hasSeen: true }), headers: { 'If-Match': tag } }))
        .statusCode,
    ).toBe(200);
    expect((await on('createIssueNote', a, { body: '{"text":"by the old id"}' })).statusCode).toBe(
      201,
    );
    expect((await on('listIssueNotes', b)).body).toMatchObject([
      { data: { text: 'by the old id' } },
    ]);
    const bulk = routeOf('updateOrganizationIssues');
    for (const id of [[a, b], [`SHOP-${a}`]]) {
      const answer = await call(bulk, {
        path: { org: 'acme' },
        query: { id },
        body: JSON.stringify({ isBookmarked: true, priority: id.length > 1 ? 'low' : 'high' }),
      });
      expect(answer).toMatchObject({ statusCode: 200, headers: { 'X-Baton-Matched': '1' } });
    }
    expect(await on('getIssue', b)).toMatchObject({ body: { priority: 'high' } });
  });

  describe.each(ofMany)('is meant by $method $path', (route) => {
    const path = { org: 'acme', project: 'shop' };
    const body = route.method === 'PUT' ? { body: '{"priority":"high"}' } : {};
    it.each<[string, (name: string, short: string) => NonNullable<GatewayRequest['query']>]>([
      ['by its id', (name) => ({ id: [name] })],
      ['by its short id', (_, short) => ({ id: [short] })],
      ['by its id, narrowed by a search', (name) => ({ id: [name], query: ['is:unresolved'] })],
      ['by a search for its id', (name) => ({ query: [`issue:${name}`] })],
      ['by a search for its short id', (_, short) => ({ query: [`issue:${short} is:unresolved`] })],
    ])('%s', async (_, queryFor) => {
      const { a, b } = issue;
      await merge(a, b);
      const answer = await call(route, { path, query: queryFor(a, `SHOP-${a}`), ...body });
      if (route.method === 'GET') {
        expect(answer.body).toMatchObject([{ id: b }]);
      } else {
        expect(answer.statusCode).toBe(route.method === 'PUT' ? 200 : 202);
        expect(answer.headers).toMatchObject({ 'X-Baton-Matched': '1', 'X-Baton-Updated': '1' });
      }
      const shown = await on('getIssue', b);
      expect(shown.statusCode).toBe(route.method === 'DELETE' ? 404 : 200);
    });
  });

  it('is not meant where what it went into is not what the request looks for', async () => {
    const { a, b } = issue;
    await merge(a, b);
    await on('updateIssue', b, { method: 'PUT', body: '{"status":"resolved"}' });
    const path = { org: 'acme' };
    for (const query of [
      { id: [a], query: ['is:unresolved'] },
      { query: [`!issue:${a} issue:${b}`] },
    ]) {
      const answer = await call(routeOf('deleteOrganizationIssues'), { path, query });
      expect(answer).toMatchObject({ statusCode: 204, headers: { 'X-Baton-Matched': '0' } });
    }
    expect((await on('getIssue', b)).statusCode).toBe(200);
  });

  it('is merged on with it, where a request names it', async () => {
    const { a, b, c } = issue;
    await merge(a, b);
    const answer = await call(routeOf('updateOrganizationIssues'), {
      path: { org: 'acme' },
      query: { id: [a, c] },
      body: '{"merge":true}',
    });
    expect(answer.body).toMatchObject({ merge: { parent: c, children: [b] } });
  });

  it('is not there for another organization, as what never was', async () => {
    const { a, b } = issue;
    await merge(a, b);
    const authorizer = {
      tokenId: 'token-of-dave',
      userId: '14',
      organizations: '[{"id":"2","slug":"globex"}]',
      scopes: 'event:admin',
    };
    const [theirs, nothing] = await Promise.all(
      [a, '999999999'].map((id) => on('getIssue', id, { authorizer })),
    );
    expect(theirs).toMatchObject(notThere);
    expect(theirs?.headers).toEqual(nothing?.headers);
  });

  it('is gone with it, to the last row', async () => {
    const { a, b, c } = issue;
    await merge(a, b);
    await merge(b, c);
    expect((await on('deleteIssue', a)).statusCode).toBe(202);
    for (const id of [a, b, c, `SHOP-${a}`, `SHOP-${c}`]) {
      expect(await on('getIssue', id), id).toMatchObject(notThere);
      expect(await on('createIssueNote', id, { body: '{"text":"hi"}' })).toMatchObject(notThere);
    }
    const input = { groupId: c, requestId: 'worker', hasTime: () => true };
    await cascadeIssue(deps(), input);
    expect(await on('getIssue', a)).toMatchObject(notThere);
    const left = (await scanAll(world)).filter(({ entity, ...item }) =>
      entity === 'outbox'
        ? false
        : [a, b, c].some((id) => new RegExp(`\\b${id}\\b`).test(JSON.stringify(item))),
    );
    expect(left).toEqual([]);
  });
});

describe('an issue that is there', () => {
  it('costs no look-up of merges', async () => {
    const groups = { mergedInto: () => expect.fail('It was looked up.') };
    const named = { groupId: '101', organizationIds: ['1'] };
    const answer = await followingMerges({ groups }, named, async (id) => `issue ${id}`);
    expect(answer).toEqual({ groupId: '101', result: 'issue 101' });
  });

  it('is not done twice for a refusal that has nothing to do with merges', async () => {
    let calls = 0;
    const named = { groupId: '101', organizationIds: ['1'] };
    const refused = followingMerges(world.stores, named, async () => {
      calls += 1;
      throw notFound();
    });
    await expect(refused).rejects.toMatchObject({ code: 'resource.not_found' });
    expect(calls).toBe(1);
  });
});
