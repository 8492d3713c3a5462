import type { Table } from '../../shared/stores/table.ts';
import type { SmokeApi } from './api.ts';
import { type SmokeWorld, writeSmokeWorld } from './world.ts';

/** A step of the smoke test, which throws an error if it fails. */
export type Step = { readonly name: string; readonly run: () => Promise<unknown> };

type Subject = {
  readonly api: SmokeApi;
  readonly table: Table;
  readonly world: SmokeWorld;
  /** A token whose access is tested too. */
  readonly givenToken: string | undefined;
  /** Called with the id of a created project, which is removed in the end. */
  readonly onProjectCreated: (projectId: string) => void;
};

/** After a deployment the first poll of the stream and the cold starts take up to this long. */
const EVENT_TIMEOUT_MS = 120_000;

/**
 * The steps that need a deployed stack, each relying on those before it: gateway responses, the
 * rights of functions, the login to the cache, and the path of an event.
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
      name: 'an event passes the stream, the bus and a queue, and has its effect',
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
