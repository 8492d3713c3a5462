import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aliceAtAcme, type GatewayRequest, send } from '../http/gateway-event.ts';
import { recordedEvents } from './consistency.ts';
import { enterFunctionEnvironment } from './function-environment.ts';
import { type TestWorld, worldOnFreshTable } from './world.ts';

export const PROJECT_PAGE = '/0/projects/{org}/{project}';
export const notThere = {
  statusCode: 404,
  body: { detail: 'The requested resource does not exist' },
};
/** Alice with these scopes alone. */
export const scoped = (scopes: string) => ({ ...aliceAtAcme, scopes });
/** A token that belongs to the organization, and to no user. */
export const organizationToken = { ...aliceAtAcme, userId: '' };

export type Options = Partial<GatewayRequest> & { readonly org?: string; readonly team?: string };

/** An event as a test compares it. */
type Told = { readonly type: string; readonly version: number; readonly data: unknown };

/** A small world, the functions that save and read its projects, and what tests ask of them. */
export async function projectsOverHttp() {
  const world: TestWorld = await worldOnFreshTable();
  const { regionId } = enterFunctionEnvironment(world);
  const save = (await import('../../functions/project-save/handler.ts')).handler;
  const read = (await import('../../functions/directory-read/handler.ts')).handler;

  function create(body: unknown, { org = 'acme', team = 'core', ...rest }: Options = {}) {
    return send(save, {
      method: 'POST',
      resource: '/0/teams/{org}/{team}/projects',
      path: { org, team },
      body: JSON.stringify(body),
      ...rest,
    });
  }

  return {
    world,
    regionId,
    save,
    create,

    update(project: string, body: unknown, { org = 'acme', ...rest }: Options = {}) {
      return send(save, {
        method: 'PUT',
        resource: PROJECT_PAGE,
        path: { org, project },
        body: JSON.stringify(body),
        ...rest,
      });
    },

    get(project: string, rest: Partial<GatewayRequest> = {}) {
      return send(read, { resource: PROJECT_PAGE, path: { org: 'acme', project }, ...rest });
    },

    /** What was told of a project, in the order of its versions. */
    async eventsOf(projectId: string): Promise<Told[]> {
      const events = await recordedEvents(world.stores.table);
      return events
        .filter(({ detail }) => detail.projectId === projectId)
        .map(({ type, detail }) => ({ type, version: detail.version, data: detail.data }))
        .sort((a, b) => a.version - b.version);
    },

    /** A project that no other test touches. */
    async freshProject(given: Record<string, unknown> = {}) {
      const slug = `p-${randomUUID()}`;
      const { statusCode, body } = await create({
        name: `Project ${slug}`.slice(0, 20),
        slug,
        ...given,
      });
      expect(statusCode, JSON.stringify(body)).toBe(201);
      return body as { id: string; slug: string; name: string };
    },
  };
}

export type ProjectsOverHttp = Awaited<ReturnType<typeof projectsOverHttp>>;
