import { namelessProblem } from '../../domain/sync/external-account.ts';
import type { ExternalIssue } from '../../domain/sync/external-issue.ts';
import { comparableName } from '../../domain/sync/external-issue.ts';
import { normalizeKey } from '../../domain/sync/external-key.ts';
import type { TrackerReply } from '../../domain/sync/failure.ts';
import { bearerOf, type Credentials } from '../credentials.ts';
import { apiRoot, createTrackerHttp, keyOf, unreadable } from '../http.ts';
import { idAt, integerAt, listAt, textAt } from '../json.ts';
import { onlyPerson, rowsOf } from '../lookup.ts';
import { parseProviderTime } from '../provider-time.ts';
import type { Tracker, TrackerOptions } from '../tracker.ts';
import { gitLabPerson } from './gitlab-people.ts';
import { gitLabStatus } from './gitlab-status.ts';

const LABEL = 'GitLab';

/** Issues are keyed `group/project#iid`, as GitLab writes them itself. */
export function createGitLab(options: TrackerOptions): Tracker {
  const send = createTrackerHttp({
    label: LABEL,
    root: apiRoot(options.baseUrl, '/api/v4'),
    headers: () => signedIn(options.credentials),
    fetch: options.fetch,
    now: options.now,
  });

  async function getIssue(key: string): Promise<TrackerReply<ExternalIssue>> {
    const path = issuePath(key);
    if (path === null) {
      return notAKey(key);
    }
    const reply = await send({ path });
    return reply.ok ? issueReply(reply.value.body) : reply;
  }

  async function put(key: string, body: unknown): Promise<TrackerReply<ExternalIssue>> {
    const path = issuePath(key);
    if (path === null) {
      return notAKey(key);
    }
    const reply = await send({ method: 'PUT', path, body });
    return reply.ok ? issueReply(reply.value.body) : reply;
  }

  return {
    provider: 'gitlab',
    getIssue,

    async createIssue({ container, title, description }) {
      const path = `/projects/${encodeURIComponent(container)}/issues`;
      const reply = await send({ method: 'POST', path, body: { title, description } });
      return reply.ok ? keyOf(issueReply(reply.value.body)) : reply;
    },

    async setAssignees(issue, { add, remove }) {
      const removed = new Set(remove.map(({ externalId }) => externalId));
      const kept = issue.assignees.filter(({ externalId }) => !removed.has(externalId));
      // Ours first: where the plan allows one assignee, GitLab keeps the first of the list.
      const people = [...add, ...kept];
      const reason = namelessProblem('gitlab', people);
      if (reason !== null) {
        return { ok: false, failure: { kind: 'rejected', reason } };
      }
      return await put(issue.key, {
        assignee_ids: people.map(({ externalId }) => Number(externalId)),
      });
    },

    async setStatus(issue, status) {
      return await put(issue.key, { state_event: status === 'closed' ? 'close' : 'reopen' });
    },

    async findUser({ by, value }) {
      const wanted = comparableName(value);
      const query = new URLSearchParams(by === 'login' ? { username: wanted } : { search: wanted });
      const reply = await send({ path: `/users?${query}` });
      return onlyPerson(reply, (body) =>
        rowsOf(body)
          .map(gitLabPerson)
          .filter((one) => {
            const shown = by === 'login' ? one?.externalName : one?.email;
            return comparableName(shown ?? '') === wanted;
          }),
      );
    },

    async whoAmI() {
      const reply = await send({ path: '/user' });
      if (!reply.ok) {
        return reply;
      }
      const person = gitLabPerson(reply.value.body);
      return person === null ? unreadable(LABEL) : { ok: true, value: person };
    },
  };
}

function issuePath(key: string): string | null {
  const [project = '', iid] = normalizeKey('gitlab', key)?.split('#') ?? [];
  return iid === undefined ? null : `/projects/${encodeURIComponent(project)}/issues/${iid}`;
}

function issueReply(body: unknown): TrackerReply<ExternalIssue> {
  const stableId = idAt(body, 'id');
  const iid = integerAt(body, 'iid');
  const project = projectOf(body);
  const state = textAt(body, 'state');
  if (stableId === null || iid === null || project === null || state === null) {
    return unreadable(LABEL);
  }
  if (integerAt(body, 'moved_to_id') !== null) {
    // A moved issue stays, closed; the new issue has another id.
    return { ok: false, failure: { kind: 'broken', reason: `${project}#${iid} was moved.` } };
  }
  return {
    ok: true,
    value: {
      key: `${project}#${iid}`,
      stableId,
      assignees: listAt(body, 'assignees')
        .map(gitLabPerson)
        .filter((one) => one !== null),
      status: gitLabStatus(state),
      externalVersion: { atMs: parseProviderTime(textAt(body, 'updated_at')), rev: null },
      lock: null,
    },
  };
}

/** The path of the project: only the full reference contains it (`group/project#4`). */
function projectOf(body: unknown): string | null {
  const reference = textAt(body, 'references', 'full');
  return reference?.split('#')[0] ?? idAt(body, 'project_id');
}

function signedIn(credentials: Credentials): Record<string, string> {
  if (credentials.kind === 'app') {
    return {};
  }
  return credentials.kind === 'token'
    ? { 'private-token': credentials.token }
    : { authorization: bearerOf(credentials) };
}

function notAKey(key: string): TrackerReply<never> {
  return {
    ok: false,
    failure: { kind: 'broken', reason: `${key} is not an issue key like acme/shop#12.` },
  };
}
