import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CacheEngine } from '../../infra/local/driver/engines/cache.ts';
import { snowflakeKey } from '../../shared/cache/keys.ts';
import { type ClaimNamespace, createSequence } from '../../shared/cache/sequence.ts';
import { DomainError } from '../../shared/domain/errors.ts';
import { HANG_GUARD_MS } from '../support/hang-guard.ts';
import { SNOWFLAKE_SETTINGS, unpackSnowflake } from '../support/snowflake.ts';
import { callsOf, clientOf, observer, ownCache } from './clients.ts';

const settings = SNOWFLAKE_SETTINGS;
const EXHAUSTED = expect.objectContaining({ code: 'ids.exhausted' });

let cache: CacheEngine;
beforeAll(async () => {
  cache = await ownCache();
});
afterAll(() => cache.stop());

/** What a table that holds nothing but claims answers. */
function memoryClaims(): ClaimNamespace {
  const claims = new Map<string, string>();
  return async (namespace, incarnation) => {
    if (!claims.has(namespace)) {
      claims.set(namespace, incarnation);
    }
    return claims.get(namespace) ?? '';
  };
}

function sequenceOf(options: { claimNamespace?: ClaimNamespace } = {}) {
  const { claimNamespace = memoryClaims() } = options;
  return createSequence({ client: clientOf(cache), settings, claimNamespace });
}

/** A key that no other test uses, and the model that it belongs to. */
let tests = 0;
function freshModel() {
  const model = `model-${++tests}`;
  return { model, key: snowflakeKey(`${model}:0`) };
}

const secondOf = (id: string) =>
  unpackSnowflake(BigInt(id)).secondsSinceEpoch + settings.epochSeconds;

const serverSecond = async (redis: Redis) => Number((await redis.time())[0]);

/** Waits until the server's second has just begun, so that what follows fits into it. */
async function startOfSecond(redis: Redis): Promise<number> {
  const before = await serverSecond(redis);
  await vi.waitUntil(async () => (await serverSecond(redis)) > before, {
    timeout: HANG_GUARD_MS,
    interval: 2,
  });
  return before + 1;
}

describe('minting', () => {
  it('4,800 at once gives 4,800 different ids, in one round trip each', async () => {
    const { model } = freshModel();
    const redis = observer(cache);
    const { mint } = sequenceOf();
    await mint(model, 0);
    await redis.config('RESETSTAT');

    const ids = (await Promise.all(Array.from({ length: 4800 }, () => mint(model)))).flat();

    expect(new Set(ids).size).toBe(4800);
    expect(await callsOf(redis, 'eval', 'evalsha')).toBe(4800);
  });

  it('takes few steps in a second whose predecessors are all used up', async () => {
    const { model, key } = freshModel();
    const redis = observer(cache);
    const { mint } = sequenceOf();
    await mint(model, 0);
    const now = await startOfSecond(redis);
    // Seconds that filled up one by one, each without knowing of the one before it.
    const full = Array.from({ length: 290 }, (_, back) => [String(now - back), '-1']).flat();
    await redis.hset(key, ...full);

    const looked = async () => {
      await redis.config('RESETSTAT');
      const [id = ''] = await mint(model);
      expect(secondOf(id)).toBeLessThanOrEqual(now - 290);
      return callsOf(redis, 'hget');
    };
    expect(await looked()).toBeGreaterThan(290);
    expect(await looked()).toBeLessThanOrEqual(3);
  });

  it('takes the 17th id of a second from the second before', async () => {
    const { model } = freshModel();
    const redis = observer(cache);
    const { mint } = sequenceOf();
    await mint(model, 0);
    const now = await startOfSecond(redis);
    const ids = await mint(model, 17);
    expect(ids.map(secondOf)).toEqual([...Array(16).fill(now), now - 1]);
  });

  it('many ids at once is one round trip', async () => {
    const { model } = freshModel();
    const redis = observer(cache);
    const { mint } = sequenceOf();
    await mint(model, 0);
    await redis.config('RESETSTAT');
    expect(new Set(await mint(model, 1000)).size).toBe(1000);
    expect(await callsOf(redis, 'eval', 'evalsha')).toBe(1);
  });

  it('packs version, region and epoch of the settings into every id', async () => {
    const { model } = freshModel();
    const own = { version: 3, epochSeconds: 946_598_400, regionId: 7 };
    const sequence = createSequence({
      client: clientOf(cache),
      settings: own,
      claimNamespace: memoryClaims(),
    });
    const [id = ''] = await sequence.mint(model);
    const now = await serverSecond(observer(cache));
    const parts = unpackSnowflake(BigInt(id));
    expect(parts).toMatchObject({ version: 3, regionId: 7 });
    expect(now - own.epochSeconds - parts.secondsSinceEpoch).toBeLessThanOrEqual(1);
  });

  it('begins one second after the epoch, and waits for it', async () => {
    const { model } = freshModel();
    const epochSeconds = await serverSecond(observer(cache));
    const { mint } = createSequence({
      client: clientOf(cache),
      settings: { ...settings, epochSeconds },
      claimNamespace: memoryClaims(),
    });
    const [id = ''] = await mint(model);
    expect(unpackSnowflake(BigInt(id)).secondsSinceEpoch).toBeGreaterThanOrEqual(1);
  });

  it('counts each model for itself', async () => {
    const { mint } = sequenceOf();
    const first = await Promise.all([mint(freshModel().model, 100), mint(freshModel().model, 100)]);
    expect(new Set(first.flat()).size).toBeLessThan(200);
  });

  it('does not ask the clocks of its callers', async () => {
    const { model } = freshModel();
    const redis = observer(cache);
    const claimNamespace = memoryClaims();
    const early = sequenceOf({ claimNamespace });
    const late = sequenceOf({ claimNamespace });
    const now = await serverSecond(redis);
    const ids: string[] = [];
    onTestFinished(() => void vi.useRealTimers());
    for (let round = 0; round < 10; round += 1) {
      vi.useFakeTimers({ toFake: ['Date'], now: (now - 600) * 1000 });
      ids.push(...(await early.mint(model, 10)));
      vi.useFakeTimers({ toFake: ['Date'], now: (now + 600) * 1000 });
      ids.push(...(await late.mint(model, 10)));
    }
    expect(new Set(ids).size).toBe(200);
    expect(Math.max(...ids.map(secondOf)) - now).toBeLessThan(60);
  });
});

describe('the counters', () => {
  it('live in one hash without a TTL, 16 numbers a second', async () => {
    const { model, key } = freshModel();
    const redis = observer(cache);
    const { mint } = sequenceOf();
    await mint(model, 0);
    const now = await startOfSecond(redis);
    await mint(model, 20);
    expect(await redis.ttl(key)).toBe(-1);
    expect(await redis.hgetall(key)).toMatchObject({ [now]: '-1', [now - 1]: '4' });
  });

  it('older than 300 s are deleted, and their seconds never used again', async () => {
    const { model, key } = freshModel();
    const redis = observer(cache);
    const { mint } = sequenceOf();
    await mint(model, 0);
    const now = await startOfSecond(redis);
    const idle = { floor: now - 500, [now - 499]: 3, [now - 301]: -1, [now - 201]: 5 };
    await redis.hset(key, idle);

    await mint(model);

    expect(await redis.hgetall(key)).toEqual({
      floor: String(now - 300),
      [now - 201]: '5',
      [now]: '1',
    });
  });

  it('protect against a clock that went back, also below what was deleted', async () => {
    const { model, key } = freshModel();
    const redis = observer(cache);
    const { mint } = sequenceOf();
    await mint(model, 0);
    const now = await startOfSecond(redis);
    // As a server leaves it whose clock was 290 s ahead of this one.
    await redis.hset(key, { floor: now - 10, [now + 290]: 7, [now - 1]: 15 });

    const ids = await mint(model, 100);

    expect(ids.filter((id) => secondOf(id) <= now - 10)).toEqual([]);
    expect(ids.filter((id) => secondOf(id) === now - 1)).toHaveLength(1);
  });

  it('that are used up make a mint wait for the next second, at one round trip more', async () => {
    const { model, key } = freshModel();
    const redis = observer(cache);
    const { mint } = sequenceOf();
    await mint(model, 0);
    const now = await startOfSecond(redis);
    await redis.hset(key, 'floor', now);
    await redis.config('RESETSTAT');

    const [id = ''] = await mint(model);

    expect(secondOf(id)).toBe(now + 1);
    expect(await callsOf(redis, 'eval', 'evalsha')).toBe(2);
  });

  it('that stay used up end in a typed error after 5 s', async () => {
    const { model, key } = freshModel();
    const redis = observer(cache);
    const { mint } = sequenceOf();
    await mint(model, 0);
    await redis.hset(key, 'floor', (await serverSecond(redis)) + 60);
    await redis.config('RESETSTAT');
    const failure = await mint(model).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DomainError);
    expect(failure).toEqual(EXHAUSTED);
    // At once, and after each of five seconds.
    expect(await callsOf(redis, 'eval', 'evalsha')).toBeLessThanOrEqual(6);
  });
});

describe('a namespace', () => {
  it('that never minted looks back 300 s at once', async () => {
    const { model } = freshModel();
    const now = await serverSecond(observer(cache));
    const ids = await sequenceOf().mint(model, 4000);
    expect(now - Math.min(...ids.map(secondOf))).toBeGreaterThan(200);
  });

  it('is claimed before the first id is handed out', async () => {
    const { model } = freshModel();
    const { mint } = sequenceOf({
      claimNamespace: async () => {
        throw new Error('The table is away.');
      },
    });
    await expect(mint(model)).rejects.toThrow('The table is away.');
    await expect(mint(model)).rejects.toThrow('The table is away.');
    const claim = vi.fn(memoryClaims());
    await sequenceOf({ claimNamespace: claim }).mint(model);
    expect(claim).toHaveBeenCalledWith(`${model}:0`, expect.any(String));
  });

  it('asks the table once for many first mints, and never again', async () => {
    const { model } = freshModel();
    const claim = vi.fn(memoryClaims());
    const { mint } = sequenceOf({ claimNamespace: claim });
    const ids = (await Promise.all(Array.from({ length: 500 }, () => mint(model)))).flat();
    await mint(model);
    expect(new Set(ids).size).toBe(500);
    expect(claim).toHaveBeenCalledTimes(1);
  });

  it('begins once for many processes that begin it together', async () => {
    const { model } = freshModel();
    const claimNamespace = memoryClaims();
    const processes = Array.from({ length: 8 }, () => sequenceOf({ claimNamespace }));
    const ids = await Promise.all(
      processes.flatMap(({ mint }) => Array.from({ length: 25 }, () => mint(model))),
    );
    expect(new Set(ids.flat()).size).toBe(200);
  });
});

describe('a store that lost its memory', () => {
  it('never mints from a second at or before its birth', async () => {
    const { model } = freshModel();
    const redis = observer(cache);
    const { mint } = sequenceOf();
    const before = await mint(model, 100);
    await redis.flushall();
    const flushedAt = await serverSecond(redis);

    const after = await mint(model, 20);

    expect(after.filter((id) => secondOf(id) <= flushedAt)).toEqual([]);
    expect(new Set([...before, ...after]).size).toBe(120);
  });

  it('causes no duplicate while several clients mint', async () => {
    const { model } = freshModel();
    const redis = observer(cache);
    const claimNamespace = memoryClaims();
    const ids: string[] = [];
    let stopped = false;
    const worker = async () => {
      const { mint } = sequenceOf({ claimNamespace });
      while (!stopped) {
        ids.push(...(await mint(model, 3)));
      }
    };
    const workers = [worker(), worker(), worker(), worker()];
    for (let flush = 0; flush < 4; flush += 1) {
      const minted = ids.length;
      await vi.waitUntil(() => ids.length >= minted + 12, { timeout: HANG_GUARD_MS });
      await redis.flushall();
    }
    stopped = true;
    await Promise.all(workers);
    expect(ids.length).toBeGreaterThan(48);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('hands out nothing of counters that were lost before their namespace was claimed', async () => {
    const { model } = freshModel();
    const redis = observer(cache);
    const claims = memoryClaims();
    const minted = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const late = sequenceOf({
      claimNamespace: async (...claim) => {
        minted.resolve();
        await released.promise;
        return claims(...claim);
      },
    });
    const lateIds = late.mint(model, 50);
    await minted.promise;
    await redis.flushall();
    const early = await sequenceOf({ claimNamespace: claims }).mint(model, 50);
    released.resolve();

    expect(new Set([...early, ...(await lateIds)]).size).toBe(100);
  });

  it('hands out nothing that anyone minted from its new counters before they were found out', async () => {
    const { model } = freshModel();
    const redis = observer(cache);
    const claims = memoryClaims();
    const before = await sequenceOf({ claimNamespace: claims }).mint(model, 50);
    await redis.flushall();
    const bothMinted = Promise.withResolvers<void>();
    let asked = 0;
    const claimNamespace: ClaimNamespace = async (...claim) => {
      if (++asked === 2) {
        bothMinted.resolve();
      }
      await bothMinted.promise;
      return claims(...claim);
    };
    const after = await Promise.all(
      [1, 2].map(() => sequenceOf({ claimNamespace }).mint(model, 8)),
    );
    expect(new Set([...before, ...after.flat()]).size).toBe(66);
  });
});
