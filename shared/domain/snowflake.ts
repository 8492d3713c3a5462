/**
 * Snowflake ids: 53 bits, so that an id is exact even where it is read as a JavaScript number, and
 * sorts by time.
 *
 *     52     48 47                                            16 15             4 3       0
 *    ┌─────────┬────────────────────────────────────────────────┬────────────────┬─────────┐
 *    │ version │ seconds since the epoch of the settings        │ region         │ sequence│
 *    │ 5 bits, │ 32 bits, 136 years                             │ 12 bits        │ 4 bits  │
 *    │ reversed│                                                │                │         │
 *    └─────────┴────────────────────────────────────────────────┴────────────────┴─────────┘
 *
 * Packed with `bigint`: the bit operators of numbers cut at 32 bits.
 */

/** What a stage's ids have in common. */
export type SnowflakeSettings = {
  /** Of the layout, 0 to 31. Stored with its bits reversed: 1 becomes 16. */
  readonly version: number;
  /** Unix seconds from which ids count. Their first second is the one after it. */
  readonly epochSeconds: number;
  /** Where the ids are minted, 0 to 4095. 0 where there is only one region. */
  readonly regionId: number;
};

/** The four segments of an id, by their meaning. */
export type SnowflakeParts = {
  readonly version: number;
  readonly secondsSinceEpoch: number;
  readonly regionId: number;
  readonly sequence: number;
};

/** Ids of one second, region and namespace. */
export const SEQUENCES_PER_SECOND = 16;

const VERSION = defineSegment('Version ID', 5);
const TIME_DIFFERENCE = defineSegment('Time difference', 32);
const REGION = defineSegment('Region ID', 12);
const SEQUENCE = defineSegment('Region sequence', 4);
const SNOWFLAKE = defineSegment('Snowflake ID', 53);

type Segment = { readonly name: string; readonly bits: number };

/**
 * A named run of bits.
 *
 * @throws RangeError for a length that is not positive
 */
export function defineSegment(name: string, bits: number): Segment {
  if (bits <= 0) {
    throw new RangeError('The length should be a positive number');
  }
  return { name, bits };
}

/**
 * Puts an id together.
 *
 * @throws RangeError for a part that its segment cannot hold, e.g. `Region ID exceed max bit value
 * of 12`
 */
export function packSnowflake(parts: SnowflakeParts): bigint {
  const version = reversed(requireFit(VERSION, parts.version));
  const time = requireFit(TIME_DIFFERENCE, parts.secondsSinceEpoch);
  const region = requireFit(REGION, parts.regionId);
  const sequence = requireFit(SEQUENCE, parts.sequence);
  return requireFit(SNOWFLAKE, (((((version << 32n) | time) << 12n) | region) << 4n) | sequence);
}

/** The version's bits in the opposite order. */
function reversed(version: bigint): bigint {
  const bits = version.toString(2).padStart(VERSION.bits, '0');
  return BigInt(`0b${[...bits].reverse().join('')}`);
}

function requireFit({ name, bits }: Segment, value: number | bigint): bigint {
  const fits =
    (typeof value === 'bigint' || Number.isInteger(value)) && value >= 0 && value < 2 ** bits;
  if (!fits) {
    throw new RangeError(`${name} exceed max bit value of ${bits}`);
  }
  return BigInt(value);
}
