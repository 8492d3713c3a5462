import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { type CacheEngineName, startCache } from '../../infra/local/driver/engines/cache.ts';
import { startTable } from '../../infra/local/driver/engines/table.ts';
import { startTableFront } from '../../infra/local/driver/engines/table-front.ts';
import { createTableRules } from '../../infra/local/driver/table-rules/table-rules.ts';

/** The engines that the tests of one run share. */
type SharedEngines = {
  /** An http URL; takes any credentials and region, and refuses what DynamoDB refuses. */
  dynamoEndpoint: string;
  /** The engine behind it, which lacks some of DynamoDB's rules. */
  dynamoEngine: string;
  /** Its SQLite file; undefined for an engine that this run did not start. */
  dynamoFile: string | undefined;
  /**
   * One for each worker, `redis://host:port`, in cluster mode: `cacheUrl()` gives a test its own.
   */
  redisUrls: readonly string[];
  cacheEngine: CacheEngineName;
};

declare module 'vitest' {
  export interface ProvidedContext {
    engines: SharedEngines;
  }
}

/**
 * Starts one table engine for the whole run, and a cache for each worker. Tests have tables of
 * their own, but the ids in the cache's keys are those of their builders: what one file makes stale
 * in organization 1 is stale for another.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const workers = project.globalConfig.maxWorkers;
  const [table, cache, ...others] = await Promise.all([
    startStrictTable(),
    startCache(),
    ...Array.from({ length: workers - 1 }, () => startCache()),
  ]);
  const caches = [cache, ...others];
  const cacheEngine = cache.engine;
  console.log(`Cache engine of this run: ${cacheEngine}`);
  project.provide('engines', {
    dynamoEndpoint: table.endpoint,
    dynamoEngine: table.engine,
    dynamoFile: table.file,
    redisUrls: caches.map(({ url }) => url),
    cacheEngine,
  });
  return async () => {
    await Promise.all([table, ...caches].map((engine) => engine.stop()));
  };
}

/** The table behind the rules of DynamoDB that the embedded engine does not know. */
async function startStrictTable() {
  const engine = await startTable();
  const front = await startTableFront(engine.endpoint, [createTableRules()]);
  return {
    endpoint: front.endpoint,
    engine: engine.endpoint,
    file: engine.dbPath,
    async stop(): Promise<void> {
      await front.stop();
      await engine.stop();
    },
  };
}

/** The cache of the worker that runs this test: `redis://host:port`, in cluster mode. */
export function cacheUrl(): string {
  const { redisUrls } = inject('engines');
  const worker = Number(process.env.VITEST_POOL_ID ?? 1);
  return redisUrls[(worker - 1) % redisUrls.length] ?? '';
}
