/** How often the clock is read while a wait is running. */
const TICK_MS = 10;
/**
 * The most that counts between two reads. A process that got no CPU time in between has not waited
 * for an answer.
 */
const MOST_BETWEEN_LOOKS_MS = 2 * TICK_MS;

/**
 * A clock that only counts time in which the process runs. On a busy machine, in a function that
 * starts on a fraction of a core, and in one that was frozen, time passes in which no answer could
 * have been read. By this clock that time hardly passes, so a slow process is not taken for a slow
 * cache.
 */
export function createAwakeClock(now: () => number) {
  let elapsedMs = 0;
  let lastMs = now();

  return {
    tickMs: TICK_MS,
    /**
     * Milliseconds in which the process ran. Differences are only meaningful while the clock is
     * read at every tick.
     */
    read(): number {
      const nowMs = now();
      elapsedMs += Math.min(Math.max(nowMs - lastMs, 0), MOST_BETWEEN_LOOKS_MS);
      lastMs = nowMs;
      return elapsedMs;
    },
  };
}

/** The clock of this process; `performance` would load a module of Node at each cold start. */
export const awakeClock = createAwakeClock(() => Number(process.hrtime.bigint()) / 1_000_000);
