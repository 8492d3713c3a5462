/**
 * The names of the environment variables by which a deployed function learns its surroundings.
 * The stack writes them, `config.ts` reads them; a name is spelled here and nowhere else.
 */
export const ENV = {
  /** Physical name of the table. Written when a function is bound to the table. */
  table: 'BATON_TABLE',
  /** Name of the event bus. Written when a function is bound to the bus. */
  bus: 'BATON_BUS',
  /** Name of the stage, e.g. `alice` or `prod`. */
  stage: 'BATON_STAGE',
  /**
   * Host name of the cache. This and the four that follow are written when a function is bound to
   * the cache.
   */
  cacheHost: 'BATON_CACHE_HOST',
  /** Port of the cache. */
  cachePort: 'BATON_CACHE_PORT',
  /** How to log in to the cache: `iam` (TLS and a signed token) or `none` (a plain connection). */
  cacheAuth: 'BATON_CACHE_AUTH',
  /** Name of the cache, lower-case: part of what an IAM token signs. */
  cacheName: 'BATON_CACHE_NAME',
  /** User of the cache; its id and its name are the same. */
  cacheUser: 'BATON_CACHE_USER',
  /** `on` or `off`: whether a caller's requests per second are limited. */
  rateLimits: 'BATON_RATE_LIMITS',
  /** Origins whose pages may call the API from a browser, separated by commas; not where none. */
  allowedOrigins: 'BATON_ALLOWED_ORIGINS',
  /**
   * URL of the queue whose workers bring links to external issues up to date. Written when a
   * function is bound to it.
   */
  outboundQueue: 'BATON_SYNC_OUTBOUND_QUEUE_URL',
  /** URL of the queue whose workers apply webhooks. Written when a function is bound to it. */
  inboundQueue: 'BATON_SYNC_INBOUND_QUEUE_URL',
  /** URL of the queue that wakes whoever sends webhooks. Written when a function is bound to it. */
  webhookQueue: 'BATON_WEBHOOK_QUEUE_URL',
  /** `patient` or `quick`: how long webhooks wait between attempts. */
  webhookAttempts: 'BATON_WEBHOOK_ATTEMPTS',
  /**
   * URL of the queue that a worker of a FIFO queue takes from. This and the two that follow are
   * written for such workers.
   */
  queue: 'BATON_QUEUE_URL',
  /**
   * URL of the queue for messages that a worker gives up, or a consumer cannot read; not where it
   * cannot reach SQS.
   */
  deadLetterQueue: 'BATON_DEAD_LETTER_QUEUE_URL',
  /** `patient` or `quick`: how long the worker waits between attempts. */
  syncBackoff: 'BATON_SYNC_BACKOFF',
  /** How many writes the stage's operations over many issues may make in a second. */
  operationWrites: 'BATON_OPERATION_WRITES_PER_SECOND',
  /** How many workers of operations there are at most at the same time. */
  operationWorkers: 'BATON_OPERATION_WORKERS',
  /**
   * JSON `{"version","epochSeconds","regionId"}`: the fixed segments of the ids that this stage
   * mints.
   */
  snowflake: 'BATON_SNOWFLAKE',
} as const;

/** The name of one of Baton's environment variables. */
export type EnvName = (typeof ENV)[keyof typeof ENV];
