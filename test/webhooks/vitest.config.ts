import { defineConfig } from 'vitest/config';
import { HANG_GUARD_MS } from '../support/hang-guard.ts';

/** A project of its own, that `npm test` leaves out: it wants Python 3.9 or newer on the PATH. */
export default defineConfig({
  test: {
    name: 'webhooks',
    include: ['test/webhooks/**/*.test.ts'],
    testTimeout: HANG_GUARD_MS,
    hookTimeout: HANG_GUARD_MS,
  },
});
