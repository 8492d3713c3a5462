import type { Cluster, ClusterOptions } from 'ioredis';
import { within } from './within.ts';

/**
 * How the cache is entered: on one machine as it is, in AWS over TLS with a signed token as
 * password.
 */
export type CacheAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'iam'; readonly user: string; readonly token: () => Promise<string> };

const CONNECT_TIMEOUT_MS = 1000;
/** Connecting, logging in and reading the slots, together. */
const OPEN_TIMEOUT_MS = 2500;

/**
 * Loads the client of the cache: with the first use, so that a cold start does not wait for a
 * client that its request may not need.
 */
export function loadClient() {
  return import('ioredis');
}

/**
 * How ioredis is set up for ElastiCache Serverless, and for one node in cluster mode on one
 * machine. With ioredis's defaults a command to a cache that cannot be reached is still pending
 * after 8 seconds.
 */
export function clusterOptions(login?: { username: string; password: string }) {
  return {
    // The certificate names the host, so it must not be turned into an address before the
    // handshake.
    dnsLookup: (hostname, callback) => callback(null, hostname),
    slotsRefreshTimeout: 2000,
    // A timer that opens a connection would log in with the first token, which holds for 15
    // minutes.
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

/**
 * Opens a connection that takes commands, within 2.5 s.
 *
 * @throws Error when the cache cannot be reached, with the reason as its cause
 */
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
