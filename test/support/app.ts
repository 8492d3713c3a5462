import { expect, inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { type RunningStack, type StackOptions, startStack } from '../../infra/local/stack.ts';
import { synthesize } from '../../infra/local/synth.ts';
import { keepAccount, readAccount, readAccounts } from './permissions.ts';
import { borrowCache } from './stacks/borrowed-cache.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of the app that was synthesized for the whole run, without rate limits. */
    app: string;
    /** The same with the functions that use the cache in a VPC, as in staging and prod. */
    vpcApp: string;
  }
}

/** The origins whose pages may call the API of a test. */
export const ALLOWED_ORIGINS = ['https://tools.example.com', 'http://localhost:5173'] as const;

type App = Awaited<ReturnType<typeof synthesize>>;

/** The apps of this run. Each project has a module of its own, so what they share is global. */
const run: typeof globalThis & { batonApp?: Promise<App> | undefined; batonAppUsers?: number } =
  globalThis;

/**
 * Bundles and synthesizes the app once for all projects of a run, 6 s of CPU that each file would
 * spend, and for the end-to-end tests the app with a VPC. At the end of a run of all end-to-end
 * files each permission of each role has to have been needed: so taking one away fails, by its
 * name, the flow that needs it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  run.batonApp ??= synthesize({ rateLimits: false, allowedOrigins: ALLOWED_ORIGINS.join(',') });
  run.batonAppUsers = (run.batonAppUsers ?? 0) + 1;
  const app = await run.batonApp;
  project.provide('app', app.folder);
  const isEndToEnd = project.name === 'e2e';
  const vpcApp = isEndToEnd ? await synthesize({ rateLimits: false, vpc: true }) : undefined;
  if (vpcApp !== undefined) {
    project.provide('vpcApp', vpcApp.folder);
  }
  const { testFiles } = await project.globTestFiles();
  return async () => {
    const { files, unused } = readAccounts(app.folder);
    await vpcApp?.remove();
    await leave(app);
    const isWhole = isEndToEnd && testFiles.every((file) => files.has(file));
    if (isWhole && unused.length > 0) {
      throw new Error(
        `No end-to-end test needs these permissions. Take them out of infra/functions.ts, or test the flow that needs them:\n${unused.join('\n')}`,
      );
    }
  };
}

/** Removes the app with the last project that uses it. */
async function leave(app: App): Promise<void> {
  run.batonAppUsers = (run.batonAppUsers ?? 1) - 1;
  if (run.batonAppUsers === 0) {
    run.batonApp = undefined;
    await app.remove();
  }
}

/**
 * Starts a stack of one of the run's apps, on a free port and without rate limits. Its end fails
 * where a function was refused something that its role does not allow.
 */
export async function startTestStack(options: StackOptions = {}): Promise<RunningStack> {
  const borrowed = await borrowCache(options.cacheEngine);
  const stack = await startStack({
    assembly: inject(options.vpc ? 'vpcApp' : 'app'),
    cache: borrowed?.cache,
    ...options,
  });
  const stop = async () => {
    const account = await readAccount(stack.url);
    await stack.stop();
    borrowed?.giveBack();
    keepAccount(inject('app'), expect.getState().testPath ?? '', account);
    expect(account.refusals).toEqual([]);
  };
  return { ...stack, stop };
}
