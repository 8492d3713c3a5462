import { startDouble } from './double-server.ts';
import type { CreatedIssue, TrackerWorld } from './tracker-world.ts';

const identities = [
  { id: '21354f98-ab06-67d9-b974-5a54d992082e', name: 'bob@acme.io', displayName: 'Bob' },
  { id: '8c8c7d32-6b1b-47f4-b2e9-30b477b5ab3d', name: 'carol@acme.io', displayName: 'Carol' },
];

type Operation = { op: string; path: string; value?: unknown };

export type AzureState = {
  readonly name: string;
  readonly color: string;
  readonly category: 'Proposed' | 'InProgress' | 'Resolved' | 'Completed' | 'Removed';
};

/**
 * An inherited process whose own states are named as a team would, and not as their category is.
 */
const ownProcess: readonly AzureState[] = [
  { name: 'New', color: 'b2b2b2', category: 'Proposed' },
  { name: 'Done, to be triaged', color: 'b2b2b2', category: 'Proposed' },
  { name: 'Active', color: '007acc', category: 'InProgress' },
  { name: 'Closed beta', color: '007acc', category: 'InProgress' },
  { name: 'Resolved', color: 'ff9d00', category: 'Resolved' },
  { name: 'Shipped', color: '339933', category: 'Completed' },
  { name: 'Closed', color: '339933', category: 'Completed' },
  { name: 'Removed', color: 'ffffff', category: 'Removed' },
];

/** What a browser shows of a field that holds HTML. */
function plain(html: string): string {
  return html
    .replaceAll('<br>', '\n')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** Azure DevOps 7.1 as Microsoft documents it: work item, JSON patch, type states, identities. */
export async function startAzureWorld(
  states: readonly AzureState[] = ownProcess,
): Promise<TrackerWorld> {
  let workflowReads = 0;
  let assignee: string | null = null;
  let state = 'New';
  let rev = 3;
  const created: CreatedIssue[] = [];
  const identityOf = (name: string) => identities.find((one) => one.name === name);
  const reference = (name: string) => {
    const { id, displayName } = identityOf(name)!;
    return { displayName, id, uniqueName: name, descriptor: `aad.${id}` };
  };
  const workItem = () => ({
    id: 297,
    rev,
    fields: {
      'System.TeamProject': 'Shop',
      'System.WorkItemType': 'Bug',
      'System.State': state,
      'System.ChangedDate': `2026-11-21T10:00:${String(rev).padStart(2, '0')}.1234567Z`,
      ...(assignee === null ? {} : { 'System.AssignedTo': reference(assignee) }),
    },
  });
  const missing = {
    status: 404,
    body: {
      message:
        'TF401232: Work item 4711 does not exist, or you do not have permissions to read it.',
      typeKey: 'WorkItemUnauthorizedAccessException',
    },
  };

  function invalid(message: string) {
    return { status: 400, body: { message, typeKey: 'RuleValidationException' } };
  }

  /** Why a field does not take a value; undefined once it has it. */
  function set(field: string, value: string) {
    if (field === 'System.State') {
      if (!states.some(({ name }) => name === value)) {
        return invalid(
          `The field 'State' contains the value '${value}' that is not in the list of supported values.`,
        );
      }
      state = value;
      return undefined;
    }
    if (value !== '' && identityOf(value) === undefined) {
      return invalid(
        `The identity value '${value}' for field 'Assigned To' is an unknown identity.`,
      );
    }
    assignee = value === '' ? null : value;
    return undefined;
  }

  function apply(operations: readonly Operation[]) {
    const test = operations.find(({ op }) => op === 'test');
    if (test !== undefined && test.value !== rev) {
      const message =
        'TF26071: This work item has been changed by someone else since you opened it.';
      return { status: 412, body: { message, typeKey: 'WorkItemRevisionMismatchException' } };
    }
    for (const { path, value } of operations.filter(({ op }) => op === 'add')) {
      const refusal = set(path.replace('/fields/', ''), String(value));
      if (refusal !== undefined) {
        return refusal;
      }
    }
    rev += 1;
    return { status: 200, body: workItem() };
  }

  const authorization = `Basic ${Buffer.from(':pat-1').toString('base64')}`;
  const server = await startDouble(
    [
      [
        'GET',
        /^\/_apis\/wit\/workitems\/(\d+)$/,
        ({ captured: [id] }) => (id === '297' ? { status: 200, body: workItem() } : missing),
      ],
      [
        'POST',
        /^\/([^/]+)\/_apis\/wit\/workitems\/\$(.+)$/,
        ({ captured: [project, type], body, headers }) => {
          if (headers['content-type'] !== 'application/json-patch+json') {
            return { status: 415, body: { message: 'VSSValidation' } };
          }
          if (project !== 'Shop') {
            return { status: 404, body: { message: 'TF200016: There is no such project.' } };
          }
          if (type !== 'Bug') {
            return { status: 404, body: { message: 'VS402323: Work item type does not exist.' } };
          }
          const fields = new Map((body as Operation[]).map(({ path, value }) => [path, value]));
          const id = 900 + created.length;
          created.push({
            key: String(id),
            title: String(fields.get('/fields/System.Title')),
            description: plain(String(fields.get('/fields/System.Description'))),
          });
          return { status: 200, body: { ...workItem(), id } };
        },
      ],
      [
        'PATCH',
        /^\/_apis\/wit\/workitems\/297$/,
        ({ body, headers }) =>
          headers['content-type'] === 'application/json-patch+json'
            ? apply(body as Operation[])
            : { status: 415, body: { message: 'VSSValidation' } },
      ],
      [
        'GET',
        /^\/Shop\/_apis\/wit\/workitemtypes\/Bug\/states$/,
        () => {
          workflowReads += 1;
          return { status: 200, body: { count: states.length, value: states } };
        },
      ],
      [
        'GET',
        /^\/_apis\/identities$/,
        ({ query }) => ({
          status: 200,
          body: {
            value: identities
              .filter(({ name }) => name.startsWith(query.get('filterValue') ?? '-'))
              .map(({ id, name }) => ({
                id,
                properties: { Account: { $value: name }, Mail: { $value: name } },
              })),
          },
        }),
      ],
      [
        'GET',
        /^\/_apis\/connectionData$/,
        () => ({
          status: 200,
          body: {
            authenticatedUser: {
              id: 'self-1',
              properties: { Account: { $value: 'baton@acme.io' } },
            },
          },
        }),
      ],
    ],
    ({ headers }) =>
      headers.authorization === authorization
        ? null
        : { status: 203, body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } },
  );

  const person = (index: 0 | 1) => {
    const { id, name } = identities[index]!;
    return { externalId: id, externalName: name, email: name };
  };
  return {
    provider: 'azure',
    url: server.url,
    credentials: { kind: 'token', token: 'pat-1', email: null },
    wrongCredentials: { kind: 'token', token: 'expired', email: null },
    issueKey: '297',
    missingKey: '4711',
    bob: person(0),
    carol: person(1),
    stranger: { externalId: 'nobody', externalName: 'nobody@elsewhere.io' },
    login: 'bob@acme.io',
    self: { externalId: 'self-1' },
    look: async () => ({
      assigneeIds: assignee === null ? [] : [reference(assignee).id],
      state,
    }),
    states: [
      { name: 'New', status: 'open' },
      { name: 'Done, to be triaged', status: 'open' },
      { name: 'Active', status: 'open' },
      { name: 'Closed beta', status: 'open' },
      { name: 'Resolved', status: 'closed' },
      { name: 'Shipped', status: 'closed' },
      { name: 'Closed', status: 'closed' },
      { name: 'Removed', status: 'closed' },
      { name: 'Taken out of the process', status: null },
    ],
    closesTo: 'Shipped',
    reopensTo: 'Active',
    moveByHand: async (name) => {
      state = name;
      rev += 1;
    },
    workflowReads: () => workflowReads,
    assignByHand: async (people) => {
      assignee = people[0]?.externalName ?? null;
      rev += 1;
    },
    container: 'Shop',
    missingContainer: 'Gone',
    kind: 'Bug',
    created: async () => created,
    comparesRevisions: true,
    stop: server.stop,
  };
}
