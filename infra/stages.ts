import type { FunctionSize } from './functions.ts';
import { readOptions, type StageDomain, type StageRequest } from './stage-options.ts';

/**
 * How functions reach the cache: over its public endpoint, or inside a VPC that they share with it.
 */
export type CacheMode = 'public' | 'vpc';

/** All that may differ between two stages. Stacks read it and never ask for a stage's name. */
export type StageSettings = {
  /** Lower-case; part of every physical name, so two stages live side by side in one account. */
  readonly name: string;
  readonly cache: {
    readonly mode: CacheMode;
    /**
     * The cost fuse: upper limits, in GB and in ElastiCache processing units a second (at least
     * 1,000).
     */
    readonly maxStorageGb: number;
    readonly maxEcpuPerSecond: number;
  };
  readonly table: {
    readonly pointInTimeRecovery: boolean;
    readonly deletionProtection: boolean;
    /**
     * The cost fuse: request units a second beyond which DynamoDB throttles; undefined lifts it.
     */
    readonly maxRequestUnits: { readonly read: number; readonly write: number } | undefined;
  };
  /** What becomes of data and logs when the stack goes. */
  readonly removal: 'destroy' | 'retain';
  /** Whether whoever destroys the stage has to type its name. */
  readonly confirmDestroy: boolean;
  /** Memory in MB for each size of the function catalog; CPU grows with it. */
  readonly memoryMb: Readonly<Record<FunctionSize, number>>;
  readonly logs: {
    readonly retentionDays: number;
    readonly level: 'DEBUG' | 'INFO' | 'WARN';
    /**
     * One line per request from API Gateway; needs the region's own stack, once per account and
     * region.
     */
    readonly access: boolean;
  };
  /**
   * Requests a second, and in one burst, that the gateway lets through for all callers together.
   */
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
  /** Whether a single caller's requests per second are limited. */
  readonly rateLimits: 'on' | 'off';
  /**
   * Invocations at a time of each function that takes from a queue: 2 at least. Without a limit
   * nine queues can take all that an account may run, 1,000 at a time and 10 in a new one, and
   * requests find no room.
   */
  readonly consumerConcurrency: number;
  /**
   * An alarm costs money: `few` are about errors, dead letters and a standstill; `all` want a
   * person on call.
   */
  readonly alarms: 'few' | 'all';
  /** Whether a firewall stands in front of the API: 5 dollars a month and 1 a rule. */
  readonly firewall: boolean;
  /**
   * The API's own host name; null: the one that AWS gives it, which a replaced API does not keep.
   */
  readonly domain: StageDomain | null;
  /** Other accounts that may put `group.seen` on the bus. */
  readonly producers: readonly string[];
  /**
   * Whether X-Ray follows requests through the gateway and the functions: 5 dollars a million that
   * it samples.
   */
  readonly tracing: boolean;
  /** Whether there is a dashboard: 3 dollars a month each, beyond the first three of an account. */
  readonly dashboard: boolean;
  /**
   * Who is written to when an alarm goes off, and when it is over; null: the topic has subscribers
   * elsewhere, or none.
   */
  readonly alarmEmail: string | null;
  /**
   * Whether workers wait minutes between attempts at a tracker, or seconds, because somebody is
   * watching.
   */
  readonly syncBackoff: 'patient' | 'quick';
  /**
   * The fixed segments of the ids that this stage mints. Never change them where ids have been
   * minted.
   */
  readonly snowflake: {
    readonly version: number;
    readonly epochSeconds: number;
    readonly regionId: number;
  };
};

/** 2022-08-08T00:00:00Z, the epoch of Sentry's own ids. */
const SNOWFLAKE = { version: 1, epochSeconds: 1_659_916_800, regionId: 0 } as const;

/** An engineer's own stack: quick to create, gone without a trace, unable to become expensive. */
const PERSONAL: Omit<StageSettings, 'name'> = {
  cache: { mode: 'public', maxStorageGb: 1, maxEcpuPerSecond: 5_000 },
  table: {
    pointInTimeRecovery: false,
    deletionProtection: false,
    maxRequestUnits: { read: 2_000, write: 2_000 },
  },
  removal: 'destroy',
  confirmDestroy: false,
  memoryMb: { light: 512, request: 1_024, worker: 1_024 },
  logs: { retentionDays: 7, level: 'DEBUG', access: false },
  throttle: { ratePerSecond: 200, burst: 400 },
  rateLimits: 'on',
  consumerConcurrency: 2,
  alarms: 'few',
  firewall: false,
  domain: null,
  producers: [],
  tracing: false,
  dashboard: false,
  alarmEmail: null,
  syncBackoff: 'patient',
  snowflake: SNOWFLAKE,
};

/** The same stack as `prod` with less at stake: it may be destroyed. */
const STAGING: Omit<StageSettings, 'name'> = {
  cache: { mode: 'vpc', maxStorageGb: 5, maxEcpuPerSecond: 20_000 },
  table: {
    pointInTimeRecovery: true,
    deletionProtection: false,
    maxRequestUnits: { read: 10_000, write: 10_000 },
  },
  removal: 'destroy',
  confirmDestroy: true,
  memoryMb: { light: 512, request: 1_769, worker: 1_769 },
  logs: { retentionDays: 30, level: 'INFO', access: true },
  throttle: { ratePerSecond: 1_000, burst: 2_000 },
  rateLimits: 'on',
  consumerConcurrency: 10,
  alarms: 'all',
  firewall: false,
  domain: null,
  producers: [],
  tracing: true,
  dashboard: true,
  alarmEmail: null,
  syncBackoff: 'patient',
  snowflake: SNOWFLAKE,
};

const PROD: Omit<StageSettings, 'name'> = {
  ...STAGING,
  cache: { mode: 'vpc', maxStorageGb: 50, maxEcpuPerSecond: 200_000 },
  table: { pointInTimeRecovery: true, deletionProtection: true, maxRequestUnits: undefined },
  removal: 'retain',
  logs: { retentionDays: 365, level: 'INFO', access: true },
  throttle: { ratePerSecond: 5_000, burst: 5_000 },
  consumerConcurrency: 50,
  firewall: true,
};

/**
 * The stages that are not a person's, and `local`: a personal stage by the name that one machine
 * runs it under.
 */
const NAMED_STAGES: Readonly<Record<string, Omit<StageSettings, 'name'>>> = {
  local: { ...PERSONAL, syncBackoff: 'quick', consumerConcurrency: 10 },
  staging: STAGING,
  prod: PROD,
};

/** What is said to whoever names no stage, or one that cannot be. */
export const NO_STAGE_NAMED =
  'Name a stage with -c stage=alice: lower-case letters, digits and single hyphens, ' +
  '1 to 20 of them, beginning with a letter';

/** Short enough that the cache's names, at most 40 characters, keep room for a prefix. */
const STAGE_NAME = /^[a-z](?:-?[a-z0-9]){0,19}$/;

/**
 * `baton-region` is the stack that the stages of a region share; a stage of that name would replace
 * it.
 */
const TAKEN_NAMES: readonly string[] = ['region'];

/**
 * The settings of a stage: those of `staging` or `prod`, and a personal stage under any other name.
 *
 * @throws Error when the name cannot be part of physical names, or when an override has no such
 * value.
 */
export function stageSettings(request: StageRequest): StageSettings {
  const { stage } = request;
  if (typeof stage !== 'string' || !STAGE_NAME.test(stage)) {
    throw new Error(`${NO_STAGE_NAMED} (got ${JSON.stringify(stage)})`);
  }
  if (TAKEN_NAMES.includes(stage)) {
    throw new Error(
      `A stage cannot be called ${stage}: baton-${stage} is the stack that all stages of a region share. ` +
        'Name another with -c stage=alice.',
    );
  }
  const settings = { name: stage, ...(NAMED_STAGES[stage] ?? PERSONAL) };
  const { rateLimits, ...options } = readOptions(request);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return {
    ...settings,
    ...Object.fromEntries(given),
    ...(rateLimits !== undefined && { rateLimits: rateLimits ? 'on' : 'off' }),
  };
}

/** The last part of the name of the archive that keeps events from outside. */
export const INCOMING_ARCHIVE = 'incoming';

/** A physical name that belongs to one stage: `baton-alice`, `baton-alice-group-update`. */
export function stageName(
  { name }: Pick<StageSettings, 'name'>,
  ...parts: readonly string[]
): string {
  return ['baton', name, ...parts].join('-');
}
