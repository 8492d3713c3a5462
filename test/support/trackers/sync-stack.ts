import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningStack } from '../../../infra/local/stack.ts';
import { type Api, apiOf } from '../api.ts';
import { startTestStack } from '../app.ts';
import { type GitHubEmulator, startGitHubEmulator } from './github-emulator.ts';

const demoWorld = new URL('../../../infra/world/worlds/acme.json', import.meta.url);

export const WEBHOOK_SECRET = 's3cret';

/**
 * The local stack beside an emulated GitHub, with group 102 linked to `octocat/hello#1`; bob (12)
 * is hubot, carol (13) mona.
 */
export type SyncStack = {
  readonly stack: RunningStack;
  readonly api: Api;
  readonly gitHub: GitHubEmulator;
  readonly issue: number;
  stop(): Promise<void>;
};

/**
 * Starts both, the project's own world changed to the emulator's address.
 *
 * @param reach how Baton reaches the tracker; directly unless something stands between them
 */
export async function startSyncStack(
  reach: (gitHubUrl: string) => Promise<string> = async (url) => url,
): Promise<SyncStack> {
  const gitHub = await startGitHubEmulator();
  const issue = await gitHub.openIssue('Broken');
  const baseUrl = await reach(gitHub.url);
  const [hubot, mona] = await Promise.all(['hubot', 'mona'].map(gitHub.account));
  const world = JSON.parse(readFileSync(demoWorld, 'utf8'));
  world.integrations[0].baseUrl = baseUrl;
  world.externalActors = [
    { user: '12', account: hubot },
    { user: '13', account: mona },
  ].map(({ user, account }) => ({
    integration: '501',
    user,
    externalId: String(account?.id),
    externalName: `@${account?.login}`,
  }));
  world.links = [{ group: '102', integration: '501', key: `octocat/hello#${issue}` }];
  world.teams[0].members = ['11', '12', '13'].map((user) => ({ user, isActive: true }));
  const folder = mkdtempSync(join(tmpdir(), 'baton-sync-'));
  const file = join(folder, 'world.json');
  writeFileSync(file, JSON.stringify(world));
  const stack = await startTestStack({ world: file, cacheEngine: 'wasm' });
  const api = apiOf(stack.url);
  return {
    stack,
    api,
    gitHub,
    issue,
    async stop() {
      await stack.stop();
      await gitHub.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
