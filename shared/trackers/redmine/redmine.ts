import { namelessProblem } from '../../domain/sync/external-account.ts';
import type { ExternalIssue } from '../../domain/sync/external-issue.ts';
import { comparableName } from '../../domain/sync/external-issue.ts';
import { normalizeKey } from '../../domain/sync/external-key.ts';
import type { TrackerReply } from '../../domain/sync/failure.ts';
import { chooseState, type WorkflowState } from '../../domain/sync/workflow.ts';
import { bearerOf, type Credentials } from '../credentials.ts';
import { apiRoot, createTrackerHttp, unreadable } from '../http.ts';
import { at, idAt, integerAt, listAt, textAt } from '../json.ts';
import { onlyPerson } from '../lookup.ts';
import { parseProviderTime } from '../provider-time.ts';
import type { Tracker, TrackerOptions } from '../tracker.ts';
import { createWorkflowLookup } from '../workflow-lookup.ts';
import { redminePerson } from './redmine-people.ts';

const LABEL = 'Redmine';

/** A status of this Redmine; its trackers' workflows each allow some of them. */
type Status = WorkflowState & { readonly id: number };

/** Issues have numbers as keys. `baseUrl` is the root of Redmine. */
export function createRedmine(options: TrackerOptions): Tracker {
  const send = createTrackerHttp({
    label: LABEL,
    root: apiRoot(options.baseUrl),
    headers: () => signedIn(options.credentials),
    fetch: options.fetch,
    now: options.now,
  });
  const lookup = createWorkflowLookup<Status>({
    size: 1,
    now: options.now,
    async ask(path) {
      const reply = await send({ path });
      return reply.ok
        ? { ok: true, value: listAt(reply.value.body, 'issue_statuses').flatMap(statusIn) }
        : reply;
    },
  });
  const listStatuses = (statusId: number) =>
    lookup('/issue_statuses.json', ({ id }) => id === statusId);

  /**
   * Since version 5 an issue says whether its status is closed; for older versions the list of
   * statuses is read.
   */
  async function statusOf(status: unknown, id: number): Promise<TrackerReply<Status['status']>> {
    const [learned] = statusIn(status);
    if (learned !== undefined && learned.status !== null) {
      return { ok: true, value: learned.status };
    }
    const known = await listStatuses(id);
    return known.ok
      ? { ok: true, value: known.value.find((one) => one.id === id)?.status ?? null }
      : known;
  }

  /**
   * The statuses that the workflow allows us, which Redmine lists since version 5. It silently
   * ignores any other one.
   */
  async function statusesFor(key: string): Promise<TrackerReply<readonly Status[]>> {
    const reply = await send({ path: `/issues/${key}.json?include=allowed_statuses` });
    if (!reply.ok) {
      return reply;
    }
    const issue = at(reply.value.body, 'issue');
    const allowed = listAt(issue, 'allowed_statuses').flatMap(statusIn);
    return allowed.length > 0
      ? { ok: true, value: allowed }
      : await listStatuses(integerAt(issue, 'status', 'id') ?? 0);
  }

  async function getIssue(key: string): Promise<TrackerReply<ExternalIssue>> {
    const number = normalizeKey('redmine', key);
    if (number === null) {
      return {
        ok: false,
        failure: { kind: 'broken', reason: `${key} is not the number of an issue.` },
      };
    }
    const reply = await send({ path: `/issues/${number}.json` });
    return reply.ok ? await readIssue(at(reply.value.body, 'issue')) : reply;
  }

  async function readIssue(issue: unknown): Promise<TrackerReply<ExternalIssue>> {
    const id = idAt(issue, 'id');
    const statusId = integerAt(issue, 'status', 'id');
    if (id === null || statusId === null) {
      return unreadable(LABEL);
    }
    const status = await statusOf(at(issue, 'status'), statusId);
    if (!status.ok) {
      return status;
    }
    const assignee = redminePerson(at(issue, 'assigned_to'));
    const lock = integerAt(issue, 'lock_version');
    return {
      ok: true,
      value: {
        key: id,
        stableId: id,
        assignees: assignee === null ? [] : [assignee],
        status: status.value,
        externalVersion: { atMs: parseProviderTime(textAt(issue, 'updated_on')), rev: lock },
        lock,
      },
    };
  }

  /**
   * Writes, on the condition of the lock version if the issue has one, and reads the issue again.
   */
  async function put(
    issue: ExternalIssue,
    fields: Readonly<Record<string, unknown>>,
  ): Promise<TrackerReply<ExternalIssue>> {
    const reply = await send({
      method: 'PUT',
      path: `/issues/${issue.key}.json`,
      body: { issue: issue.lock === null ? fields : { ...fields, lock_version: issue.lock } },
    });
    const after = await getIssue(issue.key);
    if (reply.ok) {
      return after;
    }
    // 422 means an invalid person or a lost race; only the lock version of the issue tells which.
    const isRefused = reply.failure.kind === 'rejected' && after.ok && issue.lock !== null;
    const isLost = isRefused && after.value.lock !== issue.lock;
    return isLost ? { ok: false, failure: { ...reply.failure, kind: 'stale' } } : reply;
  }

  return {
    provider: 'redmine',
    getIssue,

    async createIssue({ container, title, description }) {
      const issue = { project_id: container, subject: title, description };
      const reply = await send({ method: 'POST', path: '/issues.json', body: { issue } });
      if (!reply.ok) {
        return reply;
      }
      const id = idAt(reply.value.body, 'issue', 'id');
      return id === null ? unreadable(LABEL) : { ok: true, value: id };
    },

    async setAssignees(issue, { add, remove }) {
      if (add.length === 0 && remove.length === 0) {
        return { ok: true, value: issue };
      }
      const reason = namelessProblem('redmine', add);
      if (reason !== null) {
        return { ok: false, failure: { kind: 'rejected', reason } };
      }
      const assignee = add[0];
      return await put(issue, {
        assigned_to_id: assignee === undefined ? '' : Number(assignee.externalId),
      });
    },

    async setStatus(issue, status) {
      const offered = await statusesFor(issue.key);
      if (!offered.ok) {
        return offered;
      }
      const target = chooseState(offered.value, status);
      if (target === undefined) {
        const reason = `The workflow of ${issue.key} has no step to a status that is ${status}.`;
        return { ok: false, failure: { kind: 'rejected', reason } };
      }
      return await put(issue, { status_id: target.id });
    },

    async findUser({ by, value }) {
      const wanted = comparableName(value);
      const query = new URLSearchParams({ name: wanted });
      const reply = await send({ path: `/users.json?${query}` });
      const field = by === 'email' ? 'mail' : 'login';
      return onlyPerson(reply, (body) =>
        listAt(body, 'users')
          .filter((one) => textAt(one, field)?.toLowerCase() === wanted)
          .map(redminePerson),
      );
    },

    async whoAmI() {
      const reply = await send({ path: '/users/current.json' });
      if (!reply.ok) {
        return reply;
      }
      const person = redminePerson(at(reply.value.body, 'user'));
      return person === null ? unreadable(LABEL) : { ok: true, value: person };
    },
  };
}

function statusIn(entry: unknown): Status[] {
  const id = integerAt(entry, 'id');
  const isClosed = at(entry, 'is_closed');
  if (id === null) {
    return [];
  }
  const status = typeof isClosed === 'boolean' ? (isClosed ? 'closed' : 'open') : null;
  return [{ id, name: textAt(entry, 'name') ?? '', status, preference: 1 }];
}

function signedIn(credentials: Credentials): Record<string, string> {
  if (credentials.kind === 'app') {
    return {};
  }
  return credentials.kind === 'token'
    ? { 'x-redmine-api-key': credentials.token }
    : { authorization: bearerOf(credentials) };
}
