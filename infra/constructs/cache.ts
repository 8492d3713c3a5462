import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ENV } from '../../shared/env.ts';
import { type StageSettings, stageName } from '../stages.ts';
import type { Network } from './network.ts';

/** Serverless Valkey has public endpoints from version 9 on; both modes run the same. */
const MAJOR_VERSION = '9';

/**
 * What the functions' user may do: work on keys, run scripts, ask for the time, and what a cluster
 * client asks when it connects. Nothing that empties, lists or reconfigures the store.
 */
export const CACHE_ACCESS =
  'on ~* -@all +@read +@write +@scripting +@connection -@dangerous ' +
  '+time +info +cluster|info +cluster|slots +cluster|shards +cluster|nodes';

/**
 * The cache: ElastiCache Serverless for Valkey, always in cluster mode, always with TLS and IAM.
 * With a network it stands inside that VPC; without one it has a public endpoint, which needs no
 * VPC and is gone within minutes.
 */
export function createCache(
  scope: Construct,
  settings: StageSettings,
  network: Network | undefined,
) {
  // Lower-case, as ElastiCache stores it: the name is part of what an IAM token signs.
  const name = stageName(settings);
  const user = new elasticache.CfnUser(scope, 'cache-user', {
    engine: 'valkey',
    // IAM logs in only where the id and the name are the same.
    userId: name,
    userName: name,
    authenticationMode: { Type: 'iam' },
    accessString: CACHE_ACCESS,
  });
  const group = new elasticache.CfnUserGroup(scope, 'cache-users', {
    engine: 'valkey',
    userGroupId: name,
    userIds: [user.ref],
  });
  const cache = new elasticache.CfnServerlessCache(scope, 'cache', {
    engine: 'valkey',
    majorEngineVersion: MAJOR_VERSION,
    serverlessCacheName: name,
    description: `Baton ${settings.name}: owner caches, rate limits, id counters`,
    userGroupId: group.ref,
    cacheUsageLimits: {
      dataStorage: { maximum: settings.cache.maxStorageGb, unit: 'GB' },
      ecpuPerSecond: { maximum: settings.cache.maxEcpuPerSecond },
    },
    ...(network
      ? {
          connectionType: 'vpc',
          subnetIds: network.subnetIds,
          securityGroupIds: network.cacheSecurityGroupIds,
        }
      : { connectionType: 'public' }),
  });
  const arn = (resource: string) =>
    Stack.of(scope).formatArn({
      service: 'elasticache',
      resource,
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });

  return {
    /** Tells the function where the cache is and lets it log in. */
    bind(fn: lambda.Function): void {
      fn.addEnvironment(ENV.cacheHost, cache.attrEndpointAddress);
      fn.addEnvironment(ENV.cachePort, cache.attrEndpointPort);
      fn.addEnvironment(ENV.cacheAuth, 'iam');
      fn.addEnvironment(ENV.cacheName, name);
      fn.addEnvironment(ENV.cacheUser, name);
      fn.addToRolePolicy(
        new iam.PolicyStatement({
          actions: ['elasticache:Connect'],
          resources: [arn('serverlesscache'), arn('user')],
        }),
      );
    },
  };
}
