import type { Death } from './cascade-worker.ts';

/**
 * More calls than anything makes that is tried here: a task that makes more does not come to its
 * end.
 */
const MOST_CALLS = 400;

/**
 * Lets a task die just before and just after each of its calls to the table, one after the other,
 * until it makes no further call. Answers how often it died.
 *
 * @param dieOnce one try, from the beginning; answers whether the task lived to its end
 */
export async function everyDeath(dieOnce: (death: Death) => Promise<boolean>): Promise<number> {
  let deaths = 0;
  for (let call = 1; call <= MOST_CALLS; call++) {
    const survivals = [
      await dieOnce({ call, moment: 'before' }),
      await dieOnce({ call, moment: 'after' }),
    ];
    deaths += survivals.filter((survived) => !survived).length;
    if (survivals.every(Boolean)) {
      return deaths;
    }
  }
  throw new Error(`The task still makes calls after ${MOST_CALLS} of them.`);
}
