import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { CacheResult } from '../../shared/cache/client.ts';
import { createRateLimits, type RateState, rateStateOf } from '../../shared/cache/rate-limits.ts';
import { cacheUrl } from '../support/engines.ts';
import { HANG_GUARD_MS } from '../support/hang-guard.ts';
import { observer, sharedCache } from './clients.ts';

const isAllowed = (result: CacheResult<RateState>) =>
  rateStateOf(result, { limit: 5, nowMs: 1_500 }).isAllowed;

/** The limits over a connection that stands: for one that is being opened nobody waits long. */
async function given() {
  const { hostname, port } = new URL(cacheUrl());
  const client = sharedCache();
  await client.run((cluster) => cluster.echo('here'));
  return {
    limits: createRateLimits(client, { waitMs: HANG_GUARD_MS }),
    redis: observer({ host: hostname, port: Number(port) }),
    id: randomUUID(),
  };
}

describe('the limit of owner evaluations', () => {
  it('counts 50 groups of a project and one beyond, each once, and then no others', async () => {
    const { limits, redis, id } = await given();
    const key = `issue_owner_assignment_ratelimiter:{${id}}`;
    for (let group = 1; group <= 50; group += 1) {
      const result = await limits.countIssueOwners(id, String(group), 50);
      expect(result).toEqual({ ok: true, value: group });
    }
    expect(await limits.countIssueOwners(id, '7', 50)).toEqual({ ok: true, value: 50 });
    expect(await limits.countIssueOwners(id, '51', 50)).toEqual({ ok: true, value: 51 });
    expect(await limits.countIssueOwners(id, '7', 50)).toEqual({ ok: true, value: 51 });
    expect(await redis.type(key)).toBe('set');
    expect(await redis.sismember(key, '51')).toBe(1);
  });

  it('keeps a set that grows no further than it must', async () => {
    const { limits, redis, id } = await given();
    const groups = Array.from({ length: 30 }, (_, group) => String(group));
    await Promise.all(groups.map((group) => limits.countIssueOwners(id, group, 5)));
    expect(await redis.scard(`issue_owner_assignment_ratelimiter:{${id}}`)).toBe(6);
  });

  it('counts 60 seconds from the first group', async () => {
    const { limits, redis, id } = await given();
    const key = `issue_owner_assignment_ratelimiter:{${id}}`;
    await limits.countIssueOwners(id, '1', 50);
    expect(await redis.ttl(key)).toBeGreaterThan(58);
    await redis.expire(key, 20);
    await limits.countIssueOwners(id, '2', 50);
    expect(await redis.ttl(key)).toBeLessThanOrEqual(20);
  });

  it('can be looked at without being counted', async () => {
    const { limits, redis, id } = await given();
    await limits.countIssueOwners(id, '1', 50);
    expect(await limits.peekIssueOwners(id, '1')).toEqual({ ok: true, value: 1 });
    expect(await limits.peekIssueOwners(id, '2')).toEqual({ ok: true, value: 2 });
    expect(await redis.scard(`issue_owner_assignment_ratelimiter:{${id}}`)).toBe(1);
  });
});

describe('the limit of requests', () => {
  it('refuses the 6th of 6 calls at once', async () => {
    const { limits, id } = await given();
    const calls = Array.from({ length: 6 }, () => limits.allowRequest(id, 'read', 5));
    const allowed = (await Promise.all(calls)).map(isAllowed);
    expect(allowed).toEqual([true, true, true, true, true, false]);
  });

  it('counts each caller and each operation for itself', async () => {
    const { limits, id } = await given();
    expect(isAllowed(await limits.allowRequest(id, 'read', 1))).toBe(true);
    expect(isAllowed(await limits.allowRequest(id, 'update', 1))).toBe(true);
    expect(isAllowed(await limits.allowRequest(randomUUID(), 'read', 1))).toBe(true);
    expect(isAllowed(await limits.allowRequest(id, 'read', 1))).toBe(false);
  });

  it('says how many calls there is room for, and from when there is room for another', async () => {
    const { limits, redis, id } = await given();
    const states: RateState[] = [];
    for (let call = 0; call < 4; call += 1) {
      const result = await limits.allowRequest(id, 'read', 3);
      states.push(rateStateOf(result, { limit: 3, nowMs: 0 }));
    }
    expect(states.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0]);
    expect(states.map((state) => state.isAllowed)).toEqual([true, true, true, false]);
    const first = Number(await redis.lindex(`ratelimit:{${id}}:read`, -1));
    expect(states.map(({ resetsAt }) => resetsAt)).toEqual(
      states.map(() => Math.ceil((first + 1_000_000) / 1_000_000)),
    );
  });

  it.each([
    { ages: [600_000, 10], allowed: false, case: 'two calls within the last second' },
    { ages: [1_001_000, 10], allowed: true, case: 'one of them a second ago' },
    {
      ages: [-5_000_000, -5_000_000],
      allowed: true,
      case: 'calls from before the clock went back',
    },
  ])('of 2 a second after $case: $allowed', async ({ ages, allowed }) => {
    const { limits, redis, id } = await given();
    const [seconds, micros] = await redis.time();
    const now = Number(seconds) * 1e6 + Number(micros);
    const log = ages.map((age) => String(now - age)).reverse();
    await redis.rpush(`ratelimit:{${id}}:read`, ...log);
    expect(isAllowed(await limits.allowRequest(id, 'read', 2))).toBe(allowed);
  });

  it('lets a caller in again who kept knocking, since what is refused is not counted', async () => {
    const { limits, redis, id } = await given();
    const log = () => redis.lindex(`ratelimit:{${id}}:read`, 0);
    await limits.allowRequest(id, 'read', 1);
    const firstMicros = Number(await log());
    await vi.waitUntil(async () => isAllowed(await limits.allowRequest(id, 'read', 1)), {
      timeout: HANG_GUARD_MS,
      interval: 10,
    });
    // The key of the first call expires to the millisecond.
    expect(Number(await log()) - firstMicros).toBeGreaterThan(999_000);
  });

  it('keeps no more calls than the limit, and none for longer than a second', async () => {
    const { limits, redis, id } = await given();
    const key = `ratelimit:{${id}}:read`;
    const calls = Array.from({ length: 40 }, () => limits.allowRequest(id, 'read', 10));
    expect((await Promise.all(calls)).filter(isAllowed)).toHaveLength(10);
    expect(await redis.llen(key)).toBeLessThanOrEqual(10);
    expect(await redis.pttl(key)).toBeLessThanOrEqual(1000);
  });
});

describe('a limit that cannot be asked', () => {
  it('stands in nobody’s way', () => {
    const down = { ok: false, error: new Error('down') } as const;
    expect(rateStateOf(down, { limit: 5, nowMs: 1_500 })).toEqual({
      isAllowed: true,
      remaining: 5,
      resetsAt: 3,
    });
  });
});
