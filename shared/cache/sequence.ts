import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { idSpaceExhausted, idsUnavailable } from '../domain/errors.ts';
import { packSnowflake, type SnowflakeSettings } from '../domain/snowflake.ts';
import type { CacheClient, RunOptions } from './client.ts';
import { snowflakeKey } from './keys.ts';
import type { Script } from './script.ts';
import { highWaterScript, mintScript } from './sequence-scripts.ts';

/** How long a mint waits for a second with a free number. */
const MAX_WAIT_MS = 5000;
/**
 * The limit for the answer to a mint in a consumer, which waits for ids anyway. A mint that runs
 * twice loses numbers, which does no harm.
 */
const MINT: RunOptions = { timeoutMs: 2000 };

/**
 * Stores the name of the incarnation of the counters that began a namespace, unless one is stored;
 * returns the stored name. The row outlives the counters, and so distinguishes a store that lost
 * its memory from a new one.
 */
export type ClaimNamespace = (namespace: string, incarnation: string) => Promise<string>;

type Drawn = { ids: string[]; unconfirmed: string; waitMs: number };

/**
 * Mints snowflake ids: 16 for each second and namespace, including the unused ones of the last 300
 * seconds, by the clock of the Redis server. One round trip for each mint, one more for each second
 * waited; the table is only read after the counters were created.
 */
export function createSequence(deps: {
  client: CacheClient;
  settings: SnowflakeSettings;
  claimNamespace: ClaimNamespace;
}) {
  const { client, settings, claimNamespace } = deps;
  const minter = randomUUID();
  const raising = new Map<string, Promise<boolean>>();

  /** Mints ids, all in one round trip. Their order has no meaning. */
  async function mint(model: string, count = 1): Promise<string[]> {
    const namespace = `${model}:${settings.regionId}`;
    const giveUpAtMs = performance.now() + MAX_WAIT_MS;
    const ids: string[] = [];
    for (;;) {
      const drawn = await draw(namespace, count - ids.length);
      ids.push(...drawn.ids);
      if (ids.length >= count) {
        return ids;
      }
      if (performance.now() + drawn.waitMs > giveUpAtMs) {
        throw idSpaceExhausted();
      }
      await sleep(drawn.waitMs);
    }
  }

  /** Confirmed ids: as many as are free now, up to `count`. */
  async function draw(namespace: string, count: number): Promise<Drawn> {
    for (;;) {
      const drawn = await take(namespace, count);
      const { unconfirmed } = drawn;
      if (unconfirmed === '' || (await isFirst(namespace, unconfirmed))) {
        return drawn;
      }
    }
  }

  async function take(namespace: string, count: number): Promise<Drawn> {
    const args = [count, settings.epochSeconds, minter];
    const reply = await runScript(mintScript, namespace, args);
    const [unconfirmed, waitMicros, ...runs] = reply as [string, number, ...number[]];
    // A timer may fire slightly early, within the same second.
    return { ids: idsOf(runs, settings), unconfirmed, waitMs: waitMicros / 1000 + 1 };
  }

  /**
   * Whether these counters began the namespace, so that their numbers can be used. Concurrent mints
   * that meet new counters check once.
   */
  function isFirst(namespace: string, incarnation: string): Promise<boolean> {
    const running = raising.get(incarnation);
    if (running) {
      return running;
    }
    const started = raiseHighWater(namespace, incarnation).finally(() =>
      raising.delete(incarnation),
    );
    raising.set(incarnation, started);
    return started;
  }

  async function raiseHighWater(namespace: string, incarnation: string): Promise<boolean> {
    const first = (await claimNamespace(namespace, incarnation)) === incarnation;
    const args = [incarnation, first ? 'first' : 'later'];
    await runScript(highWaterScript, namespace, args);
    return first;
  }

  /** Runs a script. There is no fallback: without the counters there are no ids. */
  async function runScript(
    script: Script,
    namespace: string,
    args: readonly (string | number)[],
  ): Promise<unknown> {
    try {
      return await client.run((cluster) => script(cluster, [snowflakeKey(namespace)], args), MINT);
    } catch (error) {
      throw idsUnavailable(error);
    }
  }

  return { mint };
}

export type Sequence = ReturnType<typeof createSequence>;

/** The runs are triples: second, first number, how many. */
function idsOf(runs: readonly number[], settings: SnowflakeSettings): string[] {
  const ids: string[] = [];
  for (let index = 0; index < runs.length; index += 3) {
    const [second = 0, first = 0, length = 0] = runs.slice(index, index + 3);
    for (let sequence = first; sequence < first + length; sequence += 1) {
      const secondsSinceEpoch = second - settings.epochSeconds;
      ids.push(packSnowflake({ ...settings, secondsSinceEpoch, sequence }).toString());
    }
  }
  return ids;
}
