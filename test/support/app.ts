import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { type RunningStack, type StackOptions, startStack } from '../../infra/local/stack.ts';
import { synthesize } from '../../infra/local/synth.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of the app that was synthesized for the whole run, without rate limits. */
    app: string;
  }
}

/**
 * Bundles and synthesizes the app once for the whole run: 6 s of CPU that each file would spend.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { folder, remove } = await synthesize({ rateLimits: false });
  project.provide('app', folder);
  return remove;
}

/** Starts a stack of the run's app, on a free port and without rate limits. */
export function startTestStack(options: StackOptions = {}): Promise<RunningStack> {
  return startStack({ assembly: inject('app'), ...options });
}
