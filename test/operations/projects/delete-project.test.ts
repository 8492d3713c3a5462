import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiHandler } from '../../../shared/http/api.ts';
import { cascadeDue } from '../../../shared/operations/cascades/cascade-due.ts';
import { send } from '../../http/gateway-event.ts';
import { cascadeWorker } from '../../support/crash/cascade-worker.ts';
import { surroundings } from '../../support/operations.ts';
import {
  notThere,
  type Options,
  PROJECT_PAGE,
  type ProjectsOverHttp,
  projectsOverHttp,
  scoped,
} from '../../support/projects-over-http.ts';

let http: ProjectsOverHttp;
let remove: ApiHandler;
beforeAll(async () => {
  http = await projectsOverHttp();
  remove = (await import('../../../functions/project-delete/handler.ts')).handler;
});

const ask = (method: string, suffix: string, project: string, rest: Options = {}) =>
  send(remove, {
    method,
    resource: `${PROJECT_PAGE}${suffix}`,
    path: { org: 'acme', project },
    ...rest,
  });
const deleteProject = (project: string, rest?: Options) => ask('DELETE', '', project, rest);
const restore = (project: string, rest?: Options) => ask('POST', '/restore', project, rest);
const progress = (project: string, rest?: Options) => ask('GET', '/deletion', project, rest);
const live = (projectId: string, fencingToken?: number) =>
  cascadeWorker(http.world, projectId).live(fencingToken === undefined ? {} : { fencingToken });

describe('a project that is deleted', () => {
  it('is gone for everybody at once, and its slug is free', async () => {
    const { id, slug } = await http.freshProject();
    expect(await deleteProject(slug)).toMatchObject({ statusCode: 204, body: undefined });
    for (const name of [slug, id]) {
      expect(await http.get(name)).toMatchObject(notThere);
      expect(await http.update(name, { name: 'Again' })).toMatchObject(notThere);
      expect(await deleteProject(name)).toMatchObject(notThere);
    }
    expect(await http.create({ name: 'Heir', slug })).toMatchObject({ statusCode: 201 });
    const told = (await http.eventsOf(id)).filter(({ type }) => type === 'project.deleted');
    expect(told).toEqual([{ type: 'project.deleted', version: 2, data: { slug } }]);
  });

  it('is deleted once by many requests at the same time', async () => {
    const { id, slug } = await http.freshProject();
    const answers = await Promise.all(Array.from({ length: 8 }, () => deleteProject(slug)));
    const statuses = new Set(answers.map(({ statusCode }) => statusCode));
    expect([...statuses].every((status) => status === 204 || status === 404)).toBe(true);
    expect(statuses).toContain(204);
    const events = await http.eventsOf(id);
    expect(events.filter(({ type }) => type === 'project.deleted')).toHaveLength(1);
  });

  it('is deleted by an old slug of its as well', async () => {
    const { id, slug } = await http.freshProject();
    await http.update(slug, { slug: `${slug}-new` });
    expect(await deleteProject(slug)).toMatchObject({ statusCode: 204 });
    expect(await http.get(id)).toMatchObject(notThere);
  });

  it.each(['project:write', 'project:read', 'org:admin'])(
    'is not deleted with %s',
    async (scope) => {
      const { id, slug } = await http.freshProject();
      const rest = { authorizer: scoped(scope) };
      expect(await deleteProject(slug, rest)).toMatchObject({ statusCode: 403 });
      expect(await restore(id, rest)).toMatchObject({ statusCode: 403 });
      expect(await progress(id, rest)).toMatchObject({ statusCode: 403 });
      expect(await http.get(slug)).toMatchObject({ statusCode: 200 });
    },
  );

  it.each(['nowhere', '999', '39', 'plant'])('is not there as %s', async (project) => {
    expect(await deleteProject(project)).toMatchObject(notThere);
    expect(await restore(project)).toMatchObject(notThere);
    expect(await progress(project)).toMatchObject(notThere);
  });

  it('tells how far it is, by its id', async () => {
    const { id, slug } = await http.freshProject();
    expect(await progress(id)).toMatchObject(notThere);
    await deleteProject(slug);
    expect((await progress(id)).body).toEqual({
      state: 'pending',
      requestedAt: expect.stringMatching(/Z$/),
      startedAt: null,
      finishedAt: null,
      deleted: { groups: 0, items: 0 },
    });
    expect(await progress(slug)).toMatchObject(notThere);
    await live(id);
    expect((await progress(id)).body).toMatchObject({
      state: 'done',
      startedAt: expect.stringMatching(/Z$/),
      finishedAt: expect.stringMatching(/Z$/),
      deleted: { groups: 0, items: expect.any(Number) },
    });
    await live(id, 0);
    expect((await progress(id)).body).toMatchObject({ state: 'done' });
  });
});

describe('a deletion that has not begun', () => {
  it('is taken back with all that there was, under the slug that it had', async () => {
    const { id, slug } = await http.freshProject({ platform: 'python' });
    const before = (await http.get(slug)).body;
    await deleteProject(slug);
    expect(await restore(id)).toMatchObject({ statusCode: 200, body: before as object });
    expect((await http.get(slug)).body).toEqual(before);
    expect(await progress(id)).toMatchObject(notThere);
    expect(await restore(id)).toMatchObject(notThere);
    await live(id);
    expect((await http.get(slug)).body).toEqual(before);
    expect(await http.eventsOf(id)).toMatchObject([
      { type: 'project.created', version: 1 },
      { type: 'project.deleted', version: 2 },
      { type: 'project.restored', version: 3, data: { slug } },
    ]);
  });

  it('is taken back under another slug where its own is taken', async () => {
    const { id, slug } = await http.freshProject();
    await deleteProject(slug);
    await http.create({ name: 'Heir', slug });
    const { statusCode, body } = await restore(id);
    expect(statusCode).toBe(200);
    const given = (body as { slug: string }).slug;
    expect(given).not.toBe(slug);
    expect(given.startsWith(slug.slice(0, 20))).toBe(true);
    expect((await http.get(given)).body).toMatchObject({ id });
  });

  it('can be asked for again once it was taken back', async () => {
    const { id, slug } = await http.freshProject();
    await deleteProject(slug);
    await restore(id);
    expect(await deleteProject(slug)).toMatchObject({ statusCode: 204 });
    await live(id);
    expect((await progress(id)).body).toMatchObject({ state: 'done' });
    expect(await restore(id)).toMatchObject(notThere);
  });
});

describe('a deletion that has begun', () => {
  it('cannot be taken back', async () => {
    const { id, slug } = await http.freshProject();
    await deleteProject(slug);
    const worker = cascadeWorker(http.world, id);
    await worker.live({ hasTime: () => false });
    expect((await progress(id)).body).toMatchObject({ state: 'deleting' });
    expect(await restore(id)).toMatchObject({
      statusCode: 409,
      body: { detail: 'This project is already being deleted.' },
    });
  });

  it('goes on with the message of its worker’s last token, and with no earlier one', async () => {
    const { id, slug } = await http.freshProject();
    await deleteProject(slug);
    await cascadeWorker(http.world, id).live({ hasTime: () => false });
    const continued = (await http.eventsOf(id)).filter(({ type }) => type.includes('continues'));
    expect(continued.map(({ data }) => data)).toEqual([{ turn: 1 }]);
    await live(id, 0);
    expect((await progress(id)).body).toMatchObject({ state: 'deleting' });
    await live(id, 1);
    expect((await progress(id)).body).toMatchObject({ state: 'done' });
  });

  it.each(Array.from({ length: 12 }, (_, index) => index))(
    'or is taken back, and never both (race %i)',
    async () => {
      const { id, slug } = await http.freshProject();
      await deleteProject(slug);
      const [{ statusCode }] = await Promise.all([restore(id), live(id)]);
      const isBack = (await http.get(id)).statusCode === 200;
      expect(isBack).toBe(statusCode === 200);
      const state = ((await progress(id)).body as { state?: string }).state;
      expect(state).toBe(isBack ? undefined : 'done');
    },
  );
});

describe('a deletion with a delay', () => {
  it('begins when it is due, sent by the schedule where that is far away', async () => {
    const { world } = http;
    const organization = (await world.stores.organizations.byId('1'))!;
    const { id, slug } = await http.freshProject();
    const { deleteProject: accept } = await import(
      '../../../shared/operations/projects/delete-project.ts'
    );
    await accept(
      {
        ...world.stores,
        ...surroundings(),
        organizations: {
          byId: async () => ({ ...organization, projectDeletionDelaySeconds: 3_600 }),
        },
      },
      {
        organizationId: '1',
        project: slug,
        initiator: { actingUserId: null, requestId: 'later' },
      },
    );
    await live(id);
    expect((await progress(id)).body).toMatchObject({ state: 'pending' });

    const looked = (atMs: number) => {
      const clock = () => new Date(atMs).toISOString();
      const deps = { ...world.stores, ...surroundings(), clock };
      return cascadeDue(deps, { requestId: 'schedule', hasTime: () => true });
    };
    const token = async () => (await world.stores.deletions.ofProject(id))?.fencingToken;
    await looked(Date.now());
    expect(await token()).toBe(0);
    await looked(Date.now() + 3_590_000);
    await looked(Date.now() + 3_590_000);
    expect(await token()).toBe(1);
    // A worker that was not heard of since is as good as dead.
    await looked(Date.now() + 8_000_000);
    expect(await token()).toBe(2);
  });
});
