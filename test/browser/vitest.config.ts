import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './support/patience.ts';

/**
 * A project of its own, that `npm test` leaves out: it drives a Chromium, which it looks for on the
 * PATH.
 */
export default defineConfig({
  test: {
    name: 'browser',
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['test/browser/support/stack.ts'],
    // All files look at one stack.
    fileParallelism: false,
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
    expect: { poll: { timeout: PATIENCE_MS } },
  },
});
