import { parseJsonOrNull } from '../domain/json.ts';
import type { CacheClient, CacheResult } from './client.ts';
import { createScript } from './script.ts';

/** How long an entry lives that was not confirmed yet. */
const UNCONFIRMED_SECONDS = 60;

/**
 * What a filler saw before it wrote an entry about a group, and how to see whether that still
 * holds.
 */
export type FillBasis = {
  /** The project's clock before the table was read. */
  asOfSeconds: number;
  /** Version of the group's assignment as it was read; 0 for a group that was never assigned. */
  version: number;
  /** Reads that version again, consistently. */
  readVersion: () => Promise<number>;
};

/** An entry to write, and its full life. */
export type NewEntry = {
  readonly key: string;
  readonly value: string;
  readonly lifeSeconds: number;
};

/** Gives an entry its full life if it is still the one that was written. */
const confirmScript = createScript(
  'batonConfirmEntry',
  `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('EXPIRE', KEYS[1], ARGV[2])`,
);

/**
 * Writes an entry that an unassignment may overtake on its way. It gets a short life first, and its
 * full one after the group's version was found unmoved; if it moved, it is deleted. A filler that
 * dies in between leaves an entry that is gone within a minute. The value is whether the entry
 * stands.
 *
 * @throws what `readVersion` throws, after the entry was deleted
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
  const stands = versionNow === version;
  if (stands && lifeSeconds <= shortLifeSeconds) {
    return { ok: true, value: true };
  }
  const stored = await client.attempt(
    (cluster): Promise<unknown> =>
      stands ? confirmScript(cluster, [key], [value, lifeSeconds]) : cluster.del(key),
  );
  return stored.ok ? { ok: true, value: stands } : stored;
}

/** A number that was cached as JSON; null when there is none. */
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
