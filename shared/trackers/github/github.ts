import type { ExternalIssue, ExternalPerson } from '../../domain/sync/external-issue.ts';
import { comparableName } from '../../domain/sync/external-issue.ts';
import { normalizeKey } from '../../domain/sync/external-key.ts';
import type { TrackerReply } from '../../domain/sync/failure.ts';
import { keyOf, unreadable } from '../http.ts';
import { idAt, integerAt, listAt, textAt } from '../json.ts';
import { parseProviderTime } from '../provider-time.ts';
import type { Tracker, TrackerOptions, UserQuery } from '../tracker.ts';
import { createGitHubClient } from './github-client.ts';
import { gitHubPerson } from './github-people.ts';
import { gitHubStatus } from './github-status.ts';

type IssueAddress = { readonly owner: string; readonly repo: string; readonly number: number };

/** Issues are keyed `owner/repo#number`. */
export function createGitHub(options: TrackerOptions): Tracker {
  const call = createGitHubClient(options);
  const issueRoute = '/repos/{owner}/{repo}/issues/{number}';

  async function getIssue(key: string): Promise<TrackerReply<ExternalIssue>> {
    const address = parseGitHubKey(key);
    if (address === null) {
      return notAKey(key);
    }
    const reply = await call({ route: `GET ${issueRoute}`, parameters: address });
    return reply.ok ? issueReply(reply.value.body) : reply;
  }

  /**
   * The present login of an account: logins are renamed, and an old one may belong to another
   * account since. Without an account id, the stored name is used.
   */
  async function loginOf(person: ExternalPerson): Promise<TrackerReply<string>> {
    const stored = { ok: true, value: person.externalName.replace(/^@/, '') } as const;
    if (!/^\d+$/.test(person.externalId)) {
      return stored;
    }
    const reply = await call({
      route: 'GET /user/{account_id}',
      parameters: { account_id: person.externalId },
    });
    if (reply.ok) {
      const login = textAt(reply.value.body, 'login');
      return login === null ? stored : { ok: true, value: login };
    }
    return reply.failure.kind === 'broken' ? stored : reply;
  }

  async function changeAssignees(
    method: 'POST' | 'DELETE',
    address: IssueAddress,
    logins: readonly string[],
  ): Promise<TrackerReply<ExternalIssue>> {
    const reply = await call({
      route: `${method} ${issueRoute}/assignees`,
      parameters: { ...address, assignees: logins },
    });
    return reply.ok ? issueReply(reply.value.body) : refusedWrite(reply);
  }

  async function addAssignees(
    address: IssueAddress,
    people: readonly ExternalPerson[],
  ): Promise<TrackerReply<ExternalIssue>> {
    const logins: string[] = [];
    for (const person of people) {
      const login = await loginOf(person);
      if (!login.ok) {
        return login;
      }
      logins.push(login.value);
    }
    return await changeAssignees('POST', address, logins);
  }

  /**
   * The login of the one account that a search for an address finds. Search is fuzzy and sees
   * public addresses only (which GitHub has verified): the account must still show this address.
   */
  async function loginByEmail(email: string): Promise<TrackerReply<string | null>> {
    const found = await call({
      route: 'GET /search/users',
      parameters: { q: `${email} in:email`, per_page: 2 },
    });
    if (!found.ok) {
      return refusedLook(found);
    }
    const items = listAt(found.value.body, 'items');
    return { ok: true, value: items.length === 1 ? textAt(items[0], 'login') : null };
  }

  async function loginFor({ by, value }: UserQuery): Promise<TrackerReply<string | null>> {
    return by === 'email'
      ? await loginByEmail(value)
      : { ok: true, value: value.replace(/^@/, '') };
  }

  async function accountOf(login: string): Promise<TrackerReply<ExternalPerson | null>> {
    if (login === '') {
      return { ok: true, value: null };
    }
    const reply = await call({ route: 'GET /users/{username}', parameters: { username: login } });
    return reply.ok ? { ok: true, value: gitHubPerson(reply.value.body) } : refusedLook(reply);
  }

  /**
   * The bot account that an App acts as. Its id is not the App's, and GitHub creates it with the
   * App's first act: until then only its name is known.
   */
  async function botOfApp(): Promise<TrackerReply<ExternalPerson>> {
    const app = await call({ route: 'GET /app', asApp: true });
    if (!app.ok) {
      return app;
    }
    const slug = textAt(app.value.body, 'slug');
    if (slug === null) {
      return unreadable('GitHub');
    }
    const username = `${slug}[bot]`;
    const bot = await call({ route: 'GET /users/{username}', parameters: { username } });
    if (!bot.ok && bot.failure.kind !== 'broken') {
      return bot;
    }
    const known = bot.ok ? gitHubPerson(bot.value.body) : null;
    return { ok: true, value: known ?? { externalId: '', externalName: username } };
  }

  return {
    provider: 'github',
    getIssue,

    async createIssue({ container, title, description }) {
      const [owner = '', repo = ''] = container.split('/');
      const reply = await call({
        route: 'POST /repos/{owner}/{repo}/issues',
        parameters: { owner, repo, title, body: description },
      });
      return reply.ok ? keyOf(issueReply(reply.value.body)) : refusedWrite(reply);
    },

    // Adds and removes, and never replaces the list: GitHub has no compare-and-set, and a
    // co-assignee who was added since the read would be lost.
    async setAssignees(issue, { add, remove }) {
      const address = parseGitHubKey(issue.key);
      if (address === null) {
        return notAKey(issue.key);
      }
      let state: TrackerReply<ExternalIssue> = { ok: true, value: issue };
      if (add.length > 0) {
        state = await addAssignees(address, add);
      }
      if (state.ok && remove.length > 0) {
        const logins = remove.map(({ externalName }) => externalName.replace(/^@/, ''));
        state = await changeAssignees('DELETE', address, logins);
      }
      return state;
    },

    async setStatus(issue, status) {
      const address = parseGitHubKey(issue.key);
      if (address === null) {
        return notAKey(issue.key);
      }
      const reply = await call({
        route: `PATCH ${issueRoute}`,
        parameters: { ...address, state: status },
      });
      return reply.ok ? issueReply(reply.value.body) : refusedWrite(reply);
    },

    async findUser(query) {
      const login = await loginFor(query);
      if (!login.ok) {
        return login;
      }
      const account = await accountOf(login.value ?? '');
      return account.ok && !isMeant(account.value, query) ? { ok: true, value: null } : account;
    },

    async whoAmI() {
      if (options.credentials.kind === 'app') {
        return await botOfApp();
      }
      const reply = await call({ route: 'GET /user' });
      if (!reply.ok) {
        return reply;
      }
      const person = gitHubPerson(reply.value.body);
      return person === null ? unreadable('GitHub') : { ok: true, value: person };
    },
  };
}

/** Whether an account shows the very address, or has the very login, that was looked for. */
function isMeant(account: ExternalPerson | null, { by, value }: UserQuery): boolean {
  const shown = by === 'email' ? account?.email : account?.externalName;
  return shown !== undefined && comparableName(shown) === comparableName(value);
}

/** Reads `owner/repo#number`; null for anything else. */
export function parseGitHubKey(key: string): IssueAddress | null {
  const normalized = normalizeKey('github', key);
  const [path = '', number = ''] = normalized?.split('#') ?? [];
  const [owner, repo] = path.split('/');
  return owner === undefined || repo === undefined ? null : { owner, repo, number: Number(number) };
}

function issueReply(body: unknown): TrackerReply<ExternalIssue> {
  const stableId = idAt(body, 'id');
  const number = integerAt(body, 'number');
  const repository = /\/repos\/([^/]+\/[^/]+)$/.exec(textAt(body, 'repository_url') ?? '')?.[1];
  const state = textAt(body, 'state');
  if (stableId === null || number === null || repository === undefined || state === null) {
    return unreadable('GitHub');
  }
  return {
    ok: true,
    value: {
      key: `${repository}#${number}`,
      stableId,
      assignees: listAt(body, 'assignees')
        .map(gitHubPerson)
        .filter((one) => one !== null),
      status: gitHubStatus(state),
      externalVersion: { atMs: parseProviderTime(textAt(body, 'updated_at')), rev: null },
      lock: null,
    },
  };
}

function notAKey(key: string): TrackerReply<never> {
  return {
    ok: false,
    failure: { kind: 'broken', reason: `${key} is not an issue key like octocat/hello#12.` },
  };
}

/** The issue was just read, so a write that answers 404 lacks the permission. */
function refusedWrite(reply: TrackerReply<never>): TrackerReply<never> {
  return !reply.ok && reply.failure.kind === 'broken'
    ? { ok: false, failure: { kind: 'rejected', reason: reply.failure.reason } }
    : reply;
}

function refusedLook(reply: TrackerReply<never>): TrackerReply<null> {
  const nobody = !reply.ok && ['broken', 'rejected'].includes(reply.failure.kind);
  return nobody ? { ok: true, value: null } : reply;
}
