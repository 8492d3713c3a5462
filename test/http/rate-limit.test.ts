import { describe, expect, it } from 'vitest';
import { beginAdmission } from '../../shared/http/rate-limit.ts';
import { ROUTES, type Route } from '../../shared/http/routes.ts';

const caller = { userId: null, tokenId: 't1' };
const limited = { rateLimit: { operation: 'readIssue', perSecond: 5 } };

function limiter(isAllowed: boolean) {
  const asked: unknown[] = [];
  return {
    asked,
    admit: async (...all: unknown[]) => {
      asked.push(all);
      return { isAllowed, remaining: isAllowed ? 4 : 0, resetsAt: 1_795_000_001 };
    },
  };
}

describe('the rate of a caller', () => {
  it('is counted by the user, else by the token', async () => {
    const counting = limiter(true);
    await beginAdmission(limited, caller, counting).settled;
    await beginAdmission(limited, { ...caller, userId: '11' }, counting).settled;
    expect(counting.asked).toEqual([
      ['token:t1', 'readIssue', 5],
      ['user:11', 'readIssue', 5],
    ]);
  });

  it.each([
    [true, '4'],
    [false, '0'],
  ])('is told in the answer; admitted %s', async (isAllowed, remaining) => {
    const { settled, headers } = beginAdmission(limited, caller, limiter(isAllowed));
    await settled.catch(() => {});
    expect(headers()).toEqual({
      'X-Sentry-Rate-Limit-Limit': '5',
      'X-Sentry-Rate-Limit-Remaining': remaining,
      'X-Sentry-Rate-Limit-Reset': '1795000001',
    });
  });

  it('stops them past the limit', async () => {
    await expect(beginAdmission(limited, caller, limiter(false)).settled).rejects.toThrow(
      'Limit is 5 requests in 1 seconds',
    );
  });

  it.each([
    ['where limits are off', limited, null],
    ['on a route without one', {}, limiter(false)],
  ])('is nothing %s', async (_, route, given) => {
    const { settled, headers } = beginAdmission(route, caller, given);
    await expect(settled).resolves.toBeUndefined();
    expect(headers()).toEqual({});
  });
});

describe('the route table', () => {
  it('limits an operation alike on all of its routes', () => {
    const routes: readonly Route[] = ROUTES;
    const limits = routes.flatMap(({ rateLimit }) => (rateLimit === undefined ? [] : [rateLimit]));
    const byOperation = Map.groupBy(limits, ({ operation }) => operation);
    expect([...byOperation.keys()].sort()).toEqual(['deleteIssue', 'readIssue', 'updateIssue']);
    for (const [operation, found] of byOperation) {
      expect(new Set(found.map(({ perSecond }) => perSecond)).size, operation).toBe(1);
    }
  });
});
