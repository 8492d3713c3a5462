import type { Cluster } from 'ioredis';
import { awakeClock } from './awake-clock.ts';
import { createRequestBudgets, REQUEST_BUDGET_MS } from './budget.ts';
import { admit, type Circuit, openCircuit, untestedCircuit } from './circuit.ts';
import { type CacheAuth, loadClient, openCluster } from './open-cluster.ts';
import { within } from './within.ts';

/** The result of a use of the cache that must never fail its caller. */
export type CacheResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Error };

/** Time limits of one use of the cache. */
export type RunOptions = {
  /**
   * How long the caller waits, in milliseconds. In a request never longer than the request's
   * budget. Default: no limit.
   */
  waitMs?: number;
  /**
   * How long an answer may take on an open connection before it counts as a failure of the cache,
   * in milliseconds. Default: 500; in a request at most 200, which leaves a part of its budget for
   * a second connection.
   */
  timeoutMs?: number;
};

const COMMAND_TIMEOUT_MS = 500;
const COMMAND_TIMEOUT_IN_REQUEST_MS = 200;
/** How long the cache is not used after a failure. */
export const CACHE_REST_MS = 3000;
/** ElastiCache ends a connection after 12 hours. */
const LIFE_MS = 11 * 60 * 60 * 1000;

type Connection = { cluster: Cluster; openedAtMs: number; inUse: number; retired: boolean };

/**
 * A client of a cache in cluster mode. It connects with the first use, and replaces its connection
 * when it ended (a function that was frozen wakes up with a dead socket), when an answer did not
 * come, and after 11 hours. Each new connection logs in with a new token.
 */
export function createCacheClient(options: {
  host: string;
  port: number;
  auth: CacheAuth;
  /**
   * Unix milliseconds. Not a monotonic clock: that one may stand still while a function is frozen.
   */
  now?: () => number;
}) {
  const { host, port, auth, now = Date.now } = options;
  const budgetOfRequest = createRequestBudgets(awakeClock.read);
  let current: Connection | undefined;
  let circuit: Circuit = untestedCircuit;
  let probing = Promise.withResolvers<void>();
  let lastError: unknown;

  /** Admits a use, as the probe where one is due. Throws while the cache is not used. */
  async function enter(longestWaitMs: number): Promise<'go' | 'probe'> {
    for (;;) {
      retireIfOver();
      const admission = admit(circuit, now(), longestWaitMs);
      switch (admission) {
        case 'go':
          return admission;
        case 'probe':
          circuit = { state: 'probing', sinceMs: now() };
          probing = Promise.withResolvers();
          return admission;
        case 'wait':
          await probing.promise;
          break;
        case 'refuse':
          throw new Error('The cache is not used for 3 s after a failure.', { cause: lastError });
      }
    }
  }

  /** Retires a connection that has ended or is 11 hours old: the next use is then a probe. */
  function retireIfOver(): void {
    if (current && (hasEnded(current) || now() - current.openedAtMs >= LIFE_MS)) {
      retire(current);
    }
    if (circuit.state === 'closed' && !current) {
      circuit = untestedCircuit;
    }
  }

  function setCircuit(next: Circuit): void {
    circuit = next;
    probing.resolve();
  }

  /** The open connection. Without one this use is the probe, and opens it. */
  async function connect(): Promise<Connection> {
    if (current) {
      return current;
    }
    const openedAtMs = now();
    const cluster = await openCluster(host, port, auth);
    current = { cluster, openedAtMs, inUse: 0, retired: false };
    return current;
  }

  /** Stops new uses of the connection, and closes it when the last one is finished. */
  function retire(connection: Connection): void {
    if (current === connection) {
      current = undefined;
    }
    connection.retired = true;
    if (connection.inUse === 0) {
      connection.cluster.disconnect();
    }
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
      if (connection.retired) {
        retire(connection);
      }
    }
  }

  /**
   * Runs a task, and runs it again on a new connection if the old one failed: a connection may die
   * while the cache is healthy.
   */
  async function perform<T>(
    task: (cluster: Cluster) => Promise<T>,
    timeoutMs: number,
    longestWaitMs: number,
  ): Promise<T> {
    const role = await enter(longestWaitMs);
    try {
      return await attemptOnce(task, timeoutMs, role, role === 'probe' ? CACHE_REST_MS : 0);
    } catch (error) {
      if (role === 'probe' || isReply(error)) {
        throw error;
      }
    }
    return attemptOnce(task, timeoutMs, await enter(longestWaitMs), CACHE_REST_MS);
  }

  async function attemptOnce<T>(
    task: (cluster: Cluster) => Promise<T>,
    timeoutMs: number,
    role: 'go' | 'probe',
    restMs: number,
  ): Promise<T> {
    let connection: Connection | undefined;
    try {
      connection = await connect();
      const value = await use(connection, task, timeoutMs);
      if (role === 'probe') {
        setCircuit({ state: 'closed' });
      }
      return value;
    } catch (error) {
      if (!isReply(error)) {
        fail(error, connection, role, restMs);
      } else if (role === 'probe') {
        setCircuit({ state: 'closed' });
      }
      throw error;
    }
  }

  /** Several uses that fail on one connection count as one failure. */
  function fail(
    error: unknown,
    connection: Connection | undefined,
    role: 'go' | 'probe',
    restMs: number,
  ): void {
    lastError = error;
    const isFirst = role === 'probe' || !connection?.retired;
    if (connection) {
      retire(connection);
    }
    if (isFirst) {
      setCircuit(openCircuit(now(), restMs));
    }
  }

  /**
   * Runs `task`. Commands that it sends without waiting in between share one round trip. A task may
   * run twice, if the connection dies, so running it twice must do no harm.
   */
  async function run<T>(
    task: (cluster: Cluster) => Promise<T>,
    { waitMs = Number.POSITIVE_INFINITY, timeoutMs = COMMAND_TIMEOUT_MS }: RunOptions = {},
  ): Promise<T> {
    // Loading the client's code does not count as waiting for the cache.
    await loadClient();
    const late = 'The cache did not answer in time.';
    const budget = budgetOfRequest();
    if (budget === undefined) {
      return within(waitMs, late, perform(task, timeoutMs, Number.POSITIVE_INFINITY));
    }
    const leftMs = budget.leftMs();
    if (leftMs === 0) {
      throw new Error('The request has no time left to wait for the cache.');
    }
    const allowedMs = Math.min(timeoutMs, COMMAND_TIMEOUT_IN_REQUEST_MS);
    return budget.spend(() =>
      within(Math.min(waitMs, leftMs), late, perform(task, allowedMs, REQUEST_BUDGET_MS)),
    );
  }

  /** Like `run`, for callers that continue without the cache: a failure is a value. */
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

  /** Closes the connection, so that the process can end. A later use connects again. */
  async function close(): Promise<void> {
    if (circuit.state === 'probing') {
      await probing.promise;
    }
    if (current) {
      retire(current);
    }
  }

  return { run, attempt, close };
}

export type CacheClient = ReturnType<typeof createCacheClient>;

function hasEnded(connection: Connection): boolean {
  return ['disconnecting', 'close', 'end'].includes(connection.cluster.status);
}

/** Whether Redis answered with an error. A new connection would not change that. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}
