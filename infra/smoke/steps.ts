import type { Table } from '../../shared/stores/table.ts';
import type { SmokeApi } from './api.ts';
import { type SmokeWorld, writeSmokeWorld } from './world.ts';

/** One thing that is tried; it fails by throwing a sentence. */
export type Step = { readonly name: string; readonly run: () => Promise<unknown> };

type Subject = {
  readonly api: SmokeApi;
  readonly table: Table;
  readonly world: SmokeWorld;
  /** A token that has to be let in as well. */
  readonly givenToken: string | undefined;
  /** Takes the id of a project that was created, so that it is removed in the end. */
  readonly onProjectCreated: (projectId: string) => void;
};

/**
 * Just after a deployment the stream's first poll and the functions' first starts take their time.
 */
const EVENT_TIMEOUT_MS = 120_000;

/**
 * What only a deployed stack can show, in an order in which each step relies on those before: the
 * gateway's own answers, the rights of the functions, the login to the cache, and the way of an
 * event.
 */
export function smokeSteps({ api, table, world, givenToken, onProjectCreated }: Subject): Step[] {
  const { token, organization, team, groupId } = world;
  const issue = `organizations/${organization.slug}/issues/${groupId}/`;
  let created = { id: '', slug: '' };

  return [
    {
      name: 'the API answers, and refuses who brings no token',
      run: () =>
        api.expectAnswer({ path: '' }, 401, {
          detail: 'Authentication credentials were not provided.',
        }),
    },
    {
      name: 'the authorizer refuses a token that there is not',
      run: () =>
        api.expectAnswer({ path: '', token: `${token}x` }, 401, { detail: 'Invalid token' }),
    },
    {
      name: 'the gateway answers an unknown path in the words of Sentry',
      run: () =>
        api.expectAnswer({ path: 'there-is-no-such-path/', token }, 404, {
          detail: 'The requested resource does not exist',
        }),
    },
    ...(givenToken === undefined
      ? []
      : [
          {
            name: 'the token that was given is let in',
            run: () => api.expectAnswer({ path: '', token: givenToken }, 200),
          },
        ]),
    {
      name: 'an organization for this test is written into the table',
      run: () => writeSmokeWorld(world, table),
    },
    {
      name: 'its token is let in and reads the organization',
      run: () => api.expectAnswer({ path: `organizations/${organization.slug}/`, token }, 200),
    },
    {
      name: 'an issue is assigned to a team',
      run: () =>
        api.expectAnswer(
          { method: 'PUT', path: issue, token, body: { assignedTo: `team:${team.id}` } },
          200,
        ),
    },
    {
      name: 'it reads back assigned',
      run: async () => {
        const { body } = await api.expectAnswer({ path: issue, token }, 200);
        const { assignedTo } = body as { assignedTo?: { type?: string; id?: string } | null };
        if (assignedTo?.type !== 'team' || assignedTo.id !== team.id) {
          throw new Error(`The issue reads back as assigned to ${JSON.stringify(assignedTo)}.`);
        }
      },
    },
    {
      name: 'an event travels from the table over the stream, the bus and a queue, and takes effect',
      run: () =>
        api.waitFor(
          { path: issue, token },
          {
            until: (body) =>
              (body as { participants?: unknown[] }).participants?.length === world.userIds.length,
            timeoutMs: EVENT_TIMEOUT_MS,
          },
        ),
    },
    {
      name: 'the issue is unassigned',
      run: () =>
        api.expectAnswer({ method: 'PUT', path: issue, token, body: { assignedTo: null } }, 200),
    },
    {
      name: 'it reads back unassigned',
      run: async () => {
        const { body } = await api.expectAnswer({ path: issue, token }, 200);
        const { assignedTo } = body as { assignedTo?: unknown };
        if (assignedTo !== null) {
          throw new Error(`The issue reads back as assigned to ${JSON.stringify(assignedTo)}.`);
        }
      },
    },
    {
      name: 'a project is created under an id that the cache counted',
      run: async () => {
        const path = `teams/${organization.slug}/${team.slug}/projects/`;
        const body = { name: 'Smoke test, created' };
        const answer = await api.expectAnswer({ method: 'POST', path, token, body }, 201);
        created = answer.body as typeof created;
        onProjectCreated(created.id);
      },
    },
    {
      name: 'the project is deleted by a worker',
      run: async () => {
        const path = `projects/${organization.slug}/${created.slug}/`;
        await api.expectAnswer({ method: 'DELETE', path, token }, 204);
        await api.waitFor(
          { path: `projects/${organization.slug}/${created.id}/deletion/`, token },
          {
            until: (body) => (body as { state?: string }).state === 'done',
            timeoutMs: EVENT_TIMEOUT_MS,
          },
        );
      },
    },
  ];
}
