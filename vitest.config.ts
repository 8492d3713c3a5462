import { defineConfig } from 'vitest/config';
import { HANG_GUARD_MS } from './test/support/hang-guard.ts';

const patience = {
  testTimeout: HANG_GUARD_MS,
  hookTimeout: HANG_GUARD_MS,
  expect: { poll: { timeout: HANG_GUARD_MS } },
};

/**
 * Four projects, told apart by the folder a test lives in: unit (pure rules, nothing started),
 * engines (the embedded table and a cluster-mode Redis), infra (the synthesized template and the
 * local driver), e2e (the whole stack over HTTP and events).
 */
export default defineConfig({
  test: {
    // By itself vitest leaves one core alone; most of these tests wait for engines and processes.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          ...patience,
          include: ['test/*.test.ts', 'test/{domain,http,secrets,trackers}/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'engines',
          ...patience,
          include: ['test/{stores,operations,cache,functions,messages}/**/*.test.ts'],
          globalSetup: ['test/support/engines.ts'],
        },
      },
      {
        test: {
          name: 'infra',
          ...patience,
          include: ['test/infra/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'e2e',
          ...patience,
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/app.ts'],
        },
      },
    ],
  },
});
