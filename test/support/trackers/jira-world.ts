import { type DoubleAnswer, startDouble } from './double-server.ts';
import type { CreatedIssue, TrackerWorld } from './tracker-world.ts';

const accounts = [
  { accountId: '5b10a2844c20165700ede21g', displayName: 'Bob', emailAddress: 'bob@acme.io' },
  { accountId: '5b10ac8d82e05b22cc7d4ef5', displayName: 'Carol', emailAddress: 'carol@acme.io' },
  // Most accounts hide their address; a search still finds them by it.
  { accountId: '5b109f2e9729b51b54dc274d', displayName: 'Bob' },
];

const categories = {
  undefined: { id: 1, key: 'undefined', name: 'No Category' },
  new: { id: 2, key: 'new', name: 'To Do' },
  done: { id: 3, key: 'done', name: 'Done' },
  indeterminate: { id: 4, key: 'indeterminate', name: 'In Progress' },
};

/** A workflow whose names say the opposite of their categories, as teams name them. */
const statuses = [
  { id: '10000', name: 'To Do', statusCategory: categories.new },
  { id: '10001', name: 'Resolved', statusCategory: categories.indeterminate },
  { id: '10002', name: 'Unsorted', statusCategory: categories.undefined },
  { id: '10003', name: 'Released', statusCategory: categories.done },
  { id: '10004', name: 'Open', statusCategory: categories.done },
];

type Document = { content: { content: { text: string }[] }[] };
type NewFields = {
  project: { key: string };
  issuetype: { name: string };
  summary: string;
  description?: Document;
};

function textIn(document: Document | undefined): string {
  const lines = document?.content.map(({ content }) => content.map(({ text }) => text).join(''));
  return lines?.join('\n') ?? '';
}

/**
 * Jira Cloud's REST API v3 as Atlassian documents it: issue, assignee, transitions, user search.
 */
export async function startJiraWorld(): Promise<TrackerWorld> {
  let assigneeId: string | null = null;
  let status = 'To Do';
  let updatedMs = Date.parse('2026-11-21T10:00:00.000Z');
  const created: CreatedIssue[] = [];
  const accountOf = (id: string | null) =>
    accounts.find(({ accountId }) => accountId === id) ?? null;
  const touch = () => {
    updatedMs += 1_000;
  };
  const missing: DoubleAnswer = {
    status: 404,
    body: {
      errorMessages: ['Issue does not exist or you do not have permission to see it.'],
      errors: {},
    },
  };
  const isHere = (key: string | undefined) => key === 'SHOP-12' || key === 'OLD-3';
  const authorization = `Basic ${Buffer.from('sync@acme.io:api-token').toString('base64')}`;

  const server = await startDouble(
    [
      [
        'GET',
        /^\/rest\/api\/3\/issue\/([^/]+)$/,
        ({ captured }) =>
          isHere(captured[0])
            ? {
                status: 200,
                body: {
                  id: '10002',
                  key: 'SHOP-12',
                  fields: {
                    assignee: accountOf(assigneeId),
                    status: statuses.find(({ name }) => name === status),
                    updated: new Date(updatedMs).toISOString().replace('Z', '+0000'),
                  },
                },
              }
            : missing,
      ],
      [
        'POST',
        /^\/rest\/api\/3\/issue$/,
        ({ body }) => {
          const { project, issuetype, summary, description } = (body as { fields: NewFields })
            .fields;
          const errors = {
            ...(project.key === 'SHOP' ? {} : { project: 'valid project is required' }),
            ...(issuetype.name === 'Task' ? {} : { issuetype: 'Specify a valid issue type' }),
          };
          if (Object.keys(errors).length > 0) {
            return { status: 400, body: { errorMessages: [], errors } };
          }
          const key = `SHOP-${900 + created.length}`;
          created.push({ key, title: summary, description: textIn(description) });
          return { status: 201, body: { id: `109${created.length}`, key, self: key } };
        },
      ],
      [
        'PUT',
        /^\/rest\/api\/3\/issue\/([^/]+)\/assignee$/,
        ({ captured, body }) => {
          if (!isHere(captured[0])) {
            return missing;
          }
          const { accountId } = body as { accountId: string | null };
          if (accountId !== null && accountOf(accountId) === null) {
            const message = `User '${accountId}' cannot be assigned issues.`;
            return { status: 400, body: { errorMessages: [], errors: { assignee: message } } };
          }
          assigneeId = accountId;
          touch();
          return { status: 204 };
        },
      ],
      [
        'GET',
        /^\/rest\/api\/3\/issue\/SHOP-12\/transitions$/,
        () => ({
          status: 200,
          body: {
            transitions: statuses.map((to, index) => ({
              id: String(index + 11),
              name: `Move to ${to.name}`,
              to,
            })),
          },
        }),
      ],
      [
        'POST',
        /^\/rest\/api\/3\/issue\/SHOP-12\/transitions$/,
        ({ body }) => {
          const { transition } = body as { transition: { id: string } };
          const target = statuses[Number(transition.id) - 11];
          if (target === undefined) {
            return { status: 400, body: { errorMessages: ['No step'] } };
          }
          status = target.name;
          touch();
          return { status: 204 };
        },
      ],
      [
        'GET',
        /^\/rest\/api\/3\/user\/assignable\/search$/,
        ({ query }) => {
          const asked = query.get('query')?.toLowerCase() ?? '';
          const found = accounts.filter(
            (one) => `${one.displayName}@acme.io`.toLowerCase() === asked,
          );
          return query.get('issueKey') === 'SHOP-12' ? { status: 200, body: found } : missing;
        },
      ],
      [
        'GET',
        /^\/rest\/api\/3\/myself$/,
        () => ({ status: 200, body: { accountId: 'self-1', displayName: 'Baton' } }),
      ],
    ],
    ({ headers }) =>
      headers.authorization === authorization
        ? null
        : {
            status: 401,
            body: { message: 'Client must be authenticated to access this resource.' },
          },
  );

  const person = (index: 0 | 1) => {
    const { accountId, displayName, emailAddress = '' } = accounts[index] ?? accounts[0]!;
    return { externalId: accountId, externalName: displayName, email: emailAddress };
  };
  return {
    provider: 'jira',
    url: server.url,
    credentials: { kind: 'token', token: 'api-token', email: 'sync@acme.io' },
    wrongCredentials: { kind: 'token', token: 'expired', email: 'sync@acme.io' },
    issueKey: 'SHOP-12',
    missingKey: 'SHOP-4711',
    bob: person(0),
    carol: person(1),
    stranger: { externalId: 'nobody', externalName: 'Nobody' },
    login: null,
    self: { externalId: 'self-1' },
    look: async () => ({ assigneeIds: assigneeId === null ? [] : [assigneeId], state: status }),
    states: [
      { name: 'To Do', status: 'open' },
      { name: 'Resolved', status: 'open' },
      { name: 'Unsorted', status: null },
      { name: 'Released', status: 'closed' },
      { name: 'Open', status: 'closed' },
    ],
    closesTo: 'Released',
    reopensTo: 'To Do',
    moveByHand: async (name) => {
      status = name;
      touch();
    },
    workflowReads: () => 0,
    assignByHand: async (people) => {
      assigneeId = people[0]?.externalId ?? null;
      touch();
    },
    container: 'SHOP',
    missingContainer: 'GONE',
    kind: 'Task',
    created: async () => created,
    comparesRevisions: false,
    stop: server.stop,
  };
}
