import type { Cluster } from 'ioredis';

/** A Lua script. It runs atomically on the shard of its first key. */
export type Script = (
  cluster: Cluster,
  keys: readonly string[],
  args?: readonly (string | number)[],
) => Promise<unknown>;

/**
 * Makes a script callable. The first call on a connection sends the text, later calls only its
 * digest, so every call is one round trip.
 */
export function createScript(name: string, lua: string): Script {
  return (cluster, keys, args = []) => {
    if (!Object.hasOwn(cluster, name)) {
      cluster.defineCommand(name, { lua });
    }
    const commands = cluster as unknown as Record<
      string,
      (...all: (string | number)[]) => Promise<unknown>
    >;
    const command = commands[name];
    if (!command) {
      throw new Error(`The script ${name} is not defined.`);
    }
    return command.call(cluster, keys.length, ...keys, ...args);
  };
}
