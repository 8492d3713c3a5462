import type { Transact } from './transaction.ts';

/** What tells the time of a pace, in milliseconds, and lets some of it pass. */
export type PaceClock = {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
};

/** How many writes all workers together may make in a second, and how many of them there are. */
export type Pace = { readonly writesPerSecond: number; readonly workers: number };

/**
 * Commits no more writes in a second than a share of what the stage allows, evenly: a transaction
 * waits until those before it have had their time, also those that were sent at the same moment.
 */
export function createPacedTransact(
  transact: Transact,
  { writesPerSecond, workers }: Pace,
  { now, wait }: PaceClock,
) {
  let among = 1;
  let freeAt = 0;

  const paced: Transact = async (writes) => {
    const at = Math.max(now(), freeAt);
    freeAt = at + (writes.length * 1_000 * among) / writesPerSecond;
    if (at > now()) {
      await wait(at - now());
    }
    return transact(writes);
  };

  return {
    transact: paced,

    /**
     * From now on a share is one of so many, or one for each worker where there are more operations
     * than these can work on.
     */
    shareAmong(operations: number): void {
      among = Math.min(workers, Math.max(1, operations));
    },
  };
}
