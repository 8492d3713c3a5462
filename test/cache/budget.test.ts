import { describe, expect, it } from 'vitest';
import { createAwakeClock } from '../../shared/cache/awake-clock.ts';
import { createBudget, createRequestBudgets } from '../../shared/cache/budget.ts';
import { inRequest } from '../../shared/request-scope.ts';

/** A clock that stands still until it is told how much time passes. */
function stillClock() {
  let nowMs = 1_000;
  return { now: () => nowMs, pass: (ms: number) => (nowMs += ms) };
}

describe('a budget', () => {
  it('is spent by waits one after the other', async () => {
    const { now, pass } = stillClock();
    const budget = createBudget(300, now);
    await budget.spend(async () => pass(100));
    pass(1_000);
    expect(budget.leftMs()).toBe(200);
    await budget.spend(async () => pass(250));
    expect(budget.leftMs()).toBe(0);
  });

  it('is spent once by waits at the same time', async () => {
    const { now, pass } = stillClock();
    const budget = createBudget(300, now);
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const waits = [budget.spend(() => first.promise), budget.spend(() => second.promise)];
    pass(60);
    first.resolve();
    await waits[0];
    pass(40);
    expect(budget.leftMs()).toBe(200);
    second.resolve();
    await waits[1];
    pass(500);
    expect(budget.leftMs()).toBe(200);
  });

  it('is spent by a wait that fails, and by a clock that goes back nothing is given', async () => {
    const { now, pass } = stillClock();
    const budget = createBudget(300, now);
    const failing = budget.spend(async () => {
      pass(50);
      throw new Error('gone');
    });
    await expect(failing).rejects.toThrow('gone');
    await budget.spend(async () => pass(-500));
    expect(budget.leftMs()).toBe(250);
  });

  it('is one of each request, wherever in it somebody asks, and nobody’s outside', async () => {
    const budgetOf = createRequestBudgets(() => 0);
    expect(budgetOf()).toBeUndefined();
    const inside = () =>
      inRequest(async () => {
        const early = budgetOf();
        await Promise.resolve();
        expect(budgetOf()).toBe(early);
        return early;
      });
    const [one, two] = await Promise.all([inside(), inside()]);
    expect(one).toBeDefined();
    expect(one).not.toBe(two);
  });
});

describe('the clock of a process that is awake', () => {
  it.each<[string, readonly number[], number]>([
    ['goes with the time', [10, 10, 5], 25],
    ['hardly goes while the process gets no processor', [10, 400, 10], 40],
    ['hardly goes while the function is frozen', [3_600_000], 20],
    ['never goes back', [10, -500, 10], 20],
  ])('%s', (_, passes, expected) => {
    const { now, pass } = stillClock();
    const clock = createAwakeClock(now);
    for (const ms of passes) {
      pass(ms);
      clock.read();
    }
    expect(clock.read()).toBe(expected);
  });
});
