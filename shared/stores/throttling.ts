import { tableThrottled } from '../domain/errors.ts';
import { type BackOffSchedule, backOff } from '../retry.ts';

/** Waits before a call is tried again that was tried this often. */
export type BackOff = (attempt: number) => Promise<void>;

const UNTIL_CAPACITY: BackOffSchedule = { firstMs: 25, longestMs: 1_000 };

/** A random time before a throttled call is tried again. */
export const waitForCapacity: BackOff = (attempt) => backOff(attempt, UNTIL_CAPACITY);

/** A batch that is not through after so many calls, about 2 s of waiting, is refused. */
const BATCH_ATTEMPTS = 8;

const THROTTLING_ERRORS: ReadonlySet<unknown> = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
]);

/**
 * The answer of a call. Where the table still has no capacity after the SDK's own attempts that is
 * `table.throttled`, which callers and queues know to try again.
 */
export async function orThrottled<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof Error && THROTTLING_ERRORS.has(error.name)
      ? tableThrottled(error)
      : error;
  }
}

/**
 * Sends a batch, and what each call leaves unprocessed again. `send` gives what is left.
 *
 * @throws DomainError `table.throttled` when something is left after the last attempt
 */
export async function untilProcessed<T>(
  batch: readonly T[],
  send: (wanted: T[]) => Promise<T[]>,
  wait: BackOff,
): Promise<void> {
  let left = [...batch];
  for (let attempt = 1; left.length > 0; attempt++) {
    left = await send(left);
    if (left.length > 0 && attempt === BATCH_ATTEMPTS) {
      throw tableThrottled(new Error(`${left.length} keys are left unprocessed.`));
    }
    if (left.length > 0) {
      await wait(attempt);
    }
  }
}
