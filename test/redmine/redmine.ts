import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { redmineRoot, run, timed } from './root.ts';

const HOME = '/usr/share/redmine';
const environment = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/tmp',
  LANG: 'C.UTF-8',
  RAILS_ENV: 'production',
  X_DEBIAN_SITEID: 'default',
};

type Login = 'baton' | 'mona' | 'bob' | 'carol';
type Account = { readonly id: number; readonly key: string };
type World = { readonly issue: number; readonly accounts: Readonly<Record<Login, Account>> };

/** An issue as Redmine's REST API shows it to Mona. */
type ShownIssue = {
  readonly assigned_to?: { readonly id: number };
  readonly status: { readonly id: number; readonly name: string };
};

export type Redmine = Awaited<ReturnType<typeof startRedmine>>;

/**
 * A real Redmine with one open issue: Baton signs in as `baton`, bob and carol can be assigned, and
 * a person named Mona does what people do. Our plugin posts its webhooks.
 */
export async function startRedmine(webhook: { readonly url: string; readonly secret: string }) {
  const root = await redmineRoot();
  const folder = join(root, HOME, 'plugins/baton_webhook');
  mkdirSync(folder, { recursive: true });
  cpSync(fileURLToPath(new URL('plugin', import.meta.url)), folder, { recursive: true });
  cpSync(fileURLToPath(new URL('world.rb', import.meta.url)), join(root, 'tmp/world.rb'));
  const settings = {
    ...environment,
    BATON_WEBHOOK_URL: webhook.url,
    BATON_WEBHOOK_SECRET: webhook.secret,
  };
  const { issue, accounts } = await timed('its world is in place', () => makeWorld(root, settings));

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await timed('it serves', () => serve(root, port, settings));

  async function call(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'x-redmine-api-key': accounts.mona.key, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return response;
  }
  const path = `/issues/${issue}.json`;
  const shown = async () =>
    ((await (await call('GET', path)).json()) as { issue: ShownIssue }).issue;
  const loginOf = (id: number) =>
    (Object.keys(accounts) as Login[]).find((login) => accounts[login].id === id) ?? String(id);

  return {
    url,
    issue,
    accounts,
    /** The login of who is assigned. */
    async assignee(): Promise<string | null> {
      const { assigned_to } = await shown();
      return assigned_to === undefined ? null : loginOf(assigned_to.id);
    },
    /** The name of the issue's status: New and Closed are Redmine's first of either kind. */
    status: async () => (await shown()).status.name,
    /** Mona sets who is assigned. */
    async assign(login: Login | null): Promise<void> {
      const assigned_to_id = login === null ? '' : accounts[login].id;
      await call('PUT', path, { issue: { assigned_to_id } });
    },
    /** Mona sets the status: 1 is New and 5 Closed in Redmine's default data. */
    async setStatus(name: 'New' | 'Closed'): Promise<void> {
      await call('PUT', path, { issue: { status_id: name === 'New' ? 1 : 5 } });
    },
    stop: server.stop,
  };
}

async function makeWorld(root: string, env: NodeJS.ProcessEnv): Promise<World> {
  const command = `cd ${HOME} && bundle exec rails runner /tmp/world.rb`;
  const { stdout } = await run('chroot', [root, 'sh', '-c', command], { env: chrootable(env) });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

async function serve(root: string, port: number, env: NodeJS.ProcessEnv) {
  const command = `cd ${HOME} && exec bundle exec puma -e production -t 1:4 -b tcp://127.0.0.1:${port}`;
  const child = spawn('chroot', [root, 'sh', '-c', command], {
    env: chrootable(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  const exited = once(child, 'exit');
  async function stop(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
    }
    await exited;
  }
  const giveUpAtMs = performance.now() + 120_000;
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/login`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) {
    if (child.exitCode !== null || performance.now() > giveUpAtMs) {
      await stop();
      throw new Error(`Redmine does not serve: ${said}`);
    }
    await delay(100);
  }
  return { stop };
}

/** `chroot` itself lies where an ordinary account does not look. */
const chrootable = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...env,
  PATH: `${env.PATH}:/usr/sbin:/sbin`,
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}
