import { expect, inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { type RunningStack, type StackOptions, startStack } from '../../infra/local/stack.ts';
import { synthesize } from '../../infra/local/synth.ts';
import { keepAccount, readAccount, readAccounts } from './permissions.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of the app that was synthesized for the whole run, without rate limits. */
    app: string;
  }
}

/**
 * Bundles and synthesizes the app once for the whole run: 6 s of CPU that each file would spend. At
 * the end of a run of all files, each permission of each role has to have been needed: so taking
 * one away fails, by its name, the flow that needs it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { folder, remove } = await synthesize({ rateLimits: false });
  project.provide('app', folder);
  const { testFiles } = await project.globTestFiles();
  return async () => {
    const { files, unused } = readAccounts(folder);
    await remove();
    const isWhole = testFiles.every((file) => files.has(file));
    if (isWhole && unused.length > 0) {
      throw new Error(
        `No end-to-end test needs these permissions. Take them out of infra/functions.ts, or test the flow that needs them:\n${unused.join('\n')}`,
      );
    }
  };
}

/**
 * Starts a stack of the run's app, on a free port and without rate limits. Its end fails where a
 * function was refused something that its role does not allow.
 */
export async function startTestStack(options: StackOptions = {}): Promise<RunningStack> {
  const stack = await startStack({ assembly: inject('app'), ...options });
  const stop = async () => {
    const account = await readAccount(stack.url);
    await stack.stop();
    keepAccount(inject('app'), expect.getState().testPath ?? '', account);
    expect(account.refusals).toEqual([]);
  };
  return { ...stack, stop };
}
