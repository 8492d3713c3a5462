import { parseJsonOrNull } from '../domain/json.ts';
import type { CacheClient, CacheResult } from './client.ts';
import { createScript } from './script.ts';

/** The life of an entry before it is confirmed. */
const UNCONFIRMED_SECONDS = 60;

/**
 * The state that an entry about a group was computed from, and a way to check that it is still the
 * present one.
 */
export type FillBasis = {
  /** The project's clock before the table was read, in unix seconds. */
  asOfSeconds: number;
  /** Version of the group's assignment as it was read; 0 for a group that was never assigned. */
  version: number;
  /** Reads the version again, with a consistent read. */
  readVersion: () => Promise<number>;
};

/** An entry to write, and its full life. */
export type NewEntry = {
  readonly key: string;
  readonly value: string;
  readonly lifeSeconds: number;
};

/** Extends an entry to its full life, if it still has the value that was written. */
const confirmScript = createScript(
  'batonConfirmEntry',
  `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('EXPIRE', KEYS[1], ARGV[2])`,
);

/**
 * Writes an entry that a concurrent unassignment may make wrong. The entry first gets a short life.
 * If the group's version is unchanged after that, it gets its full life; otherwise it is deleted. A
 * process that dies in between leaves an entry for a minute at most. The result says whether the
 * entry was kept.
 */
export async function fillEntry(
  client: CacheClient,
  { key, value, lifeSeconds }: NewEntry,
  { version, readVersion }: FillBasis,
): Promise<CacheResult<boolean>> {
  const shortLifeSeconds = Math.min(lifeSeconds, UNCONFIRMED_SECONDS);
  const written = await client.attempt((cluster) =>
    cluster.set(key, value, 'EX', shortLifeSeconds),
  );
  if (!written.ok) {
    return written;
  }

  let versionNow: number;
  try {
    versionNow = await readVersion();
  } catch (error) {
    await client.attempt((cluster) => cluster.del(key));
    throw error;
  }
  const isCurrent = versionNow === version;
  if (isCurrent && lifeSeconds <= shortLifeSeconds) {
    return { ok: true, value: true };
  }
  const stored = await client.attempt(
    (cluster): Promise<unknown> =>
      isCurrent ? confirmScript(cluster, [key], [value, lifeSeconds]) : cluster.del(key),
  );
  return stored.ok ? { ok: true, value: isCurrent } : stored;
}

/** A number that was cached as JSON; null for anything else. */
export function parseSeconds(text: string | null | undefined): number | null {
  const value = parseJson(text);
  return typeof value === 'number' ? value : null;
}

/**
 * The JSON of a cached text; null without a text. An entry in a form of another release that is not
 * JSON counts as absent.
 */
export function parseJson(text: string | null | undefined): unknown {
  return text === null || text === undefined ? null : parseJsonOrNull(text);
}
