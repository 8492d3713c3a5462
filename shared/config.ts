import type { SnowflakeSettings } from './domain/snowflake.ts';
import { ENV, type EnvName } from './env.ts';

/**
 * The one reader of the environment. A function that lacks a variable it needs fails at its cold
 * start, with a sentence that names the variable, and not at the first request that happens to need
 * it.
 */
function required(name: EnvName): string {
  const value = process.env[name]?.trim();
  if (value === undefined || value === '') {
    throw new Error(`The environment variable ${name} is missing or empty.`);
  }
  return value;
}

/** Name of the table. */
export function tableName(): string {
  return required(ENV.table);
}

/** Name of the event bus. */
export function busName(): string {
  return required(ENV.bus);
}

/** Name of the stage. */
export function stageName(): string {
  return required(ENV.stage);
}

/** URL of the queue whose workers bring links to external issues up to date. */
export function outboundQueueUrl(): string {
  return required(ENV.outboundQueue);
}

/** URL of the queue whose workers apply webhooks. */
export function inboundQueueUrl(): string {
  return required(ENV.inboundQueue);
}

/** URL of the queue that wakes whoever sends webhooks. */
export function webhookQueueUrl(): string {
  return required(ENV.webhookQueue);
}

/** Whether webhooks wait hours between attempts, or seconds. */
export function webhookAttempts(): 'patient' | 'quick' {
  return required(ENV.webhookAttempts) === 'quick' ? 'quick' : 'patient';
}

/** The FIFO queue that a worker takes from, and the one for what it gives up. */
export function workerQueues(): { readonly queueUrl: string; readonly deadLetterQueueUrl: string } {
  return { queueUrl: required(ENV.queue), deadLetterQueueUrl: required(ENV.deadLetterQueue) };
}

/**
 * The queue that a consumer takes from, and the one for what it cannot read; null where it cannot
 * reach SQS.
 */
export function consumerQueues(): ReturnType<typeof workerQueues> | null {
  return process.env[ENV.deadLetterQueue] === undefined ? null : workerQueues();
}

/** Whether workers wait minutes between attempts at a tracker, or seconds. */
export function syncBackoff(): 'patient' | 'quick' {
  return required(ENV.syncBackoff) === 'quick' ? 'quick' : 'patient';
}

/** How many writes operations over many issues may make in a second, and by how many workers. */
export function operationPace(): { readonly writesPerSecond: number; readonly workers: number } {
  return {
    writesPerSecond: requiredCount(ENV.operationWrites),
    workers: requiredCount(ENV.operationWorkers),
  };
}

function requiredCount(name: EnvName): number {
  const value = Number(required(name));
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`The environment variable ${name} must be a positive number like 500.`);
  }
  return value;
}

/** Whether callers' requests per second are limited. */
export function rateLimitsAreOn(): boolean {
  return required(ENV.rateLimits) === 'on';
}

/** The origins whose pages may call the API from a browser; none where nothing is said. */
export function allowedOrigins(): readonly string[] {
  return (process.env[ENV.allowedOrigins] ?? '').split(',').filter((origin) => origin !== '');
}

/** Where the cache is, and how it is entered. */
export type CacheConfig = {
  readonly host: string;
  readonly port: number;
  readonly login:
    | { readonly kind: 'none' }
    | { readonly kind: 'iam'; readonly user: string; readonly cacheName: string };
};

export function cacheConfig(): CacheConfig {
  const auth = required(ENV.cacheAuth);
  if (auth !== 'iam' && auth !== 'none') {
    throw new Error(`The environment variable ${ENV.cacheAuth} must be "iam" or "none".`);
  }
  return {
    host: required(ENV.cacheHost),
    port: Number(required(ENV.cachePort)),
    login:
      auth === 'none'
        ? { kind: 'none' }
        : { kind: 'iam', user: required(ENV.cacheUser), cacheName: required(ENV.cacheName) },
  };
}

/**
 * What the ids of this stage have in common: which layout, from when they count, and where they are
 * minted.
 */
export function snowflakeSettings(): SnowflakeSettings {
  const settings = readJson(required(ENV.snowflake)) as Partial<SnowflakeSettings> | null;
  const { version, epochSeconds, regionId } = settings ?? {};
  if (!isBelow(version, 2 ** 5) || !isBelow(epochSeconds, 2 ** 33) || !isBelow(regionId, 2 ** 12)) {
    throw new Error(
      `The environment variable ${ENV.snowflake} must be like {"version":1,"epochSeconds":1659916800,"regionId":0}.`,
    );
  }
  return { version, epochSeconds, regionId };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isBelow(value: unknown, exclusiveMax: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < exclusiveMax;
}

/** The region that the function runs in; Lambda sets it. */
export function region(): string {
  const value = process.env.AWS_REGION;
  if (!value) {
    throw new Error('The environment variable AWS_REGION is missing or empty.');
  }
  return value;
}

/** What Lambda says of this environment, and of the call that it runs now. */
export function lambdaFacts() {
  const { AWS_LAMBDA_LOG_LEVEL, AWS_LAMBDA_INITIALIZATION_TYPE, _X_AMZN_TRACE_ID } = process.env;
  return {
    logLevel: AWS_LAMBDA_LOG_LEVEL ?? 'INFO',
    isStartedForCall: AWS_LAMBDA_INITIALIZATION_TYPE === 'on-demand',
    traceId: /(?:^|;)Root=([^;]+)/.exec(_X_AMZN_TRACE_ID ?? '')?.[1],
  };
}
