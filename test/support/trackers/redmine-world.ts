import { startDouble } from './double-server.ts';
import type { CreatedIssue, TrackerWorld } from './tracker-world.ts';

const accounts = [
  { id: 6, login: 'bob', firstname: 'Bob', lastname: 'Builder', mail: 'bob@acme.io' },
  { id: 7, login: 'carol', firstname: 'Carol', lastname: 'Coder', mail: 'carol@acme.io' },
];

/** As Redmine's default configuration has them: what is resolved is not closed. */
const statuses = [
  { id: 1, name: 'New', is_closed: false },
  { id: 3, name: 'Resolved', is_closed: false },
  { id: 5, name: 'Closed', is_closed: true },
  { id: 6, name: 'Rejected', is_closed: true },
];

type NewFields = { project_id: string; subject: string; description: string };

/**
 * Redmine's REST API, with `lock_version` in its answers, without which nobody can compare. Since
 * version 5 it says of an issue whether its status is closed, and into which ones its workflow lets
 * it go; here nothing goes to `Closed`.
 */
export async function startRedmineWorld(version: 4 | 5 = 5): Promise<TrackerWorld> {
  const allowed = statuses.filter(({ name }) => version === 4 || name !== 'Closed');
  let workflowReads = 0;
  let assigneeId: number | null = null;
  let statusId = 1;
  let lockVersion = 2;

  /** A status that was deleted from the table behind Redmine's back is only a name. */
  const statusOf = (id: number) => {
    const status = statuses.find((one) => one.id === id);
    if (status === undefined) {
      return { id, name: 'Ghost' };
    }
    return version === 4 ? { id, name: status.name } : status;
  };

  const issue = (include: string | null) => {
    const account = accounts.find(({ id }) => id === assigneeId);
    return {
      id: 1,
      project: { id: 1, name: 'Shop' },
      status: statusOf(statusId),
      ...(account === undefined
        ? {}
        : { assigned_to: { id: account.id, name: `${account.firstname} ${account.lastname}` } }),
      updated_on: `2026-11-21T10:00:${String(lockVersion).padStart(2, '0')}Z`,
      lock_version: lockVersion,
      ...(version === 5 && include === 'allowed_statuses' ? { allowed_statuses: allowed } : {}),
    };
  };

  const created: CreatedIssue[] = [];
  const server = await startDouble(
    [
      [
        'GET',
        /^\/issues\/(\d+)\.json$/,
        ({ captured: [id], query }) =>
          id === '1'
            ? { status: 200, body: { issue: issue(query.get('include')) } }
            : { status: 404 },
      ],
      [
        'POST',
        /^\/issues\.json$/,
        ({ body }) => {
          const { project_id, subject, description } = (body as { issue: NewFields }).issue;
          if (project_id !== 'shop') {
            return { status: 404 };
          }
          const id = 900 + created.length;
          created.push({ key: String(id), title: subject, description });
          return { status: 201, body: { issue: { ...issue(null), id } } };
        },
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
          // What the workflow does not allow is left out without a word.
          statusId = allowed.find(({ id }) => id === edit.status_id)?.id ?? statusId;
          lockVersion += 1;
          return { status: 204 };
        },
      ],
      [
        'GET',
        /^\/issue_statuses\.json$/,
        () => {
          workflowReads += 1;
          return { status: 200, body: { issue_statuses: statuses } };
        },
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
      state: statusOf(statusId).name,
    }),
    states: [
      { name: 'New', status: 'open' },
      { name: 'Resolved', status: 'open' },
      { name: 'Closed', status: 'closed' },
      { name: 'Rejected', status: 'closed' },
      { name: 'Ghost', status: null },
    ],
    closesTo: version === 4 ? 'Closed' : 'Rejected',
    reopensTo: 'New',
    moveByHand: async (name) => {
      statusId = statuses.find((one) => one.name === name)?.id ?? 99;
      lockVersion += 1;
    },
    workflowReads: () => workflowReads,
    assignByHand: async (people) => {
      assigneeId = people[0] === undefined ? null : Number(people[0].externalId);
      lockVersion += 1;
    },
    container: 'shop',
    missingContainer: 'gone',
    kind: '',
    created: async () => created,
    comparesRevisions: true,
    stop: server.stop,
  };
}
