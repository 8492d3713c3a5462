import { expect, it } from 'vitest';
import { createRetry, retryDelayMs } from '../../shared/messages/retry.ts';

/** An invocation of 30 seconds in which only pauses and what an attempt says take time. */
function invocation(attemptMs: number, failures: number) {
  let leftMs = 30_000;
  const pauses: number[] = [];
  let attempts = 0;
  const retry = createRetry({ getRemainingTimeInMillis: () => leftMs }, async (ms) => {
    pauses.push(ms);
    leftMs -= ms;
  });
  const run = () =>
    retry(async () => {
      attempts += 1;
      leftMs -= attemptMs;
      if (attempts <= failures) {
        throw new Error(`failure ${attempts}`);
      }
      return `done at ${attempts}`;
    });
  return { run, pauses };
}

it.each([
  ['is not repeated when it succeeds', 100, 0, 'done at 1', []],
  ['that failed once is repeated after half a second', 100, 1, 'done at 2', [500]],
  ['that failed twice is repeated two seconds later', 100, 2, 'done at 3', [500, 2_000]],
  ['that fails three times is left to the queue', 100, 3, 'failure 3', [500, 2_000]],
  ['that took half of the time is left to the queue', 15_000, 1, 'failure 1', []],
])('what an invocation does %s', async (_, attemptMs, failures, expected, pauses) => {
  const invoked = invocation(attemptMs, failures);
  const outcome = await invoked.run().catch((error: Error) => error.message);
  expect(outcome).toBe(expected);
  expect(invoked.pauses).toEqual(pauses);
});

it('a message that failed in all of them is hidden for seconds, then for minutes, never as long as for ever', () => {
  expect([0, 1, 2, 3, 4, 99].map(retryDelayMs)).toEqual([
    1_000, 8_000, 64_000, 512_000, 600_000, 600_000,
  ]);
});
