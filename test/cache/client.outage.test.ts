import { describe, expect, it, onTestFinished } from 'vitest';
import { CACHE_REST_MS, createCacheClient } from '../../shared/cache/client.ts';
import { createOwnerCaches } from '../../shared/cache/owner-caches.ts';
import { createRateLimits } from '../../shared/cache/rate-limits.ts';
import { inRequest } from '../../shared/request-scope.ts';
import { startSwallowingProxy } from '../support/doubles/swallowing-proxy.ts';
import { cacheUrl } from '../support/engines.ts';

/** A client behind a way that may hang, and its clock, which passes only when it is told to. */
async function clientBehindProxy() {
  const { hostname, port } = new URL(cacheUrl());
  const proxy = await startSwallowingProxy({ host: hostname, port: Number(port) });
  let skippedMs = 0;
  const client = createCacheClient({
    host: proxy.host,
    port: proxy.port,
    auth: { kind: 'none' },
    now: () => Date.now() + skippedMs,
  });
  onTestFinished(async () => {
    await client.close();
    await proxy.close();
  });
  const get = () => client.attempt((cluster) => cluster.get('{sick-cache.test}x'));
  const rest = () => {
    skippedMs += CACHE_REST_MS;
  };
  return { proxy, client, get, rest };
}

describe('a cache that swallows packets', () => {
  it('is left alone after a failure: nothing is sent until the rest is over', async () => {
    const { proxy, get, rest } = await clientBehindProxy();
    expect(await get()).toMatchObject({ ok: true });
    proxy.hang();
    expect(await get()).toMatchObject({ ok: false });
    const before = { connections: proxy.connections(), packets: proxy.packets() };

    for (let use = 0; use < 100; use++) {
      expect(await get()).toMatchObject({
        ok: false,
        error: { message: 'The cache is not used for 3 s after a failure.' },
      });
    }
    expect({ connections: proxy.connections(), packets: proxy.packets() }).toEqual(before);

    rest();
    expect((await get()).ok).toBe(false);
    expect(proxy.connections()).toBe(before.connections + 1);
  });

  it('is tried by one use at a time, and by all again when that got through', async () => {
    const { proxy, get, rest } = await clientBehindProxy();
    proxy.hang();
    const results = await Promise.all(Array.from({ length: 50 }, get));
    expect(results.some(({ ok }) => ok)).toBe(false);
    expect(proxy.connections()).toBe(1);

    proxy.recover();
    rest();
    const healed = await Promise.all(Array.from({ length: 50 }, get));
    expect(healed.every(({ ok }) => ok)).toBe(true);
  });

  it('is there again after a connection that died, without a rest', async () => {
    const { proxy, get } = await clientBehindProxy();
    expect((await get()).ok).toBe(true);
    proxy.recover();
    expect((await get()).ok).toBe(true);
  });

  it('is waited for by a request once, however much the request asks of it', async () => {
    const { proxy, get } = await clientBehindProxy();
    await get();
    proxy.hang();
    const messages: string[] = [];
    await inRequest(async () => {
      for (let use = 0; use < 200; use++) {
        const result = await get();
        messages.push(result.ok ? 'an answer' : result.error.message);
      }
    });
    // The first one gives up before it is known that no other connection can be had, which takes
    // seconds.
    expect(messages[0]).toBe('The cache did not answer in time.');
    const others = 'The request has no time left to wait for the cache.';
    expect(new Set(messages.slice(1))).toEqual(new Set([others]));
  });

  it('is waited for by the requests after it no more, while the probe hangs', async () => {
    const { proxy, get } = await clientBehindProxy();
    proxy.hang();
    // The probe connects for seconds, longer than any request waits.
    await inRequest(get);
    const packets = proxy.packets();
    for (let request = 0; request < 50; request++) {
      expect(await inRequest(get)).toMatchObject({ ok: false });
    }
    expect(proxy.packets()).toBe(packets);
    expect(proxy.connections()).toBe(1);
  });

  it('holds up nobody whom a rate limit would admit, while other uses still wait', async () => {
    const { proxy, client } = await clientBehindProxy();
    proxy.hang();
    const order: string[] = [];
    await inRequest(() =>
      Promise.all([
        createOwnerCaches(client)
          .invalidateGroups(['1'])
          .then(({ ok }) => order.push(`deletion ${ok}`)),
        createRateLimits(client)
          .allowRequest('user:11', 'sick-cache.test', 5)
          .then(({ ok }) => order.push(`limit ${ok}`)),
      ]),
    );
    expect(order).toEqual(['limit false', 'deletion false']);
  });
});

describe('a cache that is down', () => {
  it('is left alone after a failure too', async () => {
    const { proxy, get } = await clientBehindProxy();
    await proxy.refuse();
    expect(await get()).toMatchObject({
      ok: false,
      error: { message: 'The cache cannot be reached.' },
    });
    expect(await get()).toMatchObject({
      ok: false,
      error: { message: 'The cache is not used for 3 s after a failure.' },
    });
  });
});
