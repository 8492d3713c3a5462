import { generateKeyPairSync } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { createEmulator } from 'emulate';
import type { ExternalPerson } from '../../../shared/domain/sync/external-issue.ts';
import type { TrackerWorld } from './tracker-world.ts';

function anyKey(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

/** The emulator wants to be told its port. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}

/** GitHub, as vercel-labs' emulator plays it: with a personal token, or as an App. */
export async function startGitHubWorld(signIn: 'token' | 'app' = 'token'): Promise<TrackerWorld> {
  const port = await freePort();
  const emulator = await createEmulator({
    service: 'github',
    port,
    seed: {
      tokens: { 'token-of-octocat': { login: 'octocat', scopes: ['repo'] } },
      github: {
        users: [
          { login: 'octocat' },
          { login: 'hubot', email: 'hubot@acme.io' },
          { login: 'mona', email: 'mona@acme.io' },
        ],
        repos: [{ owner: 'octocat', name: 'hello' }],
        apps: [
          {
            app_id: 12345,
            slug: 'baton',
            name: 'Baton',
            permissions: { issues: 'write' },
            events: ['issues'],
            installations: [
              { installation_id: 100, account: 'octocat', repository_selection: 'all' },
            ],
          },
        ],
      },
    },
  });
  const url = `http://127.0.0.1:${port}`;

  async function api(method: string, path: string, body?: unknown) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: 'Bearer token-of-octocat',
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as {
      id: number;
      number: number;
      state: string;
      assignees: { id: number }[];
    };
  }

  async function created() {
    const issues = (await api('GET', '/repos/octocat/hello/issues')) as unknown as {
      number: number;
      title: string;
      body: string | null;
    }[];
    return issues
      .filter(({ title }) => title !== 'Broken')
      .map((one) => ({
        key: `octocat/hello#${one.number}`,
        title: one.title,
        description: one.body ?? '',
      }))
      .sort((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true }));
  }

  async function account(login: string) {
    const { id } = await api('GET', `/users/${login}`);
    return { externalId: String(id), externalName: login, email: `${login}@acme.io` };
  }

  const { number } = await api('POST', '/repos/octocat/hello/issues', { title: 'Broken' });
  const issuePath = `/repos/octocat/hello/issues/${number}`;
  const octocat = await account('octocat');
  const privateKey = emulator.generatedSecrets.find(({ id }) => id === '12345')?.value ?? '';

  return {
    provider: 'github',
    url,
    credentials:
      signIn === 'token'
        ? { kind: 'token', token: 'token-of-octocat', email: null }
        : { kind: 'app', appId: '12345', installationId: '100', privateKey },
    // The emulator takes any token for octocat's, but it does check what an App signs.
    wrongCredentials: { kind: 'app', appId: '12345', installationId: '100', privateKey: anyKey() },
    issueKey: `octocat/hello#${number}`,
    missingKey: 'octocat/hello#4711',
    bob: await account('hubot'),
    carol: await account('mona'),
    stranger: { externalId: '999999', externalName: 'no-such-login' },
    login: 'hubot',
    self: signIn === 'token' ? { externalId: octocat.externalId } : { externalName: 'baton[bot]' },
    look: async () => {
      const issue = await api('GET', issuePath);
      return {
        assigneeIds: issue.assignees.map(({ id }) => String(id)),
        state: issue.state,
      };
    },
    states: [
      { name: 'open', status: 'open' },
      { name: 'closed', status: 'closed' },
    ],
    closesTo: 'closed',
    reopensTo: 'open',
    moveByHand: async (state) => {
      await api('PATCH', issuePath, { state });
    },
    workflowReads: () => 0,
    assignByHand: async (people: readonly ExternalPerson[]) => {
      await api('PATCH', issuePath, { assignees: people.map((one) => one.externalName) });
    },
    container: 'octocat/hello',
    missingContainer: 'octocat/gone',
    kind: '',
    created,
    comparesRevisions: false,
    stop: () => emulator.close(),
  };
}
