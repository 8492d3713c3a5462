import { defineConfig } from 'vitest/config';

/**
 * Four projects, told apart by the folder a test lives in:
 * unit (pure rules, nothing started), engines (the embedded table and a cluster-mode Redis),
 * infra (the synthesized template and the local driver), e2e (the whole stack over HTTP and events).
 */
export default defineConfig({
  test: {
    // By itself vitest leaves one core alone; most of these tests wait for engines and processes.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/*.test.ts', 'test/{domain,http,secrets,trackers}/**/*.test.ts'],
          // Properties try a number of cases; a busy machine takes longer over the same number.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'engines',
          include: ['test/{stores,operations,cache,functions,messages}/**/*.test.ts'],
          globalSetup: ['test/support/engines.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'infra',
          include: ['test/infra/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/app.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
