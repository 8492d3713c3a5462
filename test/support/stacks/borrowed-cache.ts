import { Redis } from 'ioredis';
import { type CacheEngine, startCache } from '../../../infra/local/driver/engines/cache.ts';
import type { StackOptions } from '../../../infra/local/stack.ts';

type Choice = NonNullable<StackOptions['cacheEngine']>;

/** The caches that stacks of this worker have given back. They end with the worker. */
const free = new Map<Choice, CacheEngine[]>();

/**
 * An empty cache for one stack at a time, by default that of an earlier one of this worker: each
 * start of Valkey in WebAssembly costs a fifth of a second of CPU. Undefined where `REDIS_URL`
 * names the cache of the stack.
 */
export async function borrowCache(
  choice: Choice = 'auto',
): Promise<{ cache: CacheEngine; giveBack: () => void } | undefined> {
  if (process.env.REDIS_URL && choice === 'auto') {
    return undefined;
  }
  const kept = free.get(choice) ?? [];
  free.set(choice, kept);
  const used = kept.pop();
  const cache = used ?? (await startCache({ engine: choice === 'auto' ? undefined : choice }));
  if (used !== undefined) {
    await empty(used);
  }
  return { cache, giveBack: () => void kept.push(cache) };
}

/** Makes a cache forget its entries and scripts, and close what is left of an earlier stack. */
async function empty({ url }: CacheEngine): Promise<void> {
  const client = new Redis(url);
  await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await client.flushall();
  await client.script('FLUSH');
  client.disconnect();
}
