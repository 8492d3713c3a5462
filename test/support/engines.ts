import type { TestProject } from 'vitest/node';
import { type CacheEngineName, startCache } from '../../infra/local/driver/engines/cache.ts';
import { startTable } from '../../infra/local/driver/engines/table.ts';

/** The engines that the tests of one run share. */
export type SharedEngines = {
  /** An http URL; takes any credentials and region. */
  dynamoEndpoint: string;
  /** `redis://host:port`, in cluster mode. */
  redisUrl: string;
  cacheEngine: CacheEngineName;
};

declare module 'vitest' {
  export interface ProvidedContext {
    engines: SharedEngines;
  }
}

/** Starts one table engine and one cache for the whole run. Tests read where they are with `inject('engines')`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [table, cache] = await Promise.all([startTable(), startCache()]);
  console.log(`Cache engine of this run: ${cache.engine}`);
  project.provide('engines', {
    dynamoEndpoint: table.endpoint,
    redisUrl: cache.url,
    cacheEngine: cache.engine,
  });
  return async () => {
    await Promise.all([table.stop(), cache.stop()]);
  };
}
