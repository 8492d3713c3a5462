import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiHandler } from '../../shared/http/api.ts';
import { hashToken } from '../../shared/stores/directory/tokens.ts';
import { projectSlugItem } from '../../shared/stores/projects/projects.ts';
import { aliceAtAcme, type GatewayRequest, send } from '../http/gateway-event.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { type TestWorld, worldOnFreshTable } from '../support/world.ts';

/** As many bursts as even a slow machine needs for one within a second. */
const ROUNDS = 100;

let world: TestWorld;
let issues: ApiHandler;
let directory: ApiHandler;
let authorizer: typeof import('../../functions/authorizer/handler.ts').handler;

/**
 * The functions read their surroundings from the environment when they are loaded, as they do in
 * Lambda.
 */
beforeAll(async () => {
  world = await worldOnFreshTable({
    bookmarks: [{ group: '102', user: '11' }],
    owners: [{ group: '102', type: 'ownershipRule', owner: 'team:21' }],
  });
  const redirect = { slug: 'store', projectId: '31', isRedirect: true };
  await world.client.send(
    new PutCommand({ TableName: world.table, Item: projectSlugItem('1', redirect) }),
  );
  enterFunctionEnvironment(world);
  issues = (await import('../../functions/group-read/handler.ts')).handler;
  directory = (await import('../../functions/directory-read/handler.ts')).handler;
  authorizer = (await import('../../functions/authorizer/handler.ts')).handler;
});

const ORG = '/0/organizations/{org}';
const notThere = { statusCode: 404, body: { detail: 'The requested resource does not exist' } };
const aliceReads = (scopes: string) => ({ ...aliceAtAcme, scopes });
/** Each caller has a rate of their own. */
const someone = (tokenId: string) => ({ ...aliceAtAcme, userId: '', tokenId });

describe('issues', () => {
  const ask = (request: GatewayRequest) => send(issues, request);

  it('are listed with Link headers, newest first, in Sentry’s shape', async () => {
    const answer = await ask({ resource: `${ORG}/issues`, path: { org: 'acme' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'Content-Type': 'application/json',
      Link: expect.stringMatching(/rel="previous"; results="false".*rel="next"; results="false"/),
    });
    expect(answer.body).toHaveLength(3);
    expect(answer.body).toContainEqual(
      expect.objectContaining({
        id: '102',
        shortId: 'SHOP-2',
        permalink: 'http://127.0.0.1:8787/organizations/acme/issues/102/',
        isBookmarked: true,
        project: { id: '31', slug: 'shop', name: 'Shop', platform: null },
      }),
    );
    expect(answer.body).not.toContainEqual(expect.objectContaining({ owners: expect.anything() }));
  });

  it.each<[string, GatewayRequest['query'], string[]]>([
    ['one project by id', { project: ['32'] }, ['201']],
    [
      'one project by a slug that it had before',
      { project: ['store'], query: ['KeyError'] },
      ['102'],
    ],
    ['every project', { project: ['-1'], query: ['Error'], limit: ['10'] }, ['101', '102', '201']],
    ['a search', { query: ['bookmarks:me'] }, ['102']],
    [
      'what clients send beside it',
      {
        query: [''],
        statsPeriod: ['90d'],
        sort: ['date'],
        collapse: ['filtered', 'unhandled'],
        project: ['32'],
      },
      ['201'],
    ],
  ])('are found for %s', async (_, query, expected) => {
    const answer = await ask({ resource: `${ORG}/issues`, path: { org: '1' }, query: query ?? {} });
    expect(answer.statusCode).toBe(200);
    const found = (answer.body as { id: string }[]).map(({ id }) => id);
    expect(found.sort()).toEqual(expected);
  });

  it('name their suggested owners where a list is asked for them', async () => {
    const query = { expand: ['owners'], query: ['KeyError'] };
    const answer = await ask({ resource: `${ORG}/issues`, path: { org: 'acme' }, query });
    expect(answer.body).toMatchObject([{ owners: [{ type: 'ownershipRule', owner: 'team:21' }] }]);
  });

  it('of one project are listed, a page at a time', async () => {
    const list = {
      resource: '/0/projects/{org}/{project}/issues',
      path: { org: 'acme', project: 'shop' },
    };
    const ids: string[] = [];
    let cursor = '';
    do {
      const answer = await ask({ ...list, query: { limit: ['1'], cursor: [cursor], query: [''] } });
      ids.push(...(answer.body as { id: string }[]).map(({ id }) => id));
      cursor =
        /rel="next"; results="true"; cursor="([^"]+)"/.exec(String(answer.headers?.Link))?.[1] ??
        '';
    } while (cursor !== '');
    expect(ids.sort()).toEqual(['101', '102']);
  });

  it.each<[string, GatewayRequest['query'], RegExp]>([
    ['a search', { query: ['is:nonsense'] }, /^Error parsing search query/],
    ['a cursor', { cursor: ['x'] }, /^Invalid cursor/],
    ['a limit', { limit: ['x'] }, /^Invalid per_page/],
    ['an order', { sort: ['votes'] }, /^Sort key/],
  ])('are refused for %s that cannot be', async (_, query, detail) => {
    const answer = await ask({
      resource: `${ORG}/issues`,
      path: { org: 'acme' },
      query: query ?? {},
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toEqual({ detail: expect.stringMatching(detail) });
  });

  it.each([
    [`${ORG}/issues/{issue}`, { org: 'acme', issue: '101' }],
    [`${ORG}/issues/{issue}`, { org: '1', issue: 'shop-1' }],
    ['/0/issues/{issue}', { issue: '101' }],
    ['/0/issues/{issue}', { issue: 'SHOP-1' }],
  ])('are read by %s %j', async (resource, path) => {
    const answer = await ask({ resource, path });
    expect(answer).toMatchObject({ statusCode: 200, body: { id: '101', activity: [{}] } });
  });

  it('are found by short id, and by nothing else there', async () => {
    const resource = `${ORG}/shortids/{shortId}`;
    expect(await ask({ resource, path: { org: 'acme', shortId: 'site-1' } })).toMatchObject({
      statusCode: 200,
      body: {
        organizationSlug: 'acme',
        projectSlug: 'site',
        groupId: '201',
        shortId: 'SITE-1',
        group: { id: '201', title: 'ReferenceError' },
      },
    });
    for (const shortId of ['201', 'PLANT-1', 'SITE-9']) {
      expect(await ask({ resource, path: { org: 'acme', shortId } })).toMatchObject(notThere);
    }
  });

  it('tell their history and their latest event', async () => {
    const path = { org: 'acme', issue: 'SHOP-1' };
    const history = await ask({ resource: `${ORG}/issues/{issue}/activities`, path });
    expect(history.body).toEqual({
      activity: [expect.objectContaining({ id: '0', type: 'first_seen', data: {} })],
    });
    const event = await ask({ resource: `${ORG}/issues/{issue}/events/latest`, path });
    expect(event.body).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      title: 'TypeError',
      type: 'error',
      entries: [],
      dateReceived: expect.stringMatching(/Z$/),
    });
  });

  it('keep a history that a forged cursor does not break', async () => {
    for (const position of ['A', 'ACTIVITY#', 'ZZZ', '2026']) {
      const cursor = `0:${Buffer.from(position).toString('base64url')}:0`;
      const path = { org: 'acme', issue: '101' };
      const query = { cursor: [cursor] };
      const answer = await ask({ resource: `${ORG}/issues/{issue}/activities`, path, query });
      expect(answer.statusCode).toBe(200);
    }
  });

  it.each([
    [`${ORG}/issues/{issue}`, { org: 'acme', issue: '901' }],
    [`${ORG}/issues/{issue}`, { org: 'acme', issue: 'PLANT-1' }],
    [`${ORG}/issues/{issue}`, { org: 'acme', issue: '9'.repeat(250) }],
    [`${ORG}/issues/{issue}`, { org: 'acme', issue: 'x'.repeat(5_000) }],
    [`${ORG}/issues/{issue}`, { org: 'globex', issue: '901' }],
    ['/0/issues/{issue}', { issue: '901' }],
    [`${ORG}/issues`, { org: 'globex' }],
    ['/0/projects/{org}/{project}/issues', { org: 'acme', project: 'plant' }],
    ['/0/projects/{org}/{project}/issues', { org: 'acme', project: '39' }],
    [`${ORG}/issues/{issue}/activities`, { org: 'acme', issue: '901' }],
    [`${ORG}/issues/{issue}/events/latest`, { org: 'acme', issue: '901' }],
  ])('of others are not there: %s %j', async (resource, path) => {
    const authorizer = someone('a stranger');
    expect(await ask({ resource, path, authorizer })).toMatchObject(notThere);
  });

  it('are not for tokens that may not read them', async () => {
    const authorizer = aliceReads('project:admin org:admin');
    const answer = await ask({ resource: '/0/issues/{issue}', path: { issue: '101' }, authorizer });
    expect(answer.statusCode).toBe(403);
  });

  it('are read five times a second by one caller', async () => {
    const read = {
      resource: '/0/issues/{issue}',
      path: { issue: '101' },
      authorizer: someone('a bot'),
    };
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    const refused = () => answers.filter(({ statusCode }) => statusCode === 429);
    // A limit that answers after the reads admits, and a second may end within a burst.
    for (let round = 0; round < ROUNDS && refused().length === 0; round++) {
      answers.push(...(await Promise.all(Array.from({ length: 8 }, () => ask(read)))));
    }
    const admitted = answers.filter(({ statusCode }) => statusCode === 200);
    expect(admitted.length).toBeGreaterThanOrEqual(5);
    expect(admitted.length + refused().length).toBe(answers.length);
    expect(refused()[0]).toMatchObject({
      body: { detail: expect.stringContaining('Limit is 5 requests in 1 seconds') },
      headers: { 'Retry-After': '1' },
    });
  });
});

describe('the directory', () => {
  const ask = (request: GatewayRequest) => send(directory, request);

  it('tells who asks', async () => {
    expect(await ask({ resource: '/0' })).toMatchObject({
      statusCode: 200,
      body: {
        version: '0',
        auth: { scopes: expect.arrayContaining(['org:admin']) },
        user: { id: '11' },
      },
    });
    expect(await ask({ resource: '/0/auth' })).toMatchObject({
      statusCode: 200,
      body: { id: '11', name: 'Alice', email: 'alice@acme.io' },
    });
    expect(await ask({ resource: '/0', authorizer: someone('t') })).toMatchObject({
      body: { user: null },
    });
    expect((await ask({ resource: '/0/auth', authorizer: someone('t') })).statusCode).toBe(403);
  });

  it('is one region: the service itself', async () => {
    const answer = await ask({ resource: '/0/users/me/regions' });
    expect(answer.body).toEqual({ regions: [{ name: 'baton', url: 'http://127.0.0.1:8787' }] });
  });

  it('lists the organizations that the token reaches', async () => {
    const answer = await ask({ resource: '/0/organizations', query: { per_page: ['26'] } });
    expect(answer.headers?.Link).toMatch(/rel="next"; results="false"/);
    expect(answer.body).toMatchObject([
      {
        id: '1',
        slug: 'acme',
        name: 'Acme',
        dateCreated: expect.stringMatching(/Z$/),
        isEarlyAdopter: false,
        require2FA: false,
        links: {
          organizationUrl: 'http://127.0.0.1:8787/organizations/acme/',
          regionUrl: 'http://127.0.0.1:8787',
        },
      },
    ]);
  });

  it('reads one organization, by slug and by id', async () => {
    for (const named of ['acme', '1']) {
      expect(await ask({ resource: ORG, path: { org: named } })).toMatchObject({
        statusCode: 200,
        body: { slug: 'acme', openMembership: false },
      });
    }
  });

  it('lists the projects of an organization, and those of all', async () => {
    const shop = {
      id: '31',
      slug: 'shop',
      name: 'Shop',
      platform: null,
      isMember: true,
      teams: [{ id: '21', slug: 'core', name: 'Core' }],
      team: { slug: 'core' },
    };
    const site = { id: '32', slug: 'site', isMember: false };
    expect(await ask({ resource: `${ORG}/projects`, path: { org: 'acme' } })).toMatchObject({
      statusCode: 200,
      body: [shop, site],
    });
    expect((await ask({ resource: '/0/projects' })).body).toMatchObject([shop, site]);
    const query = { query: ['sho'] };
    expect((await ask({ resource: '/0/projects', query })).body).toMatchObject([shop]);
  });

  it('lists teams and members', async () => {
    expect(await ask({ resource: `${ORG}/teams`, path: { org: 'acme' } })).toMatchObject({
      statusCode: 200,
      body: [
        { id: '21', slug: 'core', name: 'Core', isMember: true, memberCount: 2 },
        { id: '22', slug: 'web', name: 'Web', isMember: false, memberCount: 1 },
      ],
    });
    const members = await ask({ resource: `${ORG}/members`, path: { org: 'acme' } });
    expect(members.body).toHaveLength(4);
    expect(members.body).toMatchObject([
      { id: '11', email: 'alice@acme.io', role: 'owner', user: { id: '11', username: 'alice' } },
      {},
      {},
      {},
    ]);
  });

  it('reads one project, by slug and by id', async () => {
    for (const project of ['shop', '31']) {
      expect(
        await ask({ resource: '/0/projects/{org}/{project}', path: { org: 'acme', project } }),
      ).toMatchObject({
        statusCode: 200,
        body: { id: '31', slug: 'shop', organization: { slug: 'acme' }, options: {} },
      });
    }
  });

  it('says where a renamed project is now, and answers below its old slug as if nothing had happened', async () => {
    const path = { org: 'acme', project: 'store' };
    const resource = '/0/projects/{org}/{project}';
    const url = '/api/0/projects/acme/shop/?collapse=organization';
    const query = { collapse: ['organization'] };
    expect(await ask({ resource, path, query })).toMatchObject({
      statusCode: 302,
      headers: { Location: url },
      body: {
        detail: {
          code: 'resource-moved',
          message: 'Resource has been moved',
          extra: { url, slug: 'shop' },
        },
      },
    });
    expect((await ask({ resource: `${resource}/keys`, path })).statusCode).toBe(200);
  });

  it('gives every project one key that stays the same', async () => {
    const keys = (project: string) =>
      ask({ resource: '/0/projects/{org}/{project}/keys', path: { org: 'acme', project } });
    const shop = await keys('shop');
    expect(shop).toMatchObject({
      statusCode: 200,
      body: [
        {
          name: 'Default',
          isActive: true,
          dateCreated: expect.stringMatching(/Z$/),
          dsn: { public: expect.stringMatching(/^http:\/\/[0-9a-f]{32}@127\.0\.0\.1:8787\/31$/) },
        },
      ],
    });
    expect((await keys('31')).body).toEqual(shop.body);
    expect((await keys('site')).body).not.toEqual(shop.body);
  });

  it.each([
    [ORG, { org: 'globex' }],
    [`${ORG}/projects`, { org: '2' }],
    [`${ORG}/teams`, { org: 'globex' }],
    [`${ORG}/members`, { org: 'globex' }],
    ['/0/projects/{org}/{project}', { org: 'globex', project: 'plant' }],
    ['/0/projects/{org}/{project}', { org: 'acme', project: 'plant' }],
    ['/0/projects/{org}/{project}', { org: 'acme', project: '39' }],
    ['/0/projects/{org}/{project}/keys', { org: 'acme', project: '39' }],
  ])('does not hold what is beyond the token: %s %j', async (resource, path) => {
    expect(await ask({ resource, path })).toMatchObject(notThere);
  });

  it.each([
    ['/0/organizations', {}, 'event:admin'],
    [ORG, { org: 'acme' }, 'event:admin'],
    [`${ORG}/teams`, { org: 'acme' }, 'event:admin'],
    [`${ORG}/members`, { org: 'acme' }, 'org:admin'],
    ['/0/projects', {}, 'event:admin'],
    ['/0/projects/{org}/{project}', { org: 'acme', project: 'shop' }, 'org:admin'],
  ])('asks for the right scope: %s %j with %s', async (resource, path, scopes) => {
    expect((await ask({ resource, path, authorizer: aliceReads(scopes) })).statusCode).toBe(403);
  });
});

describe('a token', () => {
  const methodArn = 'arn:aws:execute-api:local:000000000000:api/api/GET/0/auth';
  const ask = (Authorization: string) =>
    authorizer({ type: 'REQUEST', methodArn, headers: { Authorization } } as never);

  it.each(['Bearer token-of-alice', 'bearer token-of-alice', 'BEARER  token-of-alice '])(
    'is known in %j',
    async (header) => {
      expect(await ask(header)).toMatchObject({
        policyDocument: { Statement: [{ Effect: 'Allow' }] },
        context: {
          tokenId: hashToken('token-of-alice').slice(0, 16),
          userId: '11',
          organizations: '[{"id":"1","slug":"acme"}]',
        },
      });
    },
  );

  it.each(['', 'Bearer', 'Bearer nobody', 'Basic token-of-alice', 'token-of-alice', 'Bearer a b'])(
    'is unknown in %j',
    async (header) => {
      const answer = await ask(header);
      expect(answer.policyDocument.Statement).toMatchObject([{ Effect: 'Deny' }]);
      expect(answer.context).toBeUndefined();
    },
  );
});
