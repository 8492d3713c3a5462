import { type AddressInfo, createServer } from 'node:net';
import { createEmulator } from 'emulate';

/** The emulator wants to be told its port. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}

type EmulatedIssue = {
  readonly number: number;
  readonly title: string;
  readonly state: 'open' | 'closed';
  readonly assignees: readonly { readonly id: number; readonly login: string }[];
};

export type GitHubEmulator = Awaited<ReturnType<typeof startGitHubEmulator>>;

/**
 * GitHub as vercel-labs' emulator plays it, with the repository `octocat/hello`: Baton signs in as
 * `baton-bot` with the token `tok1`, and a person named mona does what people do.
 */
export async function startGitHubEmulator() {
  const port = await freePort();
  const emulator = await createEmulator({
    service: 'github',
    port,
    seed: {
      tokens: {
        tok1: { login: 'baton-bot', scopes: ['repo', 'admin:repo_hook'] },
        'token-of-octocat': { login: 'octocat', scopes: ['repo', 'admin:repo_hook'] },
        'token-of-mona': { login: 'mona', scopes: ['repo'] },
      },
      github: {
        users: ['octocat', 'hubot', 'mona', 'baton-bot', 'stranger'].map((login) => ({
          login,
          email: `${login}@acme.io`,
        })),
        repos: [{ owner: 'octocat', name: 'hello' }],
      },
    },
  });
  const url = `http://127.0.0.1:${port}`;

  async function call<T>(method: string, path: string, body?: unknown, as = 'mona'): Promise<T> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer token-of-${as}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status}`);
    }
    return (await response.json()) as T;
  }
  const issuePath = (number: number) => `/repos/octocat/hello/issues/${number}`;

  return {
    url,
    /** Opens an issue and gives its number. */
    async openIssue(title: string): Promise<number> {
      const { number } = await call<EmulatedIssue>('POST', '/repos/octocat/hello/issues', {
        title,
      });
      return number;
    },
    async account(login: string): Promise<{ id: number; login: string }> {
      return call('GET', `/users/${login}`);
    },
    /** Has every change of an issue posted, signed, to an address. */
    async addWebhook(to: string, secret: string): Promise<void> {
      const config = { url: to, content_type: 'json', secret };
      const hook = { name: 'web', active: true, events: ['issues'], config };
      await call('POST', '/repos/octocat/hello/hooks', hook, 'octocat');
    },
    /** The logins of who is assigned, in alphabetical order. */
    async assignees(number: number): Promise<string[]> {
      const { assignees } = await call<EmulatedIssue>('GET', issuePath(number));
      return assignees.map(({ login }) => login).sort();
    },
    async state(number: number): Promise<EmulatedIssue['state']> {
      return (await call<EmulatedIssue>('GET', issuePath(number))).state;
    },
    async title(number: number): Promise<string> {
      return (await call<EmulatedIssue>('GET', issuePath(number))).title;
    },
    /** Mona sets who is assigned. */
    async assign(number: number, logins: readonly string[]): Promise<void> {
      await call('PATCH', issuePath(number), { assignees: logins });
    },
    async setState(number: number, state: EmulatedIssue['state']): Promise<void> {
      await call('PATCH', issuePath(number), { state });
    },
    stop: () => emulator.close(),
  };
}
