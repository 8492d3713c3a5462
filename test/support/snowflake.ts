import type { SnowflakeParts, SnowflakeSettings } from '../../shared/domain/snowflake.ts';

/** Sentry's settings: 2022-08-08T00:00:00Z, no regions. */
export const SNOWFLAKE_SETTINGS: SnowflakeSettings = {
  version: 1,
  epochSeconds: 1_659_916_800,
  regionId: 0,
};

/** Takes an id apart. */
export function unpackSnowflake(id: bigint): SnowflakeParts {
  const version = (id >> 48n).toString(2).padStart(5, '0');
  return {
    version: Number(`0b${[...version].reverse().join('')}`),
    secondsSinceEpoch: Number((id >> 16n) & 0xffff_ffffn),
    regionId: Number((id >> 4n) & 0xfffn),
    sequence: Number(id & 0xfn),
  };
}
