import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { HANG_GUARD_MS } from './test/support/hang-guard.ts';

const patience = {
  testTimeout: HANG_GUARD_MS,
  hookTimeout: HANG_GUARD_MS,
  expect: { poll: { timeout: HANG_GUARD_MS } },
};

// Workers, and the commands that tests start, load again what an earlier one has compiled already.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');

/** Files that kill processes, or let them die at each of their calls. */
const CRASH_TESTS = 'test/**/*.crash.test.ts';

/**
 * Five projects, told apart by the folder a test lives in: unit (pure rules, nothing started),
 * engines (the embedded table and a cluster-mode Redis), infra (the synthesized template and the
 * local driver), e2e (the whole stack over HTTP and events), and crash (`*.crash.test.ts` in any
 * of these folders).
 */
export default defineConfig({
  test: {
    // One more than there are cores where CI runs: many of these tests wait for engines and processes.
    maxWorkers: 3,
    // Projects, and the runs after this one, read what was stripped of its types once.
    fsModuleCache: true,
    projects: [
      {
        test: {
          name: 'unit',
          ...patience,
          // Rules keep nothing between two calls, so files can share a worker and its modules.
          isolate: false,
          include: ['test/*.test.ts', 'test/{domain,http,secrets,trackers}/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'engines',
          ...patience,
          // Tables are a test's own; handlers are loaded anew by `enterFunctionEnvironment`.
          isolate: false,
          include: ['test/{stores,operations,cache,functions,messages}/**/*.test.ts'],
          exclude: [CRASH_TESTS],
          globalSetup: ['test/support/engines.ts'],
        },
      },
      {
        test: {
          name: 'infra',
          ...patience,
          // The CDK takes a second to load; what a test sets in its worker it sets back.
          isolate: false,
          include: ['test/infra/**/*.test.ts'],
          exclude: [CRASH_TESTS],
          globalSetup: ['test/support/app.ts'],
        },
      },
      {
        test: {
          name: 'e2e',
          ...patience,
          // Each file has a stack of its own, in processes of their own.
          isolate: false,
          include: ['test/e2e/**/*.test.ts'],
          exclude: [CRASH_TESTS],
          globalSetup: ['test/support/app.ts'],
        },
      },
      {
        test: {
          name: 'crash',
          ...patience,
          // What a test kills are processes of its own, or calls.
          isolate: false,
          include: [CRASH_TESTS],
          globalSetup: ['test/support/engines.ts', 'test/support/app.ts'],
        },
      },
    ],
  },
});
