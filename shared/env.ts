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
  /** Host name of the cache. This and the four that follow are written when a function is bound to the cache. */
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
  /** JSON `{"version","epochSeconds","regionId"}`: the fixed segments of the ids that this stage mints. */
  snowflake: 'BATON_SNOWFLAKE',
} as const;

/** The name of one of Baton's environment variables. */
export type EnvName = (typeof ENV)[keyof typeof ENV];
