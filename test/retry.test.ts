import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AGAIN, backOff, commitWithRetry, redecide } from '../shared/retry.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The result of what waits on timers, with all of them fired. */
async function finished<T>(work: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.all([
    Promise.allSettled([work]).then(([settled]) => settled),
    vi.runAllTimersAsync(),
  ]);
  return result;
}

const exhaustion = {
  status: 'rejected',
  reason: {
    code: 'conflict',
    detail: 'Somebody else is changing this at the same time. Please try again in a second.',
  },
};

describe('a decision on rows that others change', () => {
  const changing = (times: number) => {
    const attempts: number[] = [];
    const decide = async (attempt: number) => {
      attempts.push(attempt);
      return attempts.length > times ? 'decided' : AGAIN;
    };
    return { attempts, decide };
  };

  it.each([0, 1, 9])('is made again until it holds, here after %i changes', async (times) => {
    const { attempts, decide } = changing(times);
    expect(await finished(redecide(decide))).toEqual({ status: 'fulfilled', value: 'decided' });
    expect(attempts).toEqual(Array.from({ length: times + 1 }, (_, index) => index + 1));
  });

  it('is a conflict after ten attempts', async () => {
    const { attempts, decide } = changing(10);
    expect(await finished(redecide(decide))).toMatchObject(exhaustion);
    expect(attempts).toHaveLength(10);
  });

  it('may have another number of attempts, and another end', async () => {
    const { attempts, decide } = changing(3);
    const work = redecide(decide, { attempts: 3, exhausted: () => 'given up' });
    expect(await finished(work)).toEqual({ status: 'fulfilled', value: 'given up' });
    expect(attempts).toHaveLength(3);
  });

  it('is not made again when it fails', async () => {
    let attempts = 0;
    const work = redecide(async () => {
      attempts += 1;
      throw new Error('The table is not there.');
    });
    expect(await finished(work)).toMatchObject({ status: 'rejected' });
    expect(attempts).toBe(1);
  });
});

describe('a commit', () => {
  it('is repeated while other transactions are under way on its rows', async () => {
    const outcomes = [{ committed: false, refused: [] }, { committed: true }] as const;
    let attempts = 0;
    const work = commitWithRetry(async () => outcomes[attempts++ === 0 ? 0 : 1]);
    expect(await finished(work)).toMatchObject({ value: { committed: true } });
    expect(attempts).toBe(2);
  });

  it('is not repeated when a condition failed', async () => {
    let attempts = 0;
    const work = commitWithRetry(async () => {
      attempts += 1;
      return { committed: false, refused: ['group'] } as const;
    });
    expect(await finished(work)).toMatchObject({ value: { refused: ['group'] } });
    expect(attempts).toBe(1);
  });

  it('is a conflict when the other transactions do not end', async () => {
    const work = commitWithRetry(async () => ({ committed: false, refused: [] }) as const);
    expect(await finished(work)).toMatchObject(exhaustion);
  });
});

describe('the wait before another attempt', () => {
  it.each([
    { attempt: 1, schedule: undefined, longestMs: 20 },
    { attempt: 4, schedule: undefined, longestMs: 160 },
    { attempt: 30, schedule: undefined, longestMs: 320 },
    { attempt: 2, schedule: { firstMs: 100, longestMs: 10_000 }, longestMs: 400 },
    { attempt: 30, schedule: { firstMs: 100, longestMs: 10_000 }, longestMs: 10_000 },
  ])('is random, and at most $longestMs ms after attempt $attempt', async (wait) => {
    for (const random of [0, 0.5, 0.999]) {
      vi.spyOn(Math, 'random').mockReturnValue(random);
      const started = Date.now();
      await finished(backOff(wait.attempt, wait.schedule));
      expect(Date.now() - started).toBe(Math.floor(random * wait.longestMs));
    }
    vi.restoreAllMocks();
  });
});
