import type { ExternalIssue } from '../../domain/sync/external-issue.ts';
import { comparableName } from '../../domain/sync/external-issue.ts';
import { normalizeKey } from '../../domain/sync/external-key.ts';
import type { TrackerReply } from '../../domain/sync/failure.ts';
import { chooseState } from '../../domain/sync/workflow.ts';
import { basicOf, bearerOf, type Credentials } from '../credentials.ts';
import { apiRoot, createTrackerHttp, unreadable } from '../http.ts';
import { at, idAt, integerAt, listAt, textAt } from '../json.ts';
import { onlyPerson } from '../lookup.ts';
import { parseProviderTime } from '../provider-time.ts';
import type { Tracker, TrackerOptions } from '../tracker.ts';
import { azurePerson, directoryPerson, uniqueNameOf } from './azure-people.ts';
import { createAzureWorkflow } from './azure-workflow.ts';

const LABEL = 'Azure DevOps';
const VERSION = 'api-version=7.1';

/** The hosts of the directory API, by the host of the organization. */
const identityHost: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({ 'dev.azure.com': 'vssps.dev.azure.com' }),
);

type WorkItem = {
  readonly issue: ExternalIssue;
  readonly project: string;
  readonly type: string;
  readonly state: string;
};

/**
 * Work items are keyed by their number. `baseUrl` is the organization:
 * `https://dev.azure.com/acme`.
 */
export function createAzure(options: TrackerOptions): Tracker {
  const root = apiRoot(options.baseUrl);
  const send = sender(root);
  const sendToDirectory = sender(directoryRoot(root));
  const statesOf = createAzureWorkflow({ send, apiVersion: VERSION, now: options.now });

  function sender(base: string) {
    return createTrackerHttp({
      label: LABEL,
      root: base,
      headers: () => ({ authorization: authorizationOf(options.credentials) }),
      fetch: options.fetch,
      now: options.now,
      // A rejected token is answered with HTML, or with a redirect to the sign-in page.
      signInStatuses: [203, 302],
    });
  }

  async function readWorkItem(body: unknown): Promise<TrackerReply<WorkItem>> {
    const id = idAt(body, 'id');
    const rev = integerAt(body, 'rev');
    const fields = at(body, 'fields');
    const project = textAt(fields, 'System.TeamProject');
    const type = textAt(fields, 'System.WorkItemType');
    const state = textAt(fields, 'System.State');
    if (id === null || rev === null || project === null || type === null || state === null) {
      return unreadable(LABEL);
    }
    const states = await statesOf({ project, type, state });
    if (!states.ok) {
      return states;
    }
    const assignee = azurePerson(at(fields, 'System.AssignedTo'));
    const issue: ExternalIssue = {
      key: id,
      stableId: id,
      assignees: assignee === null ? [] : [assignee],
      status: states.value.find(({ name }) => name === state)?.status ?? null,
      externalVersion: { atMs: parseProviderTime(textAt(fields, 'System.ChangedDate')), rev },
      lock: rev,
    };
    return { ok: true, value: { issue, project, type, state } };
  }

  async function getWorkItem(key: string): Promise<TrackerReply<WorkItem>> {
    const number = normalizeKey('azure', key);
    if (number === null) {
      return {
        ok: false,
        failure: { kind: 'broken', reason: `${key} is not the number of a work item.` },
      };
    }
    const reply = await send({ path: `/_apis/wit/workitems/${number}?${VERSION}` });
    return reply.ok ? await readWorkItem(reply.value.body) : reply;
  }

  /** A write that only succeeds on the revision that was read. */
  async function patch(
    issue: ExternalIssue,
    field: string,
    value: string,
  ): Promise<TrackerReply<ExternalIssue>> {
    const reply = await send({
      method: 'PATCH',
      path: `/_apis/wit/workitems/${issue.key}?${VERSION}`,
      contentType: 'application/json-patch+json',
      body: [
        { op: 'test', path: '/rev', value: issue.lock },
        { op: 'add', path: `/fields/${field}`, value },
      ],
    });
    if (!reply.ok) {
      // Some versions report a failed revision test as a 400 with this code in the message.
      const stale = reply.failure.kind === 'rejected' && reply.failure.reason.includes('TF26071');
      return stale ? { ok: false, failure: { ...reply.failure, kind: 'stale' } } : reply;
    }
    const item = await readWorkItem(reply.value.body);
    return item.ok ? { ok: true, value: item.value.issue } : item;
  }

  return {
    provider: 'azure',

    async getIssue(key) {
      const item = await getWorkItem(key);
      return item.ok ? { ok: true, value: item.value.issue } : item;
    },

    async createIssue({ container, title, description, kind }) {
      const type = encodeURIComponent(kind);
      const reply = await send({
        method: 'POST',
        path: `/${encodeURIComponent(container)}/_apis/wit/workitems/$${type}?${VERSION}`,
        contentType: 'application/json-patch+json',
        body: [
          { op: 'add', path: '/fields/System.Title', value: title },
          { op: 'add', path: '/fields/System.Description', value: htmlOf(description) },
        ],
      });
      if (!reply.ok) {
        return reply;
      }
      const id = idAt(reply.value.body, 'id');
      return id === null ? unreadable(LABEL) : { ok: true, value: id };
    },

    async setAssignees(issue, { add, remove }) {
      if (add.length === 0 && remove.length === 0) {
        return { ok: true, value: issue };
      }
      // The field holds a unique name; an empty text unassigns.
      return await patch(
        issue,
        'System.AssignedTo',
        add[0] === undefined ? '' : uniqueNameOf(add[0]),
      );
    },

    async setStatus(issue, status) {
      const item = await getWorkItem(issue.key);
      if (!item.ok) {
        return item;
      }
      const states = await statesOf(item.value);
      if (!states.ok) {
        return states;
      }
      const target = chooseState(states.value, status);
      if (target === undefined) {
        const reason = `A ${item.value.type} has no state that is ${status}.`;
        return { ok: false, failure: { kind: 'rejected', reason } };
      }
      return await patch(item.value.issue, 'System.State', target.name);
    },

    async findUser({ value }) {
      const wanted = comparableName(value);
      const query = new URLSearchParams({ searchFilter: 'General', filterValue: wanted });
      const reply = await sendToDirectory({ path: `/_apis/identities?${query}&${VERSION}` });
      return onlyPerson(reply, (body) =>
        listAt(body, 'value')
          .map(directoryPerson)
          .filter((one) =>
            [one?.externalName, one?.email].some((name) => comparableName(name ?? '') === wanted),
          ),
      );
    },

    async whoAmI() {
      const reply = await send({ path: '/_apis/connectionData' });
      if (!reply.ok) {
        return reply;
      }
      const user = at(reply.value.body, 'authenticatedUser');
      const externalId = textAt(user, 'id');
      return externalId === null
        ? unreadable(LABEL)
        : {
            ok: true,
            value: {
              externalId,
              externalName: textAt(user, 'properties', 'Account', '$value') ?? externalId,
            },
          };
    },
  };
}

/** The directory API has its own host in the cloud, and the same one on premises. */
function directoryRoot(root: string): string {
  const url = new URL(root);
  url.hostname = identityHost.get(url.hostname) ?? url.hostname;
  return apiRoot(url.href);
}

function authorizationOf(credentials: Credentials): string {
  if (credentials.kind === 'app') {
    return '';
  }
  return credentials.kind === 'token' ? basicOf('', credentials.token) : bearerOf(credentials);
}

/** Text as the field of a work item keeps it, which is HTML. */
function htmlOf(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/\r?\n/g, '<br>');
}
