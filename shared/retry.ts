import { changedMeanwhile } from './domain/errors.ts';

/** How long to wait between attempts: at most `firstMs` doubled with each, and `longestMs`. */
export type BackOffSchedule = { readonly firstMs: number; readonly longestMs: number };

/** Transactions on the same rows are over within milliseconds. */
const BETWEEN_DECISIONS: BackOffSchedule = { firstMs: 10, longestMs: 320 };

/**
 * Waits a random time before the next attempt: full jitter, 10 ms x 2^attempt and at most 320 ms
 * unless the schedule says otherwise.
 */
export function backOff(attempt: number, schedule = BETWEEN_DECISIONS): Promise<void> {
  const ceilingMs = Math.min(schedule.longestMs, schedule.firstMs * 2 ** attempt);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * ceilingMs));
}

/** What a decision answers when the rows that it was made on have changed since they were read. */
export const AGAIN = Symbol('again');

const ATTEMPTS = 10;

/**
 * Reads, decides and commits until the rows that were read are those that the commit finds.
 * `decide` does all of it, gets the number of the attempt from 1 on, and answers `AGAIN` when the
 * rows have changed in between; anything else is the result.
 *
 * @throws DomainError `conflict` after the last of 10 attempts, or whatever `exhausted` throws;
 * what `exhausted` returns is the result
 */
export async function redecide<T>(
  decide: (attempt: number) => Promise<T | typeof AGAIN>,
  {
    attempts = ATTEMPTS,
    exhausted = throwChangedMeanwhile,
  }: { readonly attempts?: number; readonly exhausted?: () => T } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await decide(attempt);
    if (outcome !== AGAIN) {
      return outcome;
    }
    if (attempt >= attempts) {
      return exhausted();
    }
    await backOff(attempt);
  }
}

/**
 * Commits, and tries again while DynamoDB reports a transaction under way on the same rows. A
 * failed condition is returned and not tried again.
 *
 * @throws DomainError `conflict` after 10 attempts
 */
export function commitWithRetry<
  Outcome extends
    | { readonly committed: true }
    | { readonly committed: false; readonly refused: readonly string[] },
>(commit: () => Promise<Outcome>): Promise<Outcome> {
  return redecide(async () => {
    const outcome = await commit();
    return outcome.committed || outcome.refused.length > 0 ? outcome : AGAIN;
  });
}

function throwChangedMeanwhile(): never {
  throw changedMeanwhile();
}
