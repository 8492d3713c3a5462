import type { Cluster } from 'ioredis';

/** A Lua script that runs where its first key lives, all of it at once. */
export type Script = (
  cluster: Cluster,
  keys: readonly string[],
  args?: readonly (string | number)[],
) => Promise<unknown>;

/**
 * Makes a script callable. A connection's first call carries the text, the others its digest alone,
 * so that every call is one round trip, the first one too.
 *
 * @param name unique among scripts: a connection knows the script by it
 */
export function createScript(name: string, lua: string): Script {
  return (cluster, keys, args = []) => {
    if (!(name in cluster)) {
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
