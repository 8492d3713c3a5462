import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiHandler } from '../../shared/http/api.ts';
import { type GatewayRequest, send } from '../http/gateway-event.ts';
import { notThere, PROJECT_PAGE, projectsOverHttp, scoped } from '../support/projects-over-http.ts';

const { save, world, freshProject } = await projectsOverHttp();
let read: ApiHandler;
beforeAll(async () => {
  read = (await import('../../functions/directory-read/handler.ts')).handler;
});

const KEYS = `${PROJECT_PAGE}/keys`;
type Key = { id: string; name: string; secret: string; isActive: boolean; dateCreated: string };

function keysOf(project: string) {
  const path = { org: 'acme', project };
  const write = (method: string, key: string | null, body: unknown, rest = {}) =>
    send(save, {
      method,
      resource: key === null ? KEYS : `${KEYS}/{key}`,
      path: key === null ? path : { ...path, key },
      body: JSON.stringify(body),
      ...rest,
    });
  return {
    list: async (query: GatewayRequest['query'] = {}) =>
      (await send(read, { resource: KEYS, path, query })).body as Key[],
    get: (key: string) => send(read, { resource: `${KEYS}/{key}`, path: { ...path, key } }),
    create: (body: unknown, rest = {}) => write('POST', null, body, rest),
    put: (key: string, body: unknown, rest = {}) => write('PUT', key, body, rest),
    delete: (key: string, rest = {}) => write('DELETE', key, undefined, rest),
  };
}
const freshKeys = async () => keysOf((await freshProject()).slug);

describe('the keys of a project', () => {
  it('are one from the beginning, with every address that is made of it', async () => {
    const keys = await freshKeys();
    const [first, ...others] = await keys.list();
    expect(others).toEqual([]);
    const { id = '', secret = '' } = first ?? {};
    expect(await keys.get(id)).toMatchObject({ statusCode: 200, body: first });
    expect(first).toMatchObject({
      name: 'Default',
      label: 'Default',
      public: id,
      projectId: expect.any(Number),
      isActive: true,
      rateLimit: null,
      dsn: {
        public: expect.stringMatching(new RegExp(`^http://${id}@127\\.0\\.0\\.1:8787/\\d+$`)),
        secret: expect.stringContaining(`//${id}:${secret}@`),
        minidump: expect.stringContaining(`/minidump/?sentry_key=${id}`),
        crons: expect.stringContaining('___MONITOR_SLUG___'),
        otlp_logs: expect.stringContaining('/otlp/v1/logs'),
      },
      browserSdk: { choices: expect.arrayContaining([['10.x', '10.x']]) },
      dynamicSdkLoaderOptions: { hasReplay: false, hasLogsAndMetrics: false },
    });
    expect(secret).not.toBe(id);
  });

  it('come, are changed piece by piece, and go, the first one too', async () => {
    const keys = await freshKeys();
    const made = await keys.create({ name: 'Ci', rateLimit: { count: 10, window: 60 } });
    expect(made).toMatchObject({
      statusCode: 201,
      body: { name: 'Ci', rateLimit: { count: 10, window: 60 }, isActive: true },
    });
    const { id, secret } = made.body as Key;
    const loader = { hasReplay: true };
    const changed = await keys.put(id, { isActive: false, dynamicSdkLoaderOptions: loader });
    expect(changed).toMatchObject({
      statusCode: 200,
      body: { id, secret, name: 'Ci', isActive: false, rateLimit: { count: 10 } },
    });
    const again = await keys.put(id, { rateLimit: null, browserSdkVersion: 'latest' });
    expect(again.body).toMatchObject({
      rateLimit: null,
      browserSdkVersion: 'latest',
      dynamicSdkLoaderOptions: { hasReplay: true, hasDebug: false },
    });
    expect((await keys.get(id)).body).toEqual(again.body);

    const [first = { id: '' }] = await keys.list({ status: ['active'] });
    expect((await keys.list({ status: ['inactive'] })).map((key) => key.id)).toEqual([id]);
    expect((await keys.put(first.id, { name: 'Web' })).body).toMatchObject({ name: 'Web' });
    expect((await keys.list()).map(({ name }) => name)).toEqual(['Web', 'Ci']);
    expect((await keys.delete(first.id)).statusCode).toBe(204);
    expect(await keys.delete(first.id)).toMatchObject(notThere);
    expect(await keys.get(first.id)).toMatchObject(notThere);
    expect((await keys.delete(id)).statusCode).toBe(204);
    expect(await keys.list()).toEqual([]);
    expect((await keys.create({})).body).toMatchObject({ name: expect.stringMatching(/^Key /) });
  });

  it('are all there when they are added at the same time', async () => {
    const keys = await freshKeys();
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => keys.create({ name })));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201, 201]);
    expect((await keys.list()).map(({ name }) => name).sort()).toEqual([
      'Default',
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  it.each<[string, unknown, unknown]>([
    [
      'a limit below zero',
      { rateLimit: { count: -1, window: 5 } },
      { rateLimit: [expect.any(String)] },
    ],
    ['an unknown SDK', { browserSdkVersion: '0.x' }, { browserSdkVersion: [expect.any(String)] }],
    ['a name of 65 characters', { name: 'n'.repeat(65) }, { name: [expect.any(String)] }],
  ])('refuse %s', async (_, body, expected) => {
    const keys = await freshKeys();
    const [first = { id: '' }] = await keys.list();
    expect(await keys.create(body)).toMatchObject({ statusCode: 400, body: expected });
    expect(await keys.put(first.id, body)).toMatchObject({ statusCode: 400, body: expected });
    expect(await keys.list()).toEqual([first]);
  });

  it('are 100 at most', async () => {
    const project = await freshProject();
    const keys = keysOf(project.slug);
    const { clientKeys, projects } = world.stores;
    const stored = (await projects.byIds([project.id])).get(project.id)!;
    for (let made = 1; made < 100; made += 1) {
      const { version, keys: found } = await clientKeys.ofProject(stored);
      const [first] = found;
      const key = { ...first!, id: `key-${made}`, name: `n${made}` };
      await clientKeys.change(stored, version, { kind: 'put', key });
    }
    expect(await keys.create({})).toMatchObject({
      statusCode: 400,
      body: { detail: expect.stringContaining('100') },
    });
    expect((await keys.list({ per_page: ['100'] })).length).toBe(100);
  });

  it('need scopes, and belong to one project', async () => {
    const keys = await freshKeys();
    const [first = { id: '' }] = await keys.list();
    const reader = { authorizer: scoped('project:read') };
    const writer = { authorizer: scoped('project:write') };
    expect((await keys.create({}, reader)).statusCode).toBe(403);
    expect((await keys.put(first.id, {}, reader)).statusCode).toBe(403);
    expect((await keys.delete(first.id, writer)).statusCode).toBe(403);
    const others = await freshKeys();
    expect(await others.get(first.id)).toMatchObject(notThere);
    expect(await others.put(first.id, { name: 'x' })).toMatchObject(notThere);
    expect(await others.delete(first.id)).toMatchObject(notThere);
  });
});

describe('an organization', () => {
  const change = async (body: unknown, rest: Partial<GatewayRequest> = {}) => {
    const write = (await import('../../functions/directory-write/handler.ts')).handler;
    const resource = '/0/organizations/{org}';
    return send(write, {
      method: 'PUT',
      resource,
      path: { org: 'acme' },
      body: JSON.stringify(body),
      ...rest,
    });
  };

  it('takes another name, and opens and closes its membership', async () => {
    expect(await change({ name: 'Acme Inc', slug: 'acme', require2FA: false })).toMatchObject({
      statusCode: 200,
      body: { id: '1', slug: 'acme', name: 'Acme Inc', openMembership: false, role: 'owner' },
    });
    expect((await change({ openMembership: true })).body).toMatchObject({ openMembership: true });
    expect(await world.stores.organizations.byId('1')).toMatchObject({
      name: 'Acme Inc',
      openMembership: true,
    });
    expect((await change({ openMembership: false })).statusCode).toBe(200);
  });

  it.each<[unknown, Record<string, unknown>]>([
    [{ slug: 'other' }, { slug: ['The slug of an organization cannot be changed.'] }],
    [{ require2FA: true }, { require2FA: [expect.stringContaining('only be false')] }],
    [{ name: '' }, { name: ['This field may not be blank.'] }],
  ])('refuses %j', async (body, expected) => {
    expect(await change(body)).toMatchObject({ statusCode: 400, body: expected });
    const reader = { authorizer: scoped('org:read') };
    expect((await change({ name: 'x' }, reader)).statusCode).toBe(403);
  });
});
