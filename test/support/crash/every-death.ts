import type { Death } from './death.ts';

/** More moments than anything has that is tried here: a task with more does not come to its end. */
const MOST_MOMENTS = 400;

/**
 * Lets a task die just before and just after each of its writes to the table, until it makes no
 * further one. Answers how often it died.
 *
 * @param dieOnce one try, from the beginning; answers whether the task lived to its end
 */
export async function everyDeath(dieOnce: (death: Death) => Promise<boolean>): Promise<number> {
  for (let moment = 1; moment <= MOST_MOMENTS; moment++) {
    if (await dieOnce({ moment })) {
      return moment - 1;
    }
  }
  throw new Error(`The task still writes after ${MOST_MOMENTS} of these moments.`);
}
