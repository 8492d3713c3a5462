import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ENV } from '../../shared/env.ts';
import { type StageSettings, stageName } from '../stages.ts';
import type { Network } from './network.ts';

/** Serverless Valkey has public endpoints from version 9 on; both modes use it. */
const MAJOR_VERSION = '9';

/**
 * The commands of the functions' user: keys, scripts, the time, and what a cluster client sends
 * when it connects. No command that empties, lists or reconfigures the store.
 */
export const CACHE_ACCESS =
  'on ~* -@all +@read +@write +@scripting +@connection -@dangerous ' +
  '+time +info +cluster|info +cluster|slots +cluster|shards +cluster|nodes';

/**
 * The cache: ElastiCache Serverless for Valkey, always in cluster mode, always with TLS and IAM.
 * With a network it is inside the VPC. Without one it has a public endpoint, which needs no VPC and
 * can be deleted within minutes.
 */
export function createCache(
  scope: Construct,
  settings: StageSettings,
  network: Network | undefined,
) {
  // In lower case, as ElastiCache stores it: an IAM token signs the name.
  const name = stageName(settings);
  const user = new elasticache.CfnUser(scope, 'cache-user', {
    engine: 'valkey',
    // IAM authentication requires that the id equals the name.
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
    /**
     * Sets the address of the cache in the function's environment, and lets the function log in.
     */
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
