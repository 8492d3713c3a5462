import type { Cluster } from 'ioredis';
import { parseJson } from './entry.ts';
import { createScript } from './script.ts';

/**
 * Characters of cached texts that one process remembers. The text read last stays in any case, so
 * that a project with more rules than that is served as well.
 */
const REMEMBERED_CHARACTERS = 2_000_000;

/** Longer than the time at the end of a text, `1763800000.123456]`. */
const TAIL_BYTES = 40;

/**
 * Gets the texts of keys of one slot; the number 1 for a text that the caller holds already, by its
 * length and the time at its end.
 */
const getChangedScript = createScript(
  'batonGetChanged',
  `local replies = {}
for at, key in ipairs(KEYS) do
  local tail = redis.call('GETRANGE', key, -${TAIL_BYTES}, -1)
  local stamp = redis.call('STRLEN', key) .. ':' .. string.match(tail, '[%d.]*%]?$')
  replies[at] = ARGV[at] == stamp and 1 or redis.call('GET', key)
end
return replies`,
);

/** A text that was read before, by what tells it from others, and the value that it holds. */
type Remembered = { readonly stamp: string; readonly length: number; readonly value: unknown };

/**
 * Reads JSON texts, of which only those travel and are parsed that have changed since this process
 * read them last. For texts that end with the time at which they were made.
 */
export function createChangedTexts({ limit = REMEMBERED_CHARACTERS } = {}) {
  const remembered = new Map<string, Remembered>();
  let characters = 0;

  function forget(key: string): void {
    characters -= remembered.get(key)?.length ?? 0;
    remembered.delete(key);
  }

  /** The one read last is the last to be forgotten. */
  function remember(key: string, entry: Remembered): unknown {
    forget(key);
    remembered.set(key, entry);
    characters += entry.length;
    for (const other of remembered.keys()) {
      if (characters <= limit || other === key) {
        break;
      }
      forget(other);
    }
    return entry.value;
  }

  function parse(key: string, reply: unknown, held: Remembered | undefined): unknown {
    if (typeof reply === 'string') {
      return remember(key, { ...stampOf(reply), value: parseJson(reply) });
    }
    if (reply === null || held === undefined) {
      forget(key);
      return null;
    }
    return remember(key, held);
  }

  return {
    /** The values under keys of one slot; null for what is absent or no JSON. One round trip. */
    async read(cluster: Cluster, keys: readonly string[]): Promise<unknown[]> {
      const held = keys.map((key) => remembered.get(key));
      const stamps = held.map((entry) => entry?.stamp ?? '');
      const replies = (await getChangedScript(cluster, keys, stamps)) as unknown[];
      return keys.map((key, at) => parse(key, replies[at], held[at]));
    },
  };
}

/** What tells a text from others: its length in bytes, and the time at its end. */
function stampOf(text: string): { stamp: string; length: number } {
  const time = /[\d.]*\]?$/.exec(text.slice(-TAIL_BYTES))?.[0] ?? '';
  return { stamp: `${Buffer.byteLength(text)}:${time}`, length: text.length };
}
