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

  /**
   * Mints ids, all in one round trip. Their order says nothing.
   *
   * @param model whose ids these are, e.g. `project`; each has a namespace of its own in each region
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

  /** Ids that may be handed out, as many as there are. */
  async function draw(namespace: string, count: number): Promise<Drawn> {
    const drawn =
      (await take(namespace, count, 'ask')) ??
      (await take(namespace, count, (await marks.read(namespace)) === null ? 'new' : 'lost'));
    if (!drawn) throw new Error(`The counters of ${namespace} were not made.`);
    return drawn.incarnation === '' ? drawn : confirmed(namespace, drawn);
  }

  /**
   * The mark stands before the first id is handed out, and only the incarnation that it names may have looked back as a
   * new namespace does. Between the reading of an absent mark and the making of the counters others may have minted,
   * marked, and lost their memory: then these ids may be theirs, and are dropped.
   */
  async function confirmed(namespace: string, drawn: Drawn): Promise<Drawn> {
    const marked = await marks.claim(namespace, drawn.incarnation);
    const verdict = marked === drawn.incarnation ? 'confirm' : 'refuse';
    const settled = await client.attempt(
      (cluster) => settleScript(cluster, [snowflakeKey(namespace)], [drawn.incarnation, verdict]),
      MINT,
    );
    if (verdict === 'confirm') return drawn;
    if (!settled.ok) throw settled.error;
    return { ...drawn, ids: [], waitMs: 0 };
  }

  async function take(
    namespace: string,
    count: number,
    whenMissing: 'ask' | 'new' | 'lost',
  ): Promise<Drawn | null> {
    const newborn = whenMissing === 'new' ? randomUUID() : '';
    const args = [count, settings.epochSeconds, whenMissing, newborn];
    const reply = await client.run(
      (cluster) => mintScript(cluster, [snowflakeKey(namespace)], args),
      MINT,
    );
    if (reply === null) return null;
    const [incarnation, waitMicros, ...runs] = reply as [string, number, ...number[]];
    return { ids: unpackRuns(runs, settings), incarnation, waitMs: waitMicros / 1000 + 1 };
  }

  return { mint };
}

export type Sequence = ReturnType<typeof createSequence>;

/** Runs are (second, first number, how many), one after the other. */
function unpackRuns(runs: readonly number[], settings: SnowflakeSettings): string[] {
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
