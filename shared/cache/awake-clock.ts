/** How often the time is looked at while somebody waits. */
const TICK_MS = 10;
/**
 * What counts of the time between two looks: a process that got no processor meanwhile has not
 * waited for anybody.
 */
const MOST_BETWEEN_LOOKS_MS = 2 * TICK_MS;

/**
 * A clock that goes only as fast as the process looks at it. On a busy machine, in a function that
 * starts on a fraction of a core, and in one that was frozen, time passes in which no answer could
 * have been seen; by this clock it hardly does, so that nobody takes the slowness of their own
 * process for that of the cache.
 *
 * @param now milliseconds, of a clock that does not go back
 */
export function createAwakeClock(now: () => number) {
  let elapsedMs = 0;
  let lastMs = now();

  return {
    tickMs: TICK_MS,
    /**
     * Milliseconds that the process has seen pass. Differences mean something only while somebody
     * looks every tick.
     */
    read(): number {
      const nowMs = now();
      elapsedMs += Math.min(Math.max(nowMs - lastMs, 0), MOST_BETWEEN_LOOKS_MS);
      lastMs = nowMs;
      return elapsedMs;
    },
  };
}

/** The clock of this process. */
export const awakeClock = createAwakeClock(() => performance.now());
