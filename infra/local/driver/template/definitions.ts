/**
 * Reads the properties of resources into the settings of the driver. Absent properties get the
 * defaults of the service.
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
  /**
   * The variables that the driver sets in every function, and those for functions that use the
   * cache.
   */
  replaced: Readonly<Record<string, string>>;
  replacedCache: Readonly<Record<string, string>>;
  /** The addresses that the process may connect to; undefined for all. */
  reached: readonly string[] | undefined;
};

/**
 * The definition of a function, with the environment of its child processes.
 *
 * @throws Error for a runtime or a kind of code that is not supported
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
    throw refusal(
      `${path}.Runtime`,
      `the runtime ${fn.Runtime} is not supported locally, only ${RUNTIME}.`,
    );
  }
  if (!fn.Code.S3Key) {
    throw refusal(`${path}.Code`, 'only code in an asset is supported locally.');
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

/** Removes the prefix of the stage from a name. */
function withoutPrefix(name: string, stackName: string): string {
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

/** The settings of a queue, without those that depend on other resources. */
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

/** The properties of an event source mapping of a queue or a stream. */
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
