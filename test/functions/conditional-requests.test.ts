import { beforeAll, describe, expect, it } from 'vitest';
import { ENV } from '../../shared/env.ts';
import type { ApiHandler } from '../../shared/http/api.ts';
import { ROUTES } from '../../shared/http/routes.ts';
import { uncounted } from '../../shared/operations/while-counted.ts';
import { type GatewayRequest, send } from '../http/gateway-event.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../support/world.ts';

const CHANGED = { statusCode: 412, body: { detail: 'It has changed since you read it.' } };
const OTHER = '"of-something-else"';

/** The file's id is known once it is created. */
const codeownersPath = { org: 'acme', project: 'shop', id: '' };

/** Issues that no other test touches. */
const issues = Array.from({ length: 12 }, (_, index) => String(7000 + index));

let world: TestWorld;
const handlers = new Map<string, ApiHandler>();

beforeAll(async () => {
  world = await worldOnFreshTable({
    groups: [
      ...smallWorld.groups,
      ...issues.map((id) => ({ id, project: '31', shortId: `SHOP-${id}`, title: 'KeyError' })),
    ],
  });
  enterFunctionEnvironment(world);
  // Many changes of one issue within a second are what this is about.
  process.env[ENV.rateLimits] = 'off';
  handlers.set('group-read', (await import('../../functions/group-read/handler.ts')).handler);
  handlers.set('group-update', (await import('../../functions/group-update/handler.ts')).handler);
  handlers.set(
    'directory-read',
    (await import('../../functions/directory-read/handler.ts')).handler,
  );
  handlers.set('project-save', (await import('../../functions/project-save/handler.ts')).handler);
  handlers.set('ownership', (await import('../../functions/ownership/handler.ts')).handler);
  const { org, project } = codeownersPath;
  const created = await call('POST', '/0/projects/{org}/{project}/codeowners', {
    path: { org, project },
    body: '{"raw":"a/* @nobody"}',
  });
  codeownersPath.id = (created.body as { id: string }).id;
});

function call(method: string, resource: string, rest: Partial<GatewayRequest> = {}) {
  const route = ROUTES.find((row) => row.method === method && row.path === `${resource}/`);
  const handler = handlers.get(route?.function ?? '');
  if (handler === undefined) {
    throw new Error(`No function answers ${method} ${resource}.`);
  }
  return send(handler, { method, resource, ...rest });
}

type Address = {
  readonly resource: string;
  readonly path: Readonly<Record<string, string>>;
};

type Thing = Address & {
  /** Two changes, each of which makes the thing another one. */
  readonly changes: readonly [object, object];
  /** A body that the schema refuses. */
  readonly refused: object;
};

const ISSUE = '/0/organizations/{org}/issues/{issue}';
const things: readonly (readonly [string, Thing])[] = [
  [
    'an issue of an organization',
    {
      resource: ISSUE,
      path: { org: 'acme', issue: '7000' },
      changes: [{ status: 'resolved' }, { assignedTo: 'user:12' }],
      refused: { status: 'nonsense' },
    },
  ],
  [
    'an issue by its id',
    {
      resource: '/0/issues/{issue}',
      path: { issue: '7001' },
      changes: [{ isBookmarked: true }, { hasSeen: true }],
      refused: { priority: 'nonsense' },
    },
  ],
  [
    'a project',
    {
      resource: '/0/projects/{org}/{project}',
      path: { org: 'acme', project: 'shop' },
      changes: [{ name: 'One' }, { isBookmarked: true }],
      refused: { platform: 'abacus' },
    },
  ],
  [
    'ownership',
    {
      resource: '/0/projects/{org}/{project}/ownership',
      path: { org: 'acme', project: 'shop' },
      changes: [{ raw: '*.js #core' }, { fallthrough: false }],
      refused: { raw: '***' },
    },
  ],
  [
    'a CODEOWNERS file',
    {
      resource: '/0/projects/{org}/{project}/codeowners/{id}',
      path: codeownersPath,
      changes: [{ raw: 'b/* @nobody' }, { raw: 'c/* @nobody' }],
      refused: { raw: 7 },
    },
  ],
];

const get = ({ resource, path }: Address, headers: Record<string, string> = {}) =>
  call('GET', resource, { path, headers });
const put = (
  { resource, path }: Address,
  body: object | string,
  { ifMatch, ...rest }: Partial<GatewayRequest> & { readonly ifMatch?: string } = {},
) =>
  call('PUT', resource, {
    path,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(ifMatch === undefined ? {} : { headers: { 'If-Match': ifMatch } }),
    ...rest,
  });
const tagOf = (answer: { readonly headers?: unknown }) =>
  (answer.headers as Record<string, string>).ETag ?? '';

it('is heeded by every route that answers a tag, and those are the ones that this test has', () => {
  const tagged = ROUTES.filter((route) => 'tagged' in route && route.method === 'PUT');
  const tested = things.map(([, { resource }]) => `${resource}/`);
  expect(tagged.map(({ path }) => path as string).sort()).toEqual(tested.sort());
});

describe.each(things)('%s', (_, thing) => {
  it('has a tag that changes with it, and is the same in the answers of GET and PUT', async () => {
    const first = await get(thing);
    expect(tagOf(first)).toMatch(/^"[\w-]{22}"$/);
    const changed = await put(thing, thing.changes[0], { ifMatch: tagOf(first) });
    expect(changed.statusCode, JSON.stringify(changed.body)).toBe(200);
    expect(tagOf(changed)).not.toBe(tagOf(first));
    const second = await get(thing);
    expect(tagOf(second)).toBe(tagOf(changed));
    expect(second.body).toEqual(changed.body);
  });

  it('is not changed by who has not seen the last change', async () => {
    const before = await get(thing);
    expect(await put(thing, thing.changes[1], { ifMatch: OTHER })).toMatchObject(CHANGED);
    const weak = `W/${tagOf(before)}`;
    expect(await put(thing, thing.changes[1], { ifMatch: weak })).toMatchObject(CHANGED);
    expect((await get(thing)).body).toEqual(before.body);
    for (const ifMatch of ['*', `${OTHER}, ${tagOf(before)}`]) {
      expect(await put(thing, {}, { ifMatch })).toMatchObject({ statusCode: 200 });
    }
  });

  it('refuses in the order 403, 404, 412, 400', async () => {
    const stranger = { tokenId: 't', userId: '14', scopes: 'org:read' };
    const authorizer = { ...stranger, organizations: '[{"id":"1","slug":"acme"}]' };
    const nowhere = Object.fromEntries(
      Object.entries(thing.path).map(([name, value]) => [name, name === 'org' ? value : '999']),
    );
    const bodies = [thing.refused, '{'];
    for (const body of bodies) {
      const statusOf = async (request: Parameters<typeof put>[2]) =>
        (await put(thing, body, request)).statusCode;
      expect(await statusOf({ ifMatch: OTHER, path: nowhere, authorizer })).toBe(403);
      expect(await statusOf({ ifMatch: OTHER, path: nowhere })).toBe(404);
      expect(await statusOf({ ifMatch: OTHER })).toBe(412);
      expect(await statusOf({ ifMatch: '*' })).toBe(400);
      expect(await statusOf({})).toBe(400);
    }
    expect(await put(thing, thing.changes[1], { ifMatch: 'unquoted' })).toMatchObject({
      statusCode: 400,
      body: { detail: 'The header If-Match has to be * or a list of entity tags: "a", "b".' },
    });
  });

  it('is not sent again to who holds it', async () => {
    const etag = tagOf(await get(thing));
    const held = await get(thing, { 'If-None-Match': `${OTHER}, W/${etag}` });
    expect(held).toMatchObject({ statusCode: 304, body: undefined, headers: { ETag: etag } });
    for (const header of [OTHER, etag.slice(1)]) {
      const answer = await get(thing, { 'if-none-match': header });
      expect(answer).toMatchObject({ statusCode: 200, headers: { ETag: etag } });
    }
  });

  it('takes one of many changes that were made for the same state', async () => {
    const ifMatch = tagOf(await get(thing));
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => put(thing, thing.changes[1], { ifMatch })),
    );
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(5);
  });
});

describe('an issue that changes between the comparison and the commit', () => {
  it.each<[string, string, object]>([
    ['its status', '7002', { status: 'ignored' }],
    ['its priority', '7003', { priority: 'low' }],
    ['its assignee', '7004', { assignedTo: 'user:12' }],
    ['its public link', '7005', { isPublic: true }],
    ['the caller’s bookmark', '7006', { isBookmarked: true }],
    ['what the caller has seen', '7007', { hasSeen: true }],
    ['the caller’s subscription', '7008', { isSubscribed: true }],
  ])('in %s refuses the change', async (_, issue, meanwhile) => {
    const thing = { resource: ISSUE, path: { org: 'acme', issue } };
    const ifMatch = tagOf(await get(thing));
    const { commits, update } = await updateWith(async () => {
      expect((await put(thing, meanwhile)).statusCode).toBe(200);
    });
    await expect(update(issue, { inbox: false, hasSeen: false }, ifMatch)).rejects.toMatchObject({
      code: 'precondition.failed',
    });
    expect(commits()).toBe(1);
  });

  it('in nothing but its counters takes the change', async () => {
    const issue = '7009';
    const thing = { resource: ISSUE, path: { org: 'acme', issue } };
    const ifMatch = tagOf(await get(thing));
    const { update } = await updateWith(async () => {
      // Somebody else looks at it and follows it.
      await put(thing, { hasSeen: true, isSubscribed: true }, { authorizer: bobAtAcme });
    });
    expect(await update(issue, { status: 'resolved' }, ifMatch)).toMatchObject({ status: 200 });
  });
});

const bobAtAcme = {
  tokenId: 'token-of-bob',
  userId: '12',
  organizations: '[{"id":"1","slug":"acme"}]',
  scopes: 'event:admin',
};

/** The endpoint of one issue, with something that happens just before its first commit. */
async function updateWith(meanwhile: () => Promise<void>) {
  const { wireGroupUpdate } = await import('../../functions/group-update/deps.ts');
  const { updateIssue } = await import('../../functions/group-update/update-issue.ts');
  const wired = wireGroupUpdate();
  let commits = 0;
  const deps: typeof wired = {
    ...wired,
    groupChanges: {
      ...wired.groupChanges,
      async commit(...input) {
        commits += 1;
        if (commits === 1) {
          await meanwhile();
        }
        return wired.groupChanges.commit(...input);
      },
    },
  };
  const acme = { id: '1', slug: 'acme' };
  return {
    commits: () => commits,
    update: (issue: string, body: object, ifMatch: string) =>
      updateIssue(deps, {
        path: `/api/0/organizations/acme/issues/${issue}/`,
        caller: { tokenId: 't', userId: '11', organizations: [acme], scopes: ['event:admin'] },
        initiator: { actingUserId: '11', requestId: 'r' },
        organization: acme,
        organizations: [acme],
        params: { org: 'acme', issue },
        query: new URLSearchParams(),
        headers: { 'if-match': ifMatch },
        whileCounted: uncounted,
        body,
        baseUrl: 'http://127.0.0.1',
      }),
  };
}
