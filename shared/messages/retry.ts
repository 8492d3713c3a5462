import { setTimeout } from 'node:timers/promises';

/** Waits so many milliseconds. */
export type Pause = (ms: number) => Promise<unknown>;

/**
 * How long an invocation waits before its second and its third attempt. A queue shows a failed
 * message again only when the whole of its visibility timeout is over, which is minutes; a
 * throttled call or a cache that did not answer is well again within seconds.
 */
const pausesMs = [500, 2_000];

/**
 * Repeats what fails within one invocation, as long as more than half of the invocation's time
 * would be left for the attempt. The last error is thrown as it was.
 */
export function createRetry(
  context: { getRemainingTimeInMillis(): number },
  pause: Pause = setTimeout,
) {
  const halfMs = context.getRemainingTimeInMillis() / 2;
  return async <T>(attempt: () => Promise<T>): Promise<T> => {
    for (const pauseMs of pausesMs) {
      try {
        return await attempt();
      } catch (error) {
        if (context.getRemainingTimeInMillis() - pauseMs < halfMs) {
          throw error;
        }
        await pause(pauseMs);
      }
    }
    return attempt();
  };
}

/** The first wait of a message that failed in all attempts of one invocation, and the longest. */
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 600_000;

/**
 * How long a message is hidden that was received so often before: 1 s, 8 s, 64 s, then about ten
 * minutes. The first is for what is over at once; the five receives of most queues together outlast
 * ten minutes.
 */
export function retryDelayMs(receives: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 8 ** receives);
}
