import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type CacheEngine, startCache } from '../../infra/local/driver/engines/cache.ts';
import type { RunningStack } from '../../infra/local/stack.ts';
import { type Api, apiOf } from '../support/api.ts';
import { startTestStack } from '../support/app.ts';
import { busOf, seenInShop } from '../support/bus.ts';
import { type SwallowingProxy, startSwallowingProxy } from '../support/doubles/swallowing-proxy.ts';
import { worldFile } from '../support/world-file.ts';

const world = worldFile();
let cache: CacheEngine;
let proxy: SwallowingProxy;
let stack: RunningStack;
let api: Api;
let redis: Redis;

beforeAll(async () => {
  cache = await startCache();
  proxy = await startSwallowingProxy(cache);
  vi.stubEnv('REDIS_URL', `redis://${proxy.host}:${proxy.port}`);
  stack = await startTestStack({ world: world.path });
  vi.unstubAllEnvs();
  api = apiOf(stack.url);
  redis = new Redis(cache.url);
});
afterAll(async () => {
  redis?.disconnect();
  await stack?.stop();
  await proxy?.close();
  await cache?.stop();
  world.remove();
});

const ISSUE = '/api/0/issues/101/';
const keys = ['assignee_exists:1:{101}', 'owner_exists:1:{101}'];
const team = { name: 'Parcels', slug: 'parcels' };

it('a stack whose cache hangs answers as ever, and heals when the cache is back', async () => {
  expect((await api.put(ISSUE, { assignedTo: 'user:11' })).status).toBe(200);
  await api.idle();
  for (const key of keys) {
    await redis.set(key, '[true,1.5]', 'EX', 86_400);
  }

  proxy.hang();
  expect((await api.put(ISSUE, { assignedTo: null })).body).toMatchObject({ assignedTo: null });
  expect((await api.get(ISSUE)).body).toMatchObject({ assignedTo: null });
  const refused = await api.post('/api/0/organizations/acme/teams/', team);
  expect(refused).toMatchObject({ status: 503 });
  expect(refused.headers.get('retry-after')).toBe('3');
  const bus = busOf(stack.eventbridge);
  await bus.putSeen(seenInShop('hung'));
  bus.close();

  // The repetition fails again and again, for longer than five receives take.
  const busy = await api.get('/_local/idle', { token: null });
  expect(busy.status).toBe(504);
  expect(await redis.exists(...keys)).toBe(2);

  proxy.recover();
  await api.idle();
  expect(await redis.exists(...keys)).toBe(0);
  const { body } = await api.get('/api/0/organizations/acme/issues/?query=&limit=100');
  expect(body.map(({ title }: { title: string }) => title)).toContain('KeyError: cart');
  // A process that was refused tries the cache again after three seconds.
  await expect
    .poll(async () => (await api.post('/api/0/organizations/acme/teams/', team)).status)
    .toBe(201);
});
