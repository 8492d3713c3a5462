import { currentRequest } from '../request-scope.ts';

/** How long one request waits for the cache, over all that it asks it. */
export const REQUEST_BUDGET_MS = 300;

/** The time that somebody may spend waiting. Waits that overlap are counted once. */
export type Budget = {
  leftMs(): number;
  spend<T>(wait: () => Promise<T>): Promise<T>;
};

/** @param now milliseconds; a clock that goes back gives nothing back */
export function createBudget(totalMs: number, now: () => number): Budget {
  let spentMs = 0;
  let waits = 0;
  let sinceMs = 0;
  const runningMs = () => (waits === 0 ? 0 : Math.max(0, now() - sinceMs));
  return {
    leftMs: () => Math.max(0, totalMs - spentMs - runningMs()),
    async spend(wait) {
      if (waits === 0) {
        sinceMs = now();
      }
      waits += 1;
      try {
        return await wait();
      } finally {
        if (waits === 1) {
          spentMs += runningMs();
        }
        waits -= 1;
      }
    },
  };
}

/**
 * Finds the budget of the request that is being answered; outside of a request there is none, and
 * no limit.
 */
export function createRequestBudgets(now: () => number): () => Budget | undefined {
  const budgets = new WeakMap<object, Budget>();
  return () => {
    const request = currentRequest();
    if (request === undefined) {
      return undefined;
    }
    const known = budgets.get(request);
    if (known !== undefined) {
      return known;
    }
    const budget = createBudget(REQUEST_BUDGET_MS, now);
    budgets.set(request, budget);
    return budget;
  };
}
