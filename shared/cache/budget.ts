import { currentRequest } from '../request-scope.ts';

/** The time that one request waits for the cache in all its uses together. */
export const REQUEST_BUDGET_MS = 300;

/** A limited time for waiting. Waits that overlap are counted once. */
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
 * Returns a function that finds the budget of the present request; undefined outside of a request,
 * where there is no limit.
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
