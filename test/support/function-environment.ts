import { randomInt } from 'node:crypto';
import { vi } from 'vitest';
import { ENV } from '../../shared/env.ts';
import { HandlersClient } from './client/strict-client.ts';
import { cacheUrl } from './engines.ts';
import type { TestWorld } from './world.ts';

/**
 * Gives this test file the environment that Lambda would give its functions. Handlers read it when
 * they are imported, so those that an earlier file of this worker has imported are forgotten. Their
 * table is called without signatures (see `HandlersClient`); the end-to-end tests sign. The region
 * of the ids is the file's own, since the counters of all files are in one cache.
 */
export function enterFunctionEnvironment(world: TestWorld): { readonly regionId: number } {
  const redis = new URL(cacheUrl());
  const regionId = randomInt(1, 4096);
  Object.assign(process.env, {
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: world.endpoint,
    [ENV.table]: world.table,
    [ENV.stage]: 'test',
    [ENV.bus]: 'test',
    [ENV.cacheHost]: redis.hostname,
    [ENV.cachePort]: redis.port,
    [ENV.cacheAuth]: 'none',
    [ENV.rateLimits]: 'on',
    [ENV.webhookQueue]: 'http://127.0.0.1:9/queues/webhook-delivery',
    [ENV.webhookAttempts]: 'quick',
    [ENV.snowflake]: JSON.stringify({ version: 1, epochSeconds: 1_659_916_800, regionId }),
  });
  vi.resetModules();
  vi.doMock('@aws-sdk/client-dynamodb', async (original) => ({
    ...(await original<typeof import('@aws-sdk/client-dynamodb')>()),
    DynamoDBClient: HandlersClient,
  }));
  return { regionId };
}
