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
 * How long the answer to a mint may take in a consumer, which waits for ids anyway. A mint that is
 * done twice loses numbers, which harms nobody.
 */
const MINT: RunOptions = { timeoutMs: 2000 };

/**
 * Puts the durable mark that a namespace has minted, if there is none yet: the name of the
 * incarnation of its counters that began it. Answers the name that stands there now. The mark
 * outlives the counters, which is how a store that has lost its memory is told from a new one.
 */
export type ClaimNamespace = (namespace: string, incarnation: string) => Promise<string>;

type Drawn = { ids: string[]; unconfirmed: string; waitMs: number };

/**
 * Mints snowflake ids: 16 a second and namespace, and what the last 300 seconds left over, by the
 * clock of the Redis server. One round trip a mint, one more for each second waited; the table is
 * asked only after the counters were made.
 *
 * A `FLUSHALL`, or a failover to an empty replica, causes no duplicate: counters that are not the
 * first of their namespace are born when that is found out, what they minted until then is dropped,
 * and nothing is minted from a second at or before their birth. A failover to a replica that lags
 * may repeat the last numbers, which is why an insert still depends on its id being free.
 */
export function createSequence(deps: {
  client: CacheClient;
  settings: SnowflakeSettings;
  claimNamespace: ClaimNamespace;
}) {
  const { client, settings, claimNamespace } = deps;
  const minter = randomUUID();
  const raising = new Map<string, Promise<boolean>>();

  /**
   * Mints ids, all in one round trip. Their order says nothing.
   *
   * @param model whose ids these are, e.g. `project`; each has a namespace of its own in each
   * region
   * @param count how many; with 0 the namespace is only made ready
   * @throws DomainError `ids.exhausted` when no second came free in 5 s, `ids.unavailable` when the
   * counters cannot be reached; ids minted until then are lost
   */
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

  /** Ids that may be handed out: as many as there are now, up to `count`. */
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
    // A timer may fire a little early, and would find the same second.
    return { ids: idsOf(runs, settings), unconfirmed, waitMs: waitMicros / 1000 + 1 };
  }

  /**
   * Whether these counters began the namespace, so that what they minted may be handed out: they
   * put the mark, or it names them. Many mints that meet new counters ask once.
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

  /** Nothing takes the place of the counters: without them there are no ids. */
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

/** Runs are (second, first number, how many), one after the other. */
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
