import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { idSpaceExhausted } from '../domain/errors.ts';
import { packSnowflake, type SnowflakeSettings } from '../domain/snowflake.ts';
import type { CacheClient } from './client.ts';
import { snowflakeKey } from './keys.ts';
import { mintScript, settleScript } from './sequence-scripts.ts';

/** How long a mint waits for a second with a free number. */
const MAX_WAIT_MS = 5000;
/** A number that was taken and not answered is lost and harms nobody, so a mint may take as long, and be tried again. */
const MINT = { repeatable: true, timeoutMs: 5000 };

/**
 * The durable mark that a namespace has minted. It outlives the counters, so that a store which has lost its memory is
 * told from a new one.
 */
export type NamespaceMarks = {
  /** The incarnation of the counters that the namespace began with; null when it never minted. A consistent read. */
  read(namespace: string): Promise<string | null>;
  /** Puts the mark if there is none, and answers the incarnation that stands there now. */
  claim(namespace: string, incarnation: string): Promise<string>;
};

type Drawn = { ids: string[]; incarnation: string; waitMs: number };

/**
 * Mints snowflake ids: 16 a second and namespace, and what the last 300 seconds left over, by the clock of the Redis
 * server. One round trip a mint, one more for each second waited, and the table is asked only when the counters are gone.
 *
 * A `FLUSHALL`, or a failover to an empty replica, causes no duplicate: counters that are missing although the mark stands
 * were lost, and are born now: nothing is minted from a second at or before that. A failover to a replica that
 * lags may repeat the last numbers, which is why an insert still depends on its id being free.
 */
export function createSequence(deps: {
  client: CacheClient;
  settings: SnowflakeSettings;
  marks: NamespaceMarks;
}) {
  const { client, settings, marks } = deps;

  const underWay = new Map<string, Promise<unknown>>();

  /**
   * Mints ids, all in one round trip. Their order says nothing.
   *
   * @param model whose ids these are, e.g. `project`; each has a namespace of its own in each region
   * @param count how many; with 0 the namespace is only made ready
   * @throws DomainError `ids.exhausted` when no second came free in 5 s; ids minted until then are lost
   */
  async function mint(model: string, count = 1): Promise<string[]> {
    const namespace = `${model}:${settings.regionId}`;
    const giveUpAtMs = performance.now() + MAX_WAIT_MS;
    const ids: string[] = [];
    for (;;) {
      const drawn = await draw(namespace, count - ids.length);
      ids.push(...drawn.ids);
      if (ids.length >= count) return ids;
      if (performance.now() + drawn.waitMs > giveUpAtMs) throw idSpaceExhausted();
      await sleep(drawn.waitMs);
    }
  }

  /** Ids that may be handed out: as many as there are now, up to `count`. */
  async function draw(namespace: string, count: number): Promise<Drawn> {
    for (;;) {
      const drawn = await take(namespace, count, 'ask');
      if (drawn === null) {
        await once(namespace, () => make(namespace));
      } else {
        const { incarnation } = drawn;
        if (incarnation === '') return drawn;
        if (await once(`${namespace} ${incarnation}`, () => settle(namespace, incarnation))) {
          return drawn;
        }
      }
    }
  }

  /** Makes the counters of a namespace that has none, unless somebody else just did. */
  async function make(namespace: string): Promise<void> {
    const mark = await marks.read(namespace);
    await take(namespace, 0, mark === null ? 'new' : 'lost');
  }

  /**
   * Whether what an unconfirmed incarnation minted may be handed out. The mark stands before the first id is, and only
   * the incarnation that it names may have looked back as a new namespace does: between the reading of an absent mark
   * and the making of the counters, others may have minted, marked, and lost their memory.
   */
  async function settle(namespace: string, incarnation: string): Promise<boolean> {
    const legitimate = (await marks.claim(namespace, incarnation)) === incarnation;
    await client.run(
      (cluster) =>
        settleScript(
          cluster,
          [snowflakeKey(namespace)],
          [incarnation, legitimate ? 'confirm' : 'refuse'],
        ),
      MINT,
    );
    return legitimate;
  }

  async function take(
    namespace: string,
    count: number,
    whenMissing: 'ask' | 'new' | 'lost',
  ): Promise<Drawn | null> {
    const incarnation = whenMissing === 'new' ? randomUUID() : '';
    const args = [count, settings.epochSeconds, whenMissing, incarnation];
    const reply = await client.run(
      (cluster) => mintScript(cluster, [snowflakeKey(namespace)], args),
      MINT,
    );
    return reply === null ? null : readReply(reply as [string, number, ...number[]]);
  }

  function readReply([incarnation, waitMicros, ...runs]: [string, number, ...number[]]): Drawn {
    const ids: string[] = [];
    for (let index = 0; index < runs.length; index += 3) {
      const [second = 0, first = 0, length = 0] = runs.slice(index, index + 3);
      for (let sequence = first; sequence < first + length; sequence += 1) {
        const secondsSinceEpoch = second - settings.epochSeconds;
        ids.push(packSnowflake({ ...settings, secondsSinceEpoch, sequence }).toString());
      }
    }
    // A timer may fire a little early, and would find the same second.
    return { ids, incarnation, waitMs: waitMicros / 1000 + 1 };
  }

  /** Work that many mints need at the same moment is done once for all of them. */
  function once<T>(name: string, work: () => Promise<T>): Promise<T> {
    const running = underWay.get(name) as Promise<T> | undefined;
    if (running) return running;
    const started = work().finally(() => underWay.delete(name));
    underWay.set(name, started);
    return started;
  }

  return { mint };
}

export type Sequence = ReturnType<typeof createSequence>;
