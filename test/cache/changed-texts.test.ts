import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChangedTexts } from '../../shared/cache/changed-texts.ts';
import type { CacheClient } from '../../shared/cache/client.ts';
import { cacheUrl } from '../support/engines.ts';
import { observer, sharedCache } from './clients.ts';

function given(limit?: number) {
  const { hostname, port } = new URL(cacheUrl());
  const slot = randomUUID();
  const texts = createChangedTexts(limit === undefined ? {} : { limit });
  return {
    redis: observer({ host: hostname, port: Number(port) }),
    key: (name: string) => `${name}:{${slot}}`,
    read: async (...keys: string[]) => unwrap(sharedCache(), (c) => texts.read(c, keys)),
  };
}

async function unwrap<T>(client: CacheClient, run: Parameters<CacheClient['attempt']>[0]) {
  const result = await client.attempt(run);
  if (!result.ok) {
    throw result.error;
  }
  return result.value as T[];
}

describe('texts that travel when they have changed', () => {
  it('are read together, null where there is none or no JSON', async () => {
    const { redis, key, read } = given();
    await redis.set(key('a'), '[{"raw":"*.js #core"},1.5]');
    await redis.set(key('c'), 'no JSON');
    expect(await read(key('a'), key('b'), key('c'))).toEqual([
      [{ raw: '*.js #core' }, 1.5],
      null,
      null,
    ]);
  });

  it('are the same object until they change, and gone when they are deleted', async () => {
    const { redis, key, read } = given();
    const rules = 'é'.repeat(1_000);
    await redis.set(key('a'), JSON.stringify([{ raw: rules }, 1.5]));
    const [first] = await read(key('a'));
    const [second] = await read(key('a'));
    expect(second).toBe(first);
    await redis.set(key('a'), JSON.stringify([{ raw: rules }, 1.6]));
    expect(await read(key('a'))).toEqual([[{ raw: rules }, 1.6]]);
    await redis.del(key('a'));
    expect(await read(key('a'))).toEqual([null]);
    expect(await read(key('a'))).toEqual([null]);
  });

  it('do not travel again', async () => {
    const { redis, key, read } = given();
    await redis.set(key('a'), JSON.stringify([{ raw: 'x'.repeat(500_000) }, 1.5]));
    await read(key('a'));
    const before = await sentBytes(redis);
    await read(key('a'));
    expect((await sentBytes(redis)) - before).toBeLessThan(50_000);
  });

  it('are forgotten beyond the limit, the one read longest ago first, and read anew', async () => {
    const { redis, key, read } = given(30);
    await redis.set(key('a'), '["aaaaaaaaaa",1]');
    await redis.set(key('b'), '["bbbbbbbbbb",1]');
    const [a] = await read(key('a'));
    await read(key('b'));
    const [again] = await read(key('a'));
    expect(again).toEqual(a);
    expect(again).not.toBe(a);
    expect((await read(key('a')))[0]).toBe(again);
  });

  it('are what is stored, whatever was written and read before', async () => {
    const { redis, key, read } = given(100);
    const step = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      write: fc.option(fc.record({ raw: fc.string({ unit: 'grapheme', maxLength: 80 }) })),
    });
    let at = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        for (const { name, write } of steps) {
          const value = write && [write, ++at];
          await (value ? redis.set(key(name), JSON.stringify(value)) : redis.del(key(name)));
          const keys = [key('a'), key('b'), key('c')];
          const stored = await redis.mget(keys);
          expect(await read(...keys)).toEqual(stored.map((text) => text && JSON.parse(text)));
        }
      }),
      { numRuns: 30 },
    );
  });
});

/** Bytes that the engine has sent to all its clients. */
async function sentBytes(redis: ReturnType<typeof observer>): Promise<number> {
  const info = await redis.info('stats');
  return Number(/total_net_output_bytes:(\d+)/.exec(info)?.[1]);
}
