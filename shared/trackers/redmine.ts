import type { ExternalIssue } from '../domain/sync/external-issue.ts';
import { comparableName } from '../domain/sync/external-issue.ts';
import type { TrackerReply } from '../domain/sync/failure.ts';
import { bearerOf, type Credentials } from './credentials.ts';
import { apiRoot, createTrackerHttp, unreadable } from './http.ts';
import { at, idAt, integerAt, listAt, textAt } from './json.ts';
import { onlyPerson } from './lookup.ts';
import { parseProviderTime } from './provider-time.ts';
import { redminePerson } from './redmine-people.ts';
import type { Tracker, TrackerOptions } from './tracker.ts';

const label = 'Redmine';

type Status = { readonly id: number; readonly name: string; readonly closed: boolean };

/** Issues are keyed by their number. `baseUrl` is where Redmine is mounted. */
export function createRedmine(options: TrackerOptions): Tracker {
  const send = createTrackerHttp({
    label,
    root: apiRoot(options.baseUrl),
    headers: () => signedIn(options.credentials),
    fetch: options.fetch,
    now: options.now,
  });
  let statuses: readonly Status[] | undefined;

  /** An issue names its status without saying whether that one is closed. */
  async function listStatuses(): Promise<TrackerReply<readonly Status[]>> {
    if (statuses !== undefined) {
      return { ok: true, value: statuses };
    }
    const reply = await send({ path: '/issue_statuses.json' });
    if (!reply.ok) {
      return reply;
    }
    statuses = listAt(reply.value.body, 'issue_statuses').flatMap((one) => {
      const id = integerAt(one, 'id');
      const name = textAt(one, 'name') ?? '';
      return id === null ? [] : [{ id, name, closed: at(one, 'is_closed') === true }];
    });
    return { ok: true, value: statuses };
  }

  async function getIssue(key: string): Promise<TrackerReply<ExternalIssue>> {
    if (!/^\d{1,12}$/.test(key)) {
      return { ok: false, failure: { kind: 'broken', reason: `${key} is no issue's number.` } };
    }
    const reply = await send({ path: `/issues/${key}.json` });
    if (!reply.ok) {
      return reply;
    }
    const issue = at(reply.value.body, 'issue');
    const id = idAt(issue, 'id');
    const statusId = integerAt(issue, 'status', 'id');
    if (id === null || statusId === null) {
      return unreadable(label);
    }
    const known = await listStatuses();
    if (!known.ok) {
      return known;
    }
    const closed = known.value.some((one) => one.id === statusId && one.closed);
    const assignee = redminePerson(at(issue, 'assigned_to'));
    const lock = integerAt(issue, 'lock_version');
    return {
      ok: true,
      value: {
        key: id,
        stableId: id,
        assignees: assignee === null ? [] : [assignee],
        status: closed ? 'closed' : 'open',
        mark: { atMs: parseProviderTime(textAt(issue, 'updated_on')), rev: lock },
        lock,
      },
    };
  }

  /** Writes, conditionally where the answer to the read held a lock version, and reads again. */
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
    if (reply.ok || reply.failure.kind !== 'rejected' || !after.ok) {
      return reply.ok ? after : reply;
    }
    // 422 stands for an invalid person and for a lost race alike; only the issue tells which.
    const raced = issue.lock !== null && after.value.lock !== issue.lock;
    return raced ? { ok: false, failure: { ...reply.failure, kind: 'stale' } } : reply;
  }

  return {
    provider: 'redmine',
    getIssue,

    async setAssignees(issue, { add, remove }) {
      if (add.length === 0 && remove.length === 0) {
        return { ok: true, value: issue };
      }
      const assignee = add[0];
      return await put(issue, {
        assigned_to_id: assignee === undefined ? '' : Number(assignee.externalId),
      });
    },

    async setStatus(issue, status) {
      const known = await listStatuses();
      if (!known.ok) {
        return known;
      }
      const target = known.value.find(({ closed }) => closed === (status === 'closed'));
      if (target === undefined) {
        const reason = `There is no status that is ${status}.`;
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
      return person === null ? unreadable(label) : { ok: true, value: person };
    },
  };
}

function signedIn(credentials: Credentials): Record<string, string> {
  if (credentials.kind === 'app') {
    return {};
  }
  return credentials.kind === 'token'
    ? { 'x-redmine-api-key': credentials.token }
    : { authorization: bearerOf(credentials) };
}
