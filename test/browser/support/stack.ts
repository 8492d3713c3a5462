import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startStack } from '../../../infra/local/stack.ts';
import { startGitHubEmulator } from '../../support/trackers/github-emulator.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the stack is that the browser looks at. */
    stackUrl: string;
  }
}

const demoWorld = new URL('../../../infra/world/worlds/acme.json', import.meta.url);

/** Issues for tests that use them up, beside those of the demo world. */
const titles = [
  'ValueError: the coupon is not a number',
  'TimeoutError: the bank did not answer',
  "KeyError: 'currency'",
  'ConnectionError: stock is not reached',
  'IndexError: list index out of range',
  'PermissionError: the invoice is locked',
  'OSError: the disk is full',
] as const;

/**
 * One stack for all files, with the world that `npm start` has and some more issues, beside an
 * emulated GitHub that issue 102 is linked to.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const gitHub = await startGitHubEmulator();
  const folder = mkdtempSync(join(tmpdir(), 'baton-browser-'));
  const file = join(folder, 'world.json');
  const key = `octocat/hello#${await gitHub.openIssue("KeyError: 'price'")}`;
  const hubot = await gitHub.account('hubot');
  writeFileSync(file, JSON.stringify(largerWorld({ url: gitHub.url, key, account: hubot.id })));
  const stack = await startStack({ world: file, rateLimits: false, cacheEngine: 'wasm' });
  project.provide('stackUrl', stack.url);
  return async () => {
    await stack.stop();
    await gitHub.stop();
    rmSync(folder, { recursive: true });
  };
}

function largerWorld(gitHub: { url: string; key: string; account: number }) {
  const world = JSON.parse(readFileSync(demoWorld, 'utf8'));
  world.integrations[0].baseUrl = gitHub.url;
  world.externalActors[0].externalId = String(gitHub.account);
  world.links = [{ group: '102', integration: '501', key: gitHub.key }];
  const groups = titles.map((title, index) => ({
    ...world.groups[0],
    id: String(110 + index),
    shortId: `SHOP-${10 + index}`,
    title,
    timesSeen: 3 + index,
    lastSeen: `2026-11-2${index}T09:00:00Z`,
  }));
  return { ...world, groups: [...world.groups, ...groups] };
}
