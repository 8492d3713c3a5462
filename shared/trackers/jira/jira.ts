import { isDigits } from '../../domain/digits.ts';
import { namelessProblem } from '../../domain/sync/external-account.ts';
import type { ExternalIssue } from '../../domain/sync/external-issue.ts';
import { normalizeKey } from '../../domain/sync/external-key.ts';
import type { TrackerReply } from '../../domain/sync/failure.ts';
import { chooseState, type WorkflowState } from '../../domain/sync/workflow.ts';
import { basicOf, bearerOf, type Credentials } from '../credentials.ts';
import { apiRoot, createTrackerHttp, unreadable } from '../http.ts';
import { at, idAt, listAt, textAt } from '../json.ts';
import { onlyPerson, rowsOf } from '../lookup.ts';
import { parseProviderTime } from '../provider-time.ts';
import type { Tracker, TrackerOptions } from '../tracker.ts';
import { jiraDocument, jiraPerson, statusOf } from './jira-fields.ts';

const LABEL = 'Jira';

/** Issues have keys like `SHOP-12`. `baseUrl` is the site, or Atlassian's gateway to it. */
export function createJira(options: TrackerOptions): Tracker {
  const send = createTrackerHttp({
    label: LABEL,
    root: apiRoot(options.baseUrl, '/rest/api/3'),
    headers: () => ({ authorization: authorizationOf(options.credentials) }),
    fetch: options.fetch,
    now: options.now,
  });

  async function getIssue(key: string): Promise<TrackerReply<ExternalIssue>> {
    const named = normalizeKey('jira', key);
    if (named === null) {
      return {
        ok: false,
        failure: { kind: 'broken', reason: `${key} is not an issue key like SHOP-12.` },
      };
    }
    // The old key of a moved issue still works; the answer holds the new one.
    const reply = await send({ path: `${issuePath(named)}?fields=assignee,status,updated` });
    if (!reply.ok) {
      return reply;
    }
    const issue = readIssue(reply.value.body);
    return issue === null ? unreadable(LABEL) : { ok: true, value: issue };
  }

  return {
    provider: 'jira',
    getIssue,

    async createIssue({ container, title, description, kind }) {
      const fields = {
        project: isDigits(container) ? { id: container } : { key: container.toUpperCase() },
        issuetype: isDigits(kind) ? { id: kind } : { name: kind },
        summary: title,
        ...(description === '' ? {} : { description: jiraDocument(description) }),
      };
      const reply = await send({ method: 'POST', path: '/issue', body: { fields } });
      if (!reply.ok) {
        return reply;
      }
      const key = textAt(reply.value.body, 'key');
      return key === null ? unreadable(LABEL) : { ok: true, value: key };
    },

    async setAssignees(issue, { add, remove }) {
      if (add.length === 0 && remove.length === 0) {
        return { ok: true, value: issue };
      }
      const reason = namelessProblem('jira', add);
      if (reason !== null) {
        return { ok: false, failure: { kind: 'rejected', reason } };
      }
      // null unassigns. Without the id, or with "-1", Jira would assign the project's default
      // assignee.
      const reply = await send({
        method: 'PUT',
        path: `${issuePath(issue.key)}/assignee`,
        body: { accountId: add[0]?.externalId ?? null },
      });
      return reply.ok ? await getIssue(issue.key) : reply;
    },

    async setStatus(issue, status) {
      const path = `${issuePath(issue.key)}/transitions`;
      const offered = await send({ path });
      if (!offered.ok) {
        return offered;
      }
      const steps = listAt(offered.value.body, 'transitions').flatMap(stepIn);
      const transition = chooseState(steps, status);
      if (transition === undefined) {
        const reason = `The workflow of ${issue.key} has no step to a status that is ${status}.`;
        return { ok: false, failure: { kind: 'rejected', reason } };
      }
      const reply = await send({
        method: 'POST',
        path,
        body: { transition: { id: transition.id } },
      });
      return reply.ok ? await getIssue(issue.key) : reply;
    },

    async findUser({ value, issueKey }) {
      const search = new URLSearchParams({ issueKey, query: value.replace(/^@/, '') });
      const reply = await send({ path: `/user/assignable/search?${search}` });
      // Jira has no logins, and a search with one result may have found another person (most people
      // hide their address): only an exact address counts.
      return onlyPerson(reply, (body) =>
        rowsOf(body)
          .map(jiraPerson)
          .filter((one) => one?.email?.toLowerCase() === value.toLowerCase()),
      );
    },

    async whoAmI() {
      const reply = await send({ path: '/myself' });
      if (!reply.ok) {
        return reply;
      }
      const person = jiraPerson(reply.value.body);
      return person === null ? unreadable(LABEL) : { ok: true, value: person };
    },
  };
}

type Step = WorkflowState & { readonly id: string };

/** A transition that we may make, with the state that it leads to. */
function stepIn(transition: unknown): Step[] {
  const id = idAt(transition, 'id');
  const to = at(transition, 'to');
  if (id === null) {
    return [];
  }
  return [{ id, name: textAt(to, 'name') ?? '', status: statusOf(to), preference: 1 }];
}

function readIssue(body: unknown): ExternalIssue | null {
  const key = textAt(body, 'key');
  const stableId = idAt(body, 'id');
  const status = statusOf(at(body, 'fields', 'status'));
  if (key === null || stableId === null) {
    return null;
  }
  const assignee = jiraPerson(at(body, 'fields', 'assignee'));
  return {
    key,
    stableId,
    assignees: assignee === null ? [] : [assignee],
    status,
    externalVersion: { atMs: parseProviderTime(textAt(body, 'fields', 'updated')), rev: null },
    lock: null,
  };
}

function authorizationOf(credentials: Credentials): string {
  if (credentials.kind === 'app') {
    return '';
  }
  return credentials.kind === 'token' && credentials.email !== null
    ? basicOf(credentials.email, credentials.token)
    : bearerOf(credentials);
}

function issuePath(key: string): string {
  return `/issue/${encodeURIComponent(key)}`;
}
