import { defineConfig } from 'vitest/config';

/**
 * A project of its own, that `npm test` leaves out: it installs a Redmine, and wants root and a
 * Debian mirror for it.
 */
export default defineConfig({
  test: {
    name: 'redmine',
    include: ['test/redmine/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 600_000,
  },
});
