import { beforeAll, describe, expect, it } from 'vitest';
import { ENV } from '../../shared/env.ts';
import type { ApiHandler } from '../../shared/http/api.ts';
import { linkIdOf } from '../../shared/stores/sync/links.ts';
import { type GatewayRequest, send } from '../http/gateway-event.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { notThere, scoped } from '../support/projects-over-http.ts';
import { smallWorld, worldOnFreshTable } from '../support/world.ts';

/** Links in the form in which Sentry's own client reads and makes them. */

const tracker = (id: string, provider: 'github' | 'jira', organization = 'acme') => ({
  ...{ id, organization, provider, name: `${provider} ${id}`, secretRef: `local/${id}` },
  baseUrl: provider === 'github' ? 'https://api.github.com' : 'https://acme.atlassian.net',
  config: {},
});

let handler: ApiHandler;
beforeAll(async () => {
  const world = await worldOnFreshTable({
    organizations: smallWorld.organizations.map((one) => ({
      ...one,
      features: ['integrations-issue-sync'],
    })),
    integrations: [
      tracker('501', 'github'),
      tracker('502', 'jira'),
      tracker('503', 'github', 'globex'),
    ],
    links: [{ group: '102', integration: '501', key: 'acme/shop#1' }],
  });
  enterFunctionEnvironment(world);
  process.env[ENV.rateLimits] = 'off';
  handler = (await import('../../functions/integrations/handler.ts')).handler;
});

const OF_ISSUE = '/0/issues/{issue}/integrations';
const OF_ORGANIZATION = '/0/organizations/{org}/issues/{issue}/integrations';

type Rest = Partial<GatewayRequest>;

function of(issue: string, resource = OF_ISSUE) {
  const path = resource === OF_ISSUE ? { issue } : { org: 'acme', issue };
  const ask = (method: string, integration: string, rest: Rest) =>
    send(handler, {
      ...{ method, resource: `${resource}/{integration}`, path: { ...path, integration } },
      ...rest,
    });
  return {
    list: (query: GatewayRequest['query'] = {}) => send(handler, { resource, path, query }),
    form: (integration: string, action?: string) =>
      ask('GET', integration, action === undefined ? {} : { query: { action: [action] } }),
    link: (integration: string, body: unknown, rest: Rest = {}) =>
      ask('PUT', integration, { body: JSON.stringify(body), ...rest }),
    unlink: (integration: string, id?: string) =>
      ask('DELETE', integration, id === undefined ? {} : { query: { externalIssue: [id] } }),
  };
}

const idOf = (groupId: string, integrationId: string, externalKey: string) =>
  linkIdOf({ groupId, integrationId, externalKey });

describe('the trackers of an issue', () => {
  it.each([
    [OF_ISSUE, '102'],
    [OF_ORGANIZATION, 'SHOP-2'],
  ])('are listed with its links by %s', async (resource, issue) => {
    const { statusCode, body } = await of(issue, resource).list();
    expect(statusCode).toBe(200);
    expect(body).toMatchObject([
      {
        ...{ id: '501', name: 'github 501', domainName: 'api.github.com', status: 'active' },
        provider: { key: 'github', name: 'GitHub' },
        externalIssues: [
          {
            ...{ id: idOf('102', '501', 'acme/shop#1'), key: 'acme/shop#1' },
            url: 'https://github.com/acme/shop/issues/1',
            ...{ displayName: 'acme/shop#1', title: null, description: null },
          },
        ],
      },
      { id: '502', externalIssues: [] },
    ]);
    expect(JSON.stringify(body)).not.toContain('local/');
  });

  it('come page by page, and to nobody from elsewhere', async () => {
    const page = await of('102').list({ per_page: ['1'] });
    expect(page.body).toMatchObject([{ id: '501' }]);
    expect(page.headers?.Link).toContain('rel="next"; results="true"');
    expect(await of('901').list()).toMatchObject(notThere);
  });
});

describe('the form of a link', () => {
  it('asks for the issue of the tracker', async () => {
    expect(await of('101').form('501', 'link')).toMatchObject({
      statusCode: 200,
      body: { id: '501', linkIssueConfig: [{ name: 'externalIssue', required: true }] },
    });
  });

  it.each([
    ['501', ['repo', 'title', 'description']],
    ['502', ['project', 'issuetype', 'summary', 'description']],
  ])('asks what a new issue of %s is to say: %j', async (tracker, names) => {
    const { statusCode, body } = await of('SHOP-1', OF_ORGANIZATION).form(tracker, 'create');
    expect(statusCode).toBe(200);
    const { createIssueConfig: fields } = body as { createIssueConfig: { name: string }[] };
    expect(fields.map(({ name }) => name)).toEqual(names);
    expect(fields.at(-1)).toMatchObject({
      ...{ type: 'textarea', required: false },
      default: expect.stringMatching(/^SHOP-1: http:\/\/.*\/organizations\/acme\/issues\/101\/$/),
    });
    expect(fields.at(-2)).toMatchObject({ default: 'TypeError', required: true });
  });

  it.each(['x', undefined])('is not there to %s', async (action) => {
    expect((await of('101').form('501', action)).statusCode).toBe(400);
    expect(await of('101').form('503', action)).toMatchObject(notThere);
  });
});

describe('a link', () => {
  it.each([
    [OF_ISSUE, '101', { externalIssue: 'acme/shop#7' }, 'acme/shop#7'],
    [OF_ORGANIZATION, 'SHOP-1', { externalIssue: 8, repo: 'acme/shop' }, 'acme/shop#8'],
    [
      OF_ISSUE,
      '101',
      { externalIssue: 'https://github.com/acme/shop/issues/9', comment: 'seen' },
      'acme/shop#9',
    ],
  ])('is made once and removed by %s of %s with %j', async (resource, issue, body, key) => {
    const links = of(issue, resource);
    const id = idOf('101', '501', key);
    const made = await links.link('501', body);
    const url = `https://github.com/${key.replace('#', '/issues/')}`;
    const shown = { id, key, url, displayName: key };
    expect(made).toMatchObject({ statusCode: 201, body: { ...shown, integrationId: '501' } });
    expect((await links.list()).body).toMatchObject([{ externalIssues: [shown] }, {}]);
    expect(await links.link('501', body)).toMatchObject({
      statusCode: 400,
      body: { non_field_errors: ['That issue is already linked'] },
    });
    expect(await links.unlink('502', id)).toMatchObject(notThere);
    expect((await links.unlink('501', id)).statusCode).toBe(204);
    expect(await links.unlink('501', id)).toMatchObject(notThere);
    expect((await links.list()).body).toMatchObject([{ externalIssues: [] }, {}]);
  });

  it('leads to a Jira issue by its address', async () => {
    expect(await of('101').link('502', { externalIssue: 'shop-4' })).toMatchObject({
      statusCode: 201,
      body: { key: 'SHOP-4', url: 'https://acme.atlassian.net/browse/SHOP-4' },
    });
  });

  it.each<[string, unknown, unknown]>([
    ['no issue', {}, { externalIssue: ['Issue ID is required'] }],
    ['an empty one', { externalIssue: '' }, { externalIssue: ['Issue ID is required'] }],
    ['no key', { externalIssue: 'x' }, { externalIssue: [expect.stringContaining('octocat')] }],
    ['a list', { externalIssue: [] }, { externalIssue: ['Not a valid string.'] }],
  ])('is refused with %s', async (_, body, refusal) => {
    expect(await of('301').link('501', body)).toMatchObject(notThere);
    expect(await of('101').link('501', body)).toMatchObject({ statusCode: 400, body: refusal });
  });

  it('needs a name to be removed, the scope, and a tracker of the organization', async () => {
    expect(await of('101').unlink('501')).toMatchObject({
      statusCode: 400,
      body: { detail: 'External ID required' },
    });
    const body = { externalIssue: 'acme/shop#5' };
    const reader = { authorizer: scoped('event:read') };
    expect((await of('101').link('501', body, reader)).statusCode).toBe(403);
    expect(await of('101').link('503', body)).toMatchObject(notThere);
    expect(await of('101').link('508', body)).toMatchObject(notThere);
  });
});

describe('a new issue of a tracker', () => {
  const create = (issue: string, integration: string, body: unknown, rest: Rest = {}) =>
    send(handler, {
      ...{ method: 'POST', resource: `${OF_ISSUE}/{integration}`, path: { issue, integration } },
      ...{ body: JSON.stringify(body), ...rest },
    });

  it.each<[string, unknown, readonly string[]]>([
    ['nothing', {}, ['title', 'repo']],
    ['no repository', { title: 'x' }, ['repo']],
    ['no title', { title: '', repo: 'acme/shop' }, ['title']],
    ['a title that is too long', { title: 'x'.repeat(256), repo: 'acme/shop' }, ['title']],
    ['another kind of name', { title: 'x', repo: 'shop' }, ['repo']],
  ])('is refused with %s', async (_, body, fields) => {
    const answer = await create('101', '501', body);
    expect(answer.statusCode).toBe(400);
    expect(Object.keys(answer.body as object)).toEqual(fields);
  });

  it('needs the scope, and an issue and a tracker of the organization', async () => {
    const body = { title: 'x', repo: 'acme/shop' };
    const reader = { authorizer: scoped('event:read') };
    expect((await create('101', '501', body, reader)).statusCode).toBe(403);
    expect(await create('301', '501', body)).toMatchObject(notThere);
    expect(await create('901', '503', body)).toMatchObject(notThere);
    expect(await create('101', '503', body)).toMatchObject(notThere);
  });
});
