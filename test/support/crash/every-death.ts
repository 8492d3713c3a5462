import type { Death } from './cascade-worker.ts';

/**
 * More calls than anything makes that is tried here: a task that makes more does not come to its
 * end.
 */
const MOST_CALLS = 400;

/**
 * Lets a task die before its first call to the table, and after each of its calls, until it makes
 * no further one. Answers how often it died. The moment just before a call needs no try of its own:
 * the table then holds what it held after the call before it.
 *
 * @param dieOnce one try, from the beginning; answers whether the task lived to its end
 */
export async function everyDeath(dieOnce: (death: Death) => Promise<boolean>): Promise<number> {
  for (let calls = 0; calls <= MOST_CALLS; calls++) {
    if (await dieOnce({ calls })) {
      return calls;
    }
  }
  throw new Error(`The task still makes calls after ${MOST_CALLS} of them.`);
}
