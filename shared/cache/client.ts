import type { Cluster } from 'ioredis';
import { awakeClock } from './awake-clock.ts';
import { createRequestBudgets, REQUEST_BUDGET_MS } from './budget.ts';
import { admit, type Circuit, openCircuit, untestedCircuit } from './circuit.ts';
import { type CacheAuth, loadClient, openCluster } from './open-cluster.ts';
import { within } from './within.ts';

/** What came of a use of the cache that must never fail its caller. */
export type CacheResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Error };

/** How long one use of the cache may take. */
export type RunOptions = {
  /**
   * How long the caller waits in all; a request in any case no longer than its budget. Default: no
   * limit of its own.
   */
  waitMs?: number;
  /**
   * How long the answer may take once the connection stands, before that is a failure of the cache.
   * Default: 500; in a request 200 at most, which leaves a part of its budget for another
   * connection.
   */
  timeoutMs?: number;
};

const COMMAND_TIMEOUT_MS = 500;
const COMMAND_TIMEOUT_IN_REQUEST_MS = 200;
/** How long the cache is left alone after a failure. */
export const CACHE_REST_MS = 3000;
/** ElastiCache ends a connection after 12 hours. */
const LIFE_MS = 11 * 60 * 60 * 1000;

type Connection = { cluster: Cluster; openedAtMs: number; inUse: number; retired: boolean };

/**
 * A cache in cluster mode that is connected when it is first used and replaced when it must be:
 * after its connection ended (a function that was frozen wakes up with a dead socket), after an
 * answer that did not come, and after 11 hours. Each new connection logs in with a fresh token.
 *
 * A request waits 300 ms at most for all that it asks of the cache, by the clock of a process that
 * is awake. What its callers no longer wait for goes on, and decides whether the cache is sick:
 * then the process leaves it alone for 3 s, and tries it with one use at a time.
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

  /** Lets a use in, as the probe where one is due. Throws while the cache is left alone. */
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
          throw new Error('The cache is left alone after a failure.', { cause: lastError });
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

  /** The connection in use; only a probe finds none, and opens one. */
  async function connect(): Promise<Connection> {
    if (current) {
      return current;
    }
    const openedAtMs = now();
    const cluster = await openCluster(host, port, auth);
    current = { cluster, openedAtMs, inUse: 0, retired: false };
    return current;
  }

  /** Takes no new uses; ends when the last one is through. */
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
   * Does a task, and once more where the connection in use failed it: that may have died without
   * the cache being sick.
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

  /** Uses that fail together on one connection are one failure. */
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
   * Sends what `task` sends. Commands that it sends without waiting in between share one round
   * trip. A task may be done twice, when the connection dies under it, so doing it twice must do no
   * harm.
   *
   * @throws Error when the cache cannot be reached, does not answer or is left alone, and Redis's
   * own replies of error.
   */
  async function run<T>(
    task: (cluster: Cluster) => Promise<T>,
    { waitMs = Number.POSITIVE_INFINITY, timeoutMs = COMMAND_TIMEOUT_MS }: RunOptions = {},
  ): Promise<T> {
    // Reading the code of the client is not waiting for the cache.
    await loadClient();
    const late = 'The cache did not answer in time.';
    const budget = budgetOfRequest();
    if (budget === undefined) {
      return within(waitMs, late, perform(task, timeoutMs, Number.POSITIVE_INFINITY));
    }
    const leftMs = budget.leftMs();
    if (leftMs === 0) {
      throw new Error('The request has waited for the cache as long as it may.');
    }
    const allowedMs = Math.min(timeoutMs, COMMAND_TIMEOUT_IN_REQUEST_MS);
    return budget.spend(() =>
      within(Math.min(waitMs, leftMs), late, perform(task, allowedMs, REQUEST_BUDGET_MS)),
    );
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

/** Redis answered, and the answer is an error: nothing that a new connection would change. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}
