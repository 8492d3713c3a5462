import type { Cluster, ClusterOptions } from 'ioredis';

/** How the cache is entered: on one machine as it is, in AWS over TLS with a signed token as password. */
export type CacheAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'iam'; readonly user: string; readonly token: () => Promise<string> };

/** What came of a use of the cache that must never fail its caller. */
export type CacheResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Error };

/** How one use of the cache behaves when the connection dies under it. */
export type RunOptions = {
  /** Doing it twice does no harm, so it is done again, once, on a fresh connection. Default: false. */
  repeatable?: boolean;
  /** How long the answer may take once the connection stands. Default: 500. */
  timeoutMs?: number;
};

const CONNECT_TIMEOUT_MS = 1000;
/** Connecting, logging in and reading the slots, together. */
const OPEN_TIMEOUT_MS = 2500;
const COMMAND_TIMEOUT_MS = 500;
/** ElastiCache ends a connection after 12 hours. */
const LIFE_MS = 11 * 60 * 60 * 1000;

type Connection = { cluster: Cluster; openedAtMs: number; inUse: number; retired: boolean };

/**
 * A cache in cluster mode that is connected when it is first used and replaced when it must be: after its connection
 * ended (a function that was frozen wakes up with a dead socket), after an answer that did not come, and after 11 hours.
 * Each new connection logs in with a fresh token. Every use is bounded in time, also against a host that swallows packets.
 */
export function createCacheClient(options: {
  host: string;
  port: number;
  auth: CacheAuth;
  /** Unix milliseconds. Not a monotonic clock: that one may stand still while a function is frozen. */
  now?: () => number;
}) {
  const { host, port, auth, now = Date.now } = options;
  let opening: Promise<Connection> | undefined;
  let current: Connection | undefined;
  let outage: { untilMs: number; error: Error } | undefined;

  /** The connection in use, or a new one; uses that meet while one is being opened share it. */
  function connect(): Promise<Connection> {
    if (current && (hasEnded(current) || now() - current.openedAtMs >= LIFE_MS)) retire(current);
    if (current) return Promise.resolve(current);
    if (opening) return opening;
    if (outage && now() < outage.untilMs) return Promise.reject(outage.error);
    const startedAtMs = now();
    opening = openCluster(host, port, auth)
      .then((cluster) => {
        outage = undefined;
        current = { cluster, openedAtMs: startedAtMs, inUse: 0, retired: false };
        return current;
      })
      .catch((error: Error) => {
        // Rests for as long as the failure took: a refused connection is tried again at once, and a host that
        // swallows packets costs its callers half of their time at most.
        outage = { untilMs: 2 * now() - startedAtMs, error };
        throw error;
      })
      .finally(() => {
        opening = undefined;
      });
    return opening;
  }

  /** Takes no new uses; ends when the last one is through. */
  function retire(connection: Connection): void {
    if (current === connection) current = undefined;
    connection.retired = true;
    if (connection.inUse === 0) connection.cluster.disconnect();
  }

  async function use<T>(
    connection: Connection,
    task: (cluster: Cluster) => Promise<T>,
    timeoutMs: number,
  ): Promise<T> {
    connection.inUse += 1;
    try {
      return await within(timeoutMs, 'The cache did not answer in time.', task(connection.cluster));
    } finally {
      connection.inUse -= 1;
      if (connection.retired) retire(connection);
    }
  }

  /**
   * Sends what `task` sends. Commands that it sends without waiting in between share one round trip.
   *
   * @throws Error when the cache cannot be reached or does not answer, and Redis's own replies of error.
   */
  async function run<T>(
    task: (cluster: Cluster) => Promise<T>,
    { repeatable = false, timeoutMs = COMMAND_TIMEOUT_MS }: RunOptions = {},
  ): Promise<T> {
    const connection = await connect();
    try {
      return await use(connection, task, timeoutMs);
    } catch (error) {
      if (isReply(error)) throw error;
      retire(connection);
      if (!repeatable) throw error;
    }
    return use(await connect(), task, timeoutMs);
  }

  /** As `run`, for what must go on when the cache is down: failure is a value. */
  async function attempt<T>(
    task: (cluster: Cluster) => Promise<T>,
    runOptions?: RunOptions,
  ): Promise<CacheResult<T>> {
    try {
      return { ok: true, value: await run(task, runOptions) };
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  /** Ends the connection, so that a process may end too. A later use connects again. */
  async function close(): Promise<void> {
    const connection = current ?? (await opening?.catch(() => undefined));
    if (connection) retire(connection);
  }

  return { run, attempt, close };
}

export type CacheClient = ReturnType<typeof createCacheClient>;

/**
 * How ioredis is set up for ElastiCache Serverless, and for one node in cluster mode on one machine. With ioredis's
 * defaults a command to a cache that cannot be reached is still pending after 8 seconds.
 */
export function clusterOptions(login?: { username: string; password: string }) {
  return {
    // The certificate names the host, so it must not be turned into an address before the handshake.
    dnsLookup: (hostname, callback) => callback(null, hostname),
    slotsRefreshTimeout: 2000,
    // A timer that opens a connection would log in with the first token, which holds for 15 minutes.
    slotsRefreshInterval: 0,
    enableReadyCheck: false,
    clusterRetryStrategy: () => null,
    retryDelayOnFailover: 10,
    lazyConnect: true,
    redisOptions: {
      enableReadyCheck: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      maxRetriesPerRequest: 1,
      ...(login ? { tls: {}, ...login } : {}),
    },
  } satisfies ClusterOptions;
}

async function openCluster(host: string, port: number, auth: CacheAuth): Promise<Cluster> {
  const login =
    auth.kind === 'iam'
      ? {
          username: auth.user,
          password: await within(OPEN_TIMEOUT_MS, 'No token in time.', auth.token()),
        }
      : undefined;
  // Loaded with the first connection: a cold start does not wait for a client that its request may not use.
  const ioredis = await import('ioredis');
  const cluster = new ioredis.Cluster([{ host, port }], clusterOptions(login));
  let reason: unknown;
  // Without a listener an 'error' ends the process.
  cluster.on('error', (error) => {
    reason = error;
  });
  const open = async () => {
    await cluster.connect();
    // Else the first command pays for the handshake, out of the time that it has for its answer.
    // A node that is down fails the commands for its own slots only.
    await Promise.allSettled(cluster.nodes('master').map((node) => node.connect()));
  };
  try {
    await within(OPEN_TIMEOUT_MS, 'The cache could not be opened in time.', open());
    return cluster;
  } catch (error) {
    cluster.disconnect();
    throw new Error('The cache cannot be reached.', { cause: reason ?? error });
  }
}

function hasEnded(connection: Connection): boolean {
  return ['disconnecting', 'close', 'end'].includes(connection.cluster.status);
}

/** Redis answered, and the answer is an error: nothing that a new connection would change. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

async function within<T>(timeoutMs: number, message: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      // A process that was busy, or frozen, finds the timer and the answer waiting together: the answer goes first.
      setImmediate(() => reject(new Error(message)));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
