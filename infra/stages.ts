import type { FunctionSize } from './function-spec.ts';
import { readOptions, type StageDomain, type StageRequest } from './stage-options.ts';

/** How functions reach the cache: through its public endpoint, or in a common VPC. */
type CacheMode = 'public' | 'vpc';

/**
 * Everything that can differ between two stages. Stacks read these settings and never compare the
 * stage's name.
 */
export type StageSettings = {
  /** In lower case. Part of every physical name, so several stages can exist in one account. */
  readonly name: string;
  readonly cache: {
    readonly mode: CacheMode;
    /**
     * Upper limits of cost, in GB and in ElastiCache processing units a second (at least 1,000).
     */
    readonly maxStorageGb: number;
    readonly maxEcpuPerSecond: number;
  };
  readonly table: {
    readonly pointInTimeRecovery: boolean;
    readonly deletionProtection: boolean;
    /**
     * Upper limit of cost: request units a second beyond which DynamoDB throttles; undefined for
     * none.
     */
    readonly maxRequestUnits: { readonly read: number; readonly write: number } | undefined;
  };
  /**
   * The names of the table's indexes while the stage moves to other ones; null for those it needs.
   */
  readonly tableIndexes: readonly string[] | null;
  /** What happens to data and logs when the stack is deleted. */
  readonly removal: 'destroy' | 'retain';
  /** Whether destroying the stage requires typing its name. */
  readonly confirmDestroy: boolean;
  /** Memory in MB for each function size; the CPU share grows with it. */
  readonly memoryMb: Readonly<Record<FunctionSize, number>>;
  readonly logs: {
    readonly retentionDays: number;
    readonly level: 'DEBUG' | 'INFO' | 'WARN';
    /**
     * One line for each request from API Gateway. Needs the region's stack, once per account and
     * region.
     */
    readonly access: boolean;
  };
  /** Requests a second, and in one burst, that the gateway allows for all callers together. */
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
  /** Whether a single caller's requests per second are limited. */
  readonly rateLimits: 'on' | 'off';
  /**
   * Concurrent invocations of each queue consumer, at least 2. Without a limit nine queues can use
   * all of an account's concurrency (1,000, and 10 in a new account), and requests are throttled.
   */
  readonly consumerConcurrency: number;
  /**
   * Alarms cost money: `few` are for errors, dead letters and a stuck relay; `all` are for stages
   * with a person on call.
   */
  readonly alarms: 'few' | 'all';
  /** Whether the API has a firewall: 5 dollars a month and 1 for each rule. */
  readonly firewall: boolean;
  /** The API's host name; null for the one of AWS, which changes when the API is replaced. */
  readonly domain: StageDomain | null;
  /** Origins whose pages may call the API from a browser, such as `https://tools.example.com`. */
  readonly allowedOrigins: readonly string[];
  /** Other accounts that may put `group.seen` on the bus. */
  readonly producers: readonly string[];
  /**
   * Whether X-Ray traces requests through the gateway and the functions: 5 dollars for each million
   * traces.
   */
  readonly tracing: boolean;
  /** Whether there is a dashboard: 3 dollars a month each, beyond an account's first three. */
  readonly dashboard: boolean;
  /** The address that is notified when an alarm goes off and when it is over; null for none. */
  readonly alarmEmail: string | null;
  /**
   * Whether workers wait minutes between attempts at a tracker (`patient`), or seconds, for stages
   * that a person is watching (`quick`).
   */
  readonly syncBackoff: 'patient' | 'quick';
  /**
   * What operations over many issues may write in a second, all of them together: so much of the
   * table's capacity they take from requests and events.
   */
  readonly operations: { readonly writesPerSecond: number };
  /** The same between attempts to send a webhook, where patience is days. */
  readonly webhookAttempts: 'patient' | 'quick';
  /** The fixed parts of this stage's ids. Never change them after ids were minted. */
  readonly snowflake: {
    readonly version: number;
    readonly epochSeconds: number;
    readonly regionId: number;
  };
};

/** 2022-08-08T00:00:00Z, the epoch of Sentry's ids. */
const SNOWFLAKE = { version: 1, epochSeconds: 1_659_916_800, regionId: 0 } as const;

/** An engineer's own stack: quick to create, completely removable, and limited in cost. */
const PERSONAL: Omit<StageSettings, 'name'> = {
  cache: { mode: 'public', maxStorageGb: 1, maxEcpuPerSecond: 5_000 },
  table: {
    pointInTimeRecovery: false,
    deletionProtection: false,
    maxRequestUnits: { read: 2_000, write: 2_000 },
  },
  tableIndexes: null,
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
  allowedOrigins: [],
  producers: [],
  tracing: false,
  dashboard: false,
  alarmEmail: null,
  syncBackoff: 'patient',
  operations: { writesPerSecond: 500 },
  webhookAttempts: 'patient',
  snowflake: SNOWFLAKE,
};

/** Like `prod`, with lower limits; it may be destroyed. */
const STAGING: Omit<StageSettings, 'name'> = {
  cache: { mode: 'vpc', maxStorageGb: 5, maxEcpuPerSecond: 20_000 },
  table: {
    pointInTimeRecovery: true,
    deletionProtection: false,
    maxRequestUnits: { read: 10_000, write: 10_000 },
  },
  tableIndexes: null,
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
  allowedOrigins: [],
  producers: [],
  tracing: true,
  dashboard: true,
  alarmEmail: null,
  syncBackoff: 'patient',
  operations: { writesPerSecond: 2_000 },
  webhookAttempts: 'patient',
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
  operations: { writesPerSecond: 5_000 },
  firewall: true,
};

/** The named stages. `local` is a personal stage on one machine. */
const NAMED_STAGES: Readonly<Record<string, Omit<StageSettings, 'name'>>> = {
  local: {
    ...PERSONAL,
    syncBackoff: 'quick',
    webhookAttempts: 'quick',
    consumerConcurrency: 10,
  },
  staging: STAGING,
  prod: PROD,
};

/** The error for a missing or invalid name of a stage. */
export const NO_STAGE_NAMED =
  'Name a stage with -c stage=alice: lower-case letters, digits and single hyphens, ' +
  '1 to 20 of them, beginning with a letter';

/** At most 20 characters: the cache's names have at most 40, prefix included. */
const STAGE_NAME = /^[a-z](?:-?[a-z0-9]){0,19}$/;

/** `baton-region` is the stack that the stages of a region share. */
const TAKEN_NAMES: readonly string[] = ['region'];

/** The settings of a stage: those of a named stage, or of a personal one for any other name. */
export function stageSettings(request: StageRequest): StageSettings {
  const { stage } = request;
  if (typeof stage !== 'string' || !STAGE_NAME.test(stage)) {
    throw new Error(`${NO_STAGE_NAMED} (got ${JSON.stringify(stage)})`);
  }
  if (TAKEN_NAMES.includes(stage)) {
    throw new Error(
      `A stage cannot be called ${stage}: ` +
        `baton-${stage} is the stack that all stages of a region share. ` +
        'Name another with -c stage=alice.',
    );
  }
  const settings = { name: stage, ...(NAMED_STAGES[stage] ?? PERSONAL) };
  const { rateLimits, vpc, ...options } = readOptions(request);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return {
    ...settings,
    ...Object.fromEntries(given),
    ...(vpc !== undefined && {
      cache: { ...settings.cache, mode: vpc ? 'vpc' : 'public' },
    }),
    ...(rateLimits !== undefined && { rateLimits: rateLimits ? 'on' : 'off' }),
  };
}

/** The last part of the name of the archive of producers' events. */
export const INCOMING_ARCHIVE = 'incoming';

/** A physical name of one stage: `baton-alice`, `baton-alice-group-update`. */
export function stageName(
  { name }: Pick<StageSettings, 'name'>,
  ...parts: readonly string[]
): string {
  return ['baton', name, ...parts].join('-');
}
