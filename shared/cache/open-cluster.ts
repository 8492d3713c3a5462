import type { Cluster, ClusterOptions } from 'ioredis';
import { within } from './within.ts';

/**
 * How a connection logs in: not at all on a local stack; in AWS over TLS with a signed token as
 * password.
 */
export type CacheAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'iam'; readonly user: string; readonly token: () => Promise<string> };

const CONNECT_TIMEOUT_MS = 1000;
/** For connecting, logging in and reading the slots together. */
const OPEN_TIMEOUT_MS = 2500;

/**
 * Loads the client library with its first use, so that a cold start does not load it for requests
 * that do not need it.
 */
export function loadClient() {
  return import('ioredis');
}

/**
 * The options of ioredis for ElastiCache Serverless, and for one local node in cluster mode. With
 * ioredis's defaults, a command to an unreachable cache is still pending after 8 seconds.
 */
export function clusterOptions(login?: { username: string; password: string }) {
  return {
    // The certificate is for the host name, so the name must not be resolved before the handshake.
    dnsLookup: (hostname, callback) => callback(null, hostname),
    slotsRefreshTimeout: 2000,
    // A timer would open a connection with the first token, which is valid for 15 minutes only.
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

/** Opens a connection, within 2.5 s. */
export async function openCluster(host: string, port: number, auth: CacheAuth): Promise<Cluster> {
  const login =
    auth.kind === 'iam'
      ? {
          username: auth.user,
          password: await within(OPEN_TIMEOUT_MS, 'No token in time.', auth.token()),
        }
      : undefined;
  const ioredis = await loadClient();
  const cluster = new ioredis.Cluster([{ host, port }], clusterOptions(login));
  let reason: unknown;
  // Without a listener an 'error' ends the process.
  cluster.on('error', (error) => {
    reason = error;
  });
  const open = async () => {
    await cluster.connect();
    // Otherwise the handshake would take time from the first command's limit. A node that is down
    // only fails the commands for its own slots.
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
