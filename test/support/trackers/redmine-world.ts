import { startDouble } from './double-server.ts';
import type { TrackerWorld } from './tracker-world.ts';

const accounts = [
  { id: 6, login: 'bob', firstname: 'Bob', lastname: 'Builder', mail: 'bob@acme.io' },
  { id: 7, login: 'carol', firstname: 'Carol', lastname: 'Coder', mail: 'carol@acme.io' },
];

/** Redmine 5's REST API, with `lock_version` in its answers, without which nobody can compare. */
export async function startRedmineWorld(): Promise<TrackerWorld> {
  let assigneeId: number | null = null;
  let statusId = 1;
  let lockVersion = 2;

  const issue = () => {
    const account = accounts.find(({ id }) => id === assigneeId);
    return {
      id: 1,
      project: { id: 1, name: 'Shop' },
      status: { id: statusId, name: statusId === 5 ? 'Closed' : 'New' },
      ...(account === undefined
        ? {}
        : { assigned_to: { id: account.id, name: `${account.firstname} ${account.lastname}` } }),
      updated_on: `2026-11-21T10:00:${String(lockVersion).padStart(2, '0')}Z`,
      lock_version: lockVersion,
    };
  };

  const server = await startDouble(
    [
      [
        'GET',
        /^\/issues\/(\d+)\.json$/,
        ({ captured: [id] }) =>
          id === '1' ? { status: 200, body: { issue: issue() } } : { status: 404 },
      ],
      [
        'PUT',
        /^\/issues\/1\.json$/,
        ({ body }) => {
          const edit = (body as { issue: Record<string, unknown> }).issue;
          if (edit.lock_version !== undefined && edit.lock_version !== lockVersion) {
            return { status: 422, body: { errors: ['Data has been updated by another user.'] } };
          }
          if ('assigned_to_id' in edit) {
            const id = edit.assigned_to_id === '' ? null : Number(edit.assigned_to_id);
            if (id !== null && !accounts.some((one) => one.id === id)) {
              return { status: 422, body: { errors: ['Assignee is invalid'] } };
            }
            assigneeId = id;
          }
          statusId = Number(edit.status_id ?? statusId);
          lockVersion += 1;
          return { status: 204 };
        },
      ],
      [
        'GET',
        /^\/issue_statuses\.json$/,
        () => ({
          status: 200,
          body: {
            issue_statuses: [
              { id: 1, name: 'New', is_closed: false },
              { id: 2, name: 'In Progress', is_closed: false },
              { id: 5, name: 'Closed', is_closed: true },
            ],
          },
        }),
      ],
      [
        'GET',
        /^\/users\.json$/,
        ({ query }) => {
          const name = query.get('name') ?? '';
          const users = accounts.filter(({ login, mail }) => mail.includes(name) || login === name);
          return { status: 200, body: { users, total_count: users.length, offset: 0, limit: 25 } };
        },
      ],
      [
        'GET',
        /^\/users\/current\.json$/,
        () => ({ status: 200, body: { user: { id: 99, login: 'baton', mail: 'baton@acme.io' } } }),
      ],
    ],
    ({ headers }) => (headers['x-redmine-api-key'] === 'key-1' ? null : { status: 401 }),
  );

  return {
    provider: 'redmine',
    url: server.url,
    credentials: { kind: 'token', token: 'key-1', email: null },
    wrongCredentials: { kind: 'token', token: 'expired', email: null },
    issueKey: '1',
    missingKey: '4711',
    bob: { externalId: '6', externalName: 'bob', email: 'bob@acme.io' },
    carol: { externalId: '7', externalName: 'carol', email: 'carol@acme.io' },
    stranger: { externalId: '4711', externalName: 'nobody' },
    login: 'bob',
    self: { externalId: '99' },
    look: async () => ({
      assigneeIds: assigneeId === null ? [] : [String(assigneeId)],
      status: statusId === 5 ? 'closed' : 'open',
    }),
    assignByHand: async (people) => {
      assigneeId = people[0] === undefined ? null : Number(people[0].externalId);
      lockVersion += 1;
    },
    comparesRevisions: true,
    stop: server.stop,
  };
}
