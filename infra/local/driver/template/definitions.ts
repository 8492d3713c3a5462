/**
 * From the properties of deployed resources to what the parts of the driver take. What
 * CloudFormation leaves out has the default that the service would give it.
 */

import { compilePattern, type Matches } from '../events/pattern.ts';
import type { FunctionDefinition } from '../lambda/functions.ts';
import type { QueueSettings } from '../queues/queue.ts';
import type { Assembly } from './assembly.ts';
import type { Deployed } from './deployment.ts';
import { runtimeVariables } from './environment.ts';
import { refusal } from './template.ts';

const RUNTIME = 'nodejs24.x';
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MEGABYTES = 128;
const DEFAULT_VISIBILITY_TIMEOUT_SECONDS = 30;

type FunctionProperties = {
  Code: { S3Key?: string };
  Environment?: { Variables?: Record<string, unknown> };
  Handler: string;
  LoggingConfig?: { LogFormat?: string; ApplicationLogLevel?: string };
  MemorySize?: number;
  ReservedConcurrentExecutions?: number;
  Runtime: string;
  Timeout?: number;
};

type FunctionInput = {
  assembly: Assembly;
  deployed: Deployed;
  /** What every function gets, and what one gets that the template binds to the cache. */
  replaced: Readonly<Record<string, string>>;
  replacedCache: Readonly<Record<string, string>>;
  /** The addresses that its process may connect to; undefined: all of them. */
  reached: readonly string[] | undefined;
};

/**
 * A function with the environment of its child processes.
 *
 * @throws Error for a runtime or a kind of code that is not known.
 */
export function functionDefinition({
  assembly,
  deployed: { name, arn, path, properties },
  replaced,
  replacedCache,
  reached,
}: FunctionInput): FunctionDefinition {
  const fn = properties as FunctionProperties;
  if (fn.Runtime !== RUNTIME) {
    throw refusal(`${path}.Runtime`, `${fn.Runtime} is not ${RUNTIME}.`);
  }
  if (!fn.Code.S3Key) {
    throw refusal(`${path}.Code`, 'only code that is an asset is known.');
  }
  const folder = assembly.assetFolder(fn.Code.S3Key);
  const shortName = withoutPrefix(name, assembly.stackName);
  const variables = Object.entries(fn.Environment?.Variables ?? {});
  const usesCache = variables.some(([variable]) => variable in replacedCache);
  return {
    name: shortName,
    arn,
    folder,
    handler: fn.Handler,
    timeoutMs: (fn.Timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1_000,
    reservedConcurrency: fn.ReservedConcurrentExecutions,
    environment: {
      ...runtimeVariables({
        name,
        arn,
        handler: fn.Handler,
        folder,
        memoryMegabytes: fn.MemorySize ?? DEFAULT_MEMORY_MEGABYTES,
        logFormat: fn.LoggingConfig?.LogFormat,
        logLevel: fn.LoggingConfig?.ApplicationLogLevel,
      }),
      ...Object.fromEntries(variables.map(([variable, value]) => [variable, String(value)])),
      ...replaced,
      AWS_ACCESS_KEY_ID: shortName,
      ...(reached !== undefined && { BATON_LOCAL_NETWORK: JSON.stringify(reached) }),
      ...(usesCache && replacedCache),
    },
  };
}

/** Names carry the stage's prefix; on one machine there is one stage. */
export function withoutPrefix(name: string, stackName: string): string {
  return name.startsWith(`${stackName}-`) ? name.slice(stackName.length + 1) : name;
}

type QueueProperties = {
  ContentBasedDeduplication?: boolean;
  DeduplicationScope?: string;
  DelaySeconds?: number;
  FifoQueue?: boolean;
  RedrivePolicy?: { deadLetterTargetArn: string; maxReceiveCount: number | string };
  VisibilityTimeout?: number;
};

/**
 * A queue, but for the one behind it and for who reads it, which depends on the other resources.
 */
export function queueSettings(
  { name, arn, properties }: Deployed,
  sqsEndpoint: string,
  accountId: string,
): Omit<QueueSettings, 'deadLetterQueue' | 'isRead'> & { deadLetterArn: string | undefined } {
  const queue = properties as QueueProperties;
  return {
    name,
    arn,
    url: `${sqsEndpoint}/${accountId}/${name}`,
    fifo: queue.FifoQueue === true,
    contentBasedDeduplication: queue.ContentBasedDeduplication === true,
    deduplicatesWithinGroup: queue.DeduplicationScope === 'messageGroup',
    delayMs: (queue.DelaySeconds ?? 0) * 1_000,
    visibilityTimeoutMs: (queue.VisibilityTimeout ?? DEFAULT_VISIBILITY_TIMEOUT_SECONDS) * 1_000,
    maxReceiveCount: queue.RedrivePolicy ? Number(queue.RedrivePolicy.maxReceiveCount) : undefined,
    deadLetterArn: queue.RedrivePolicy?.deadLetterTargetArn,
  };
}

/** Properties of an event source mapping, of a queue or of a stream. */
export type MappingProperties = {
  BatchSize?: number;
  BisectBatchOnFunctionError?: boolean;
  DestinationConfig?: { OnFailure?: { Destination: string } };
  Enabled?: boolean;
  EventSourceArn: string;
  FilterCriteria?: { Filters?: { Pattern: string }[] };
  FunctionName: string;
  FunctionResponseTypes?: string[];
  MaximumBatchingWindowInSeconds?: number;
  MaximumRecordAgeInSeconds?: number;
  MaximumRetryAttempts?: number;
  ParallelizationFactor?: number;
  ScalingConfig?: { MaximumConcurrency?: number };
  StartingPosition?: string;
};

/** The compiled filters of an event source mapping. */
export function mappingFilters({ path, properties }: Deployed): Matches[] {
  const { FilterCriteria } = properties as MappingProperties;
  return (FilterCriteria?.Filters ?? []).map(({ Pattern }, index) =>
    compilePattern(JSON.parse(Pattern), `${path}.FilterCriteria.Filters[${index}].Pattern`),
  );
}
