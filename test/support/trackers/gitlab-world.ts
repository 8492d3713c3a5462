import { startDouble } from './double-server.ts';
import type { CreatedIssue, TrackerWorld } from './tracker-world.ts';

const accounts = [
  { id: 18, username: 'bob', name: 'Bob', state: 'active', public_email: 'bob@acme.io' },
  { id: 24, username: 'carol', name: 'Carol', state: 'active', public_email: 'carol@acme.io' },
  { id: 31, username: 'bobby', name: 'bob@acme.io', state: 'active', public_email: null },
];

/** GitLab's REST API v4 as it is documented: issue, edit issue, users. */
export async function startGitLabWorld(): Promise<TrackerWorld> {
  let assigneeIds: readonly number[] = [];
  let state = 'opened';
  let updatedMs = Date.parse('2026-11-21T10:00:00.000Z');
  const created: CreatedIssue[] = [];
  const notFound = { status: 404, body: { message: '404 Not found' } };

  const issue = () => ({
    id: 7601,
    iid: 4,
    project_id: 42,
    state,
    assignees: assigneeIds.map((id) => {
      const { public_email: _hidden, ...account } = accounts.find((one) => one.id === id)!;
      return account;
    }),
    updated_at: new Date(updatedMs).toISOString(),
    moved_to_id: null,
    references: { short: '#4', relative: '#4', full: 'acme/tools/shop#4' },
  });

  const server = await startDouble(
    [
      [
        'GET',
        /^\/api\/v4\/projects\/([^/]+)\/issues\/(\d+)$/,
        ({ captured: [project, iid] }) =>
          project === 'acme/tools/shop' && iid === '4' ? { status: 200, body: issue() } : notFound,
      ],
      [
        'POST',
        /^\/api\/v4\/projects\/([^/]+)\/issues$/,
        ({ captured: [project], body }) => {
          if (project !== 'acme/tools/shop') {
            return { status: 404, body: { message: '404 Project Not Found' } };
          }
          const { title, description } = body as { title: string; description: string };
          const iid = 900 + created.length;
          const key = `acme/tools/shop#${iid}`;
          created.push({ key, title, description });
          return {
            status: 201,
            body: { ...issue(), id: 7700 + iid, iid, references: { full: key } },
          };
        },
      ],
      [
        'PUT',
        /^\/api\/v4\/projects\/([^/]+)\/issues\/4$/,
        ({ captured: [project], body }) => {
          if (project !== 'acme/tools/shop') {
            return notFound;
          }
          const edit = body as { assignee_ids?: number[]; state_event?: string };
          // People who are no members are left out without a word.
          assigneeIds =
            edit.assignee_ids?.filter((id) => accounts.some((one) => one.id === id)) ?? assigneeIds;
          state = { close: 'closed', reopen: 'opened' }[edit.state_event ?? ''] ?? state;
          updatedMs += 1_000;
          return { status: 200, body: issue() };
        },
      ],
      [
        'GET',
        /^\/api\/v4\/users$/,
        ({ query }) => {
          const username = query.get('username');
          const search = query.get('search');
          const found = accounts.filter((one) =>
            username === null
              ? one.public_email === search || one.name === search
              : one.username === username,
          );
          return { status: 200, body: found };
        },
      ],
      ['GET', /^\/api\/v4\/user$/, () => ({ status: 200, body: { id: 99, username: 'baton' } })],
    ],
    ({ headers }) =>
      headers['private-token'] === 'glpat-1'
        ? null
        : { status: 401, body: { message: '401 Unauthorized' } },
  );

  return {
    provider: 'gitlab',
    url: server.url,
    credentials: { kind: 'token', token: 'glpat-1', email: null },
    wrongCredentials: { kind: 'token', token: 'expired', email: null },
    issueKey: 'acme/tools/shop#4',
    missingKey: 'acme/tools/shop#4711',
    bob: { externalId: '18', externalName: 'bob', email: 'bob@acme.io' },
    carol: { externalId: '24', externalName: 'carol', email: 'carol@acme.io' },
    stranger: { externalId: '4711', externalName: 'nobody' },
    login: 'bob',
    self: { externalId: '99' },
    look: async () => ({
      assigneeIds: assigneeIds.map(String),
      state,
    }),
    states: [
      { name: 'opened', status: 'open' },
      { name: 'closed', status: 'closed' },
      // The API documents no third one.
      { name: 'locked', status: null },
    ],
    closesTo: 'closed',
    reopensTo: 'opened',
    moveByHand: async (name) => {
      state = name;
      updatedMs += 1_000;
    },
    workflowReads: () => 0,
    assignByHand: async (people) => {
      assigneeIds = people.map(({ externalId }) => Number(externalId));
      updatedMs += 1_000;
    },
    container: 'acme/tools/shop',
    missingContainer: 'acme/gone',
    kind: '',
    created: async () => created,
    comparesRevisions: false,
    stop: server.stop,
  };
}
