import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningStack } from '../../infra/local/stack.ts';
import { type Api, apiOf } from '../support/api.ts';
import { startTestStack } from '../support/app.ts';
import { worldFile } from '../support/world-file.ts';

const world = worldFile();
let stack: RunningStack;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack({ world: world.path, vpc: true });
  api = apiOf(stack.url);
});
afterAll(async () => {
  await stack?.stop();
  world.remove();
});

const create = (body: unknown, team = 'core') =>
  api.post(`/api/0/teams/acme/${team}/projects/`, body);

it('a project is made, found, renamed, and its old address leads to it', async () => {
  const created = await create({ name: 'My Fine Shop', platform: 'python' });
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    id: expect.stringMatching(/^[0-9]{16}$/),
    slug: 'my-fine-shop',
    name: 'My Fine Shop',
    platform: 'python',
    dateCreated: expect.stringMatching(/Z$/),
    teams: [{ id: '21', slug: 'core' }],
  });
  const keys = await api.get('/api/0/projects/acme/my-fine-shop/keys/');
  expect(keys.body[0].dsn.public).toMatch(/^http/);

  const renamed = await api.put('/api/0/projects/acme/my-fine-shop/', { slug: 'finer' });
  expect(renamed.status).toBe(200);
  const moved = await api.get('/api/0/projects/acme/my-fine-shop/');
  expect(moved.status).toBe(302);
  expect(moved.headers.get('location')).toBe('/api/0/projects/acme/finer/');
  expect(moved.body.detail).toMatchObject({ code: 'resource-moved', extra: { slug: 'finer' } });
  expect((await api.get(`/api/0/projects/acme/${created.body.id}/`)).body.slug).toBe('finer');

  await api.idle();
  const events = await api.events();
  const ofProject = events.filter(({ detail }) => detail.projectId === created.body.id);
  expect(ofProject.map((event) => [event['detail-type'], event.detail.version])).toEqual([
    ['project.created', 1],
    ['project.updated', 2],
  ]);
  expect(ofProject[1]?.detail.data).toEqual({ changed: { slug: ['my-fine-shop', 'finer'] } });
});

it.each<[string, unknown, number, unknown]>([
  [
    'a taken slug',
    { name: 'X', slug: 'shop' },
    409,
    { detail: 'A project with this slug already exists.' },
  ],
  ['no name', { slug: 'nameless' }, 400, { name: ['This field is required.'] }],
  [
    'a reserved name',
    { name: 'settings' },
    400,
    { name: ['The name "settings" is reserved and not allowed.'] },
  ],
  [
    'an unknown platform',
    { name: 'X', platform: 'abacus' },
    400,
    { platform: ['Invalid platform'] },
  ],
  [
    'a slug of digits',
    { name: 'X', slug: '123' },
    400,
    {
      slug: [
        'Enter a valid slug consisting of lowercase letters, numbers, underscores or hyphens. It cannot be entirely numeric.',
      ],
    },
  ],
])('%s is refused', async (_, body, status, answer) => {
  const refused = await create(body);
  expect(refused.status).toBe(status);
  expect(refused.body).toEqual(answer);
});

it('many projects of one name at once have slugs and ids of their own', async () => {
  const created = await Promise.all(Array.from({ length: 40 }, () => create({ name: 'Twin' })));
  expect(created.map(({ status }) => status)).toEqual(created.map(() => 201));
  expect(new Set(created.map(({ body }) => body.slug)).size).toBe(40);
  expect(new Set(created.map(({ body }) => body.id)).size).toBe(40);
});

it('a deleted project is gone at once, its slug free, and nothing of it is left', async () => {
  const before = await api.get('/api/0/projects/acme/shop/');
  const gone = await api.delete('/api/0/projects/acme/shop/');
  expect(gone.status).toBe(204);
  expect((await api.get('/api/0/projects/acme/shop/')).status).toBe(404);
  expect((await api.get('/api/0/issues/101/')).status).toBe(404);
  expect((await api.put('/api/0/issues/101/', { assignedTo: null })).status).toBe(404);
  expect((await create({ name: 'Shop again', slug: 'shop' })).status).toBe(201);

  await api.idle();
  const { body } = await api.get(`/api/0/projects/acme/${before.body.id}/deletion/`);
  expect(body).toMatchObject({ state: 'done', deleted: { groups: 2 } });
  expect((await api.get('/api/0/organizations/acme/issues/?query=')).body).toHaveLength(1);
  const again = await api.post(`/api/0/projects/acme/${before.body.id}/restore/`, {});
  expect(again.status).toBe(404);
});

it('deleting a team takes its issues from it, and nothing else', async () => {
  const issue = () => api.get('/api/0/issues/201/');
  expect((await issue()).body.assignedTo).toMatchObject({ type: 'team', id: '22' });
  expect((await api.delete('/api/0/teams/acme/web/')).status).toBe(204);
  await api.idle();
  const { body } = await issue();
  expect(body.assignedTo).toBeNull();
  expect(body.activity[0]).toMatchObject({ type: 'unassigned', user: null });
});
