import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import {
  type CacheEngine,
  serverOnPath,
  startCache,
} from '../../infra/local/driver/engines/cache.ts';
import { createCacheClient } from '../../shared/cache/client.ts';
import { cacheUrl } from '../support/engines.ts';

/** A client of the cache that all tests of the run share, closed when the test is over. */
export function sharedCache() {
  const { hostname, port } = new URL(cacheUrl());
  return clientOf({ host: hostname, port: Number(port) });
}

/** A client of the product for a cache, closed when the test is over. */
export function clientOf({ host, port }: { host: string; port: number }) {
  const client = createCacheClient({ host, port, auth: { kind: 'none' } });
  onTestFinished(() => client.close());
  return client;
}

/** A cache that a test may flush, and whose commands it may count, because nobody else uses it. */
export async function ownCache(): Promise<CacheEngine> {
  return startCache({ engine: (await serverOnPath()) ? 'server' : 'wasm' });
}

/** A connection beside the product's own, to look at and to tamper with what it stored. */
export function observer({ host, port }: { host: string; port: number }): Redis {
  const redis = new Redis({ host, port });
  onTestFinished(() => redis.disconnect());
  return redis;
}

/**
 * How often clients called the commands since `CONFIG RESETSTAT`, those within scripts included.
 */
export async function callsOf(redis: Redis, ...commands: string[]): Promise<number> {
  const stats = await redis.info('commandstats');
  return commands
    .map((command) => Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0))
    .reduce((sum, calls) => sum + calls, 0);
}
