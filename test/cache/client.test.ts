import { createServer, type Server } from 'node:net';
import type { Cluster } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CACHE_REST_MS, createCacheClient } from '../../shared/cache/client.ts';
import { clusterOptions } from '../../shared/cache/open-cluster.ts';
import { cacheUrl } from '../support/engines.ts';
import { observer, sharedCache } from './clients.ts';

const LIFE_MS = 11 * 60 * 60 * 1000;

const idOfConnection = (cluster: Cluster) => cluster.client('ID');

function address() {
  const { hostname, port } = new URL(cacheUrl());
  return { host: hostname, port: Number(port) };
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = await listening(createServer());
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listening(server: Server): Promise<Server> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('a cache client', () => {
  it('keeps one connection for all uses, also when they begin at once', async () => {
    const client = sharedCache();
    const ids = await Promise.all([1, 2, 3].map(() => client.run(idOfConnection)));
    expect(new Set([...ids, await client.run(idOfConnection)]).size).toBe(1);
  });

  it('repeats a use on a new connection when the old one died', async () => {
    const client = sharedCache();
    const id = await client.run(idOfConnection);
    await observer(address()).client('KILL', 'ID', String(id));
    expect(await client.run(idOfConnection)).not.toBe(id);
  });

  it('lets the other uses of a connection finish that did not answer in time', async () => {
    let nowMs = Date.now();
    const client = createCacheClient({ ...address(), auth: { kind: 'none' }, now: () => nowMs });
    onTestFinished(() => client.close());
    const id = await client.run(idOfConnection);
    const patient = client.run((cluster) => cluster.blpop('{client.test}late', 0), {
      timeoutMs: 60_000,
    });
    const stuck = client.run((cluster) => cluster.blpop('{client.test}nothing', 0), {
      timeoutMs: 50,
    });
    await expect(stuck).rejects.toThrow('The cache did not answer in time.');
    nowMs += CACHE_REST_MS;
    expect(await client.run(idOfConnection)).not.toBe(id);
    await client.run((cluster) => cluster.rpush('{client.test}late', 'here'));
    await expect(patient).resolves.toEqual(['{client.test}late', 'here']);
  });

  it('replaces a connection of 11 hours', async () => {
    let nowMs = Date.now();
    const client = createCacheClient({ ...address(), auth: { kind: 'none' }, now: () => nowMs });
    onTestFinished(() => client.close());
    const id = await client.run(idOfConnection);
    nowMs += LIFE_MS - 1;
    expect(await client.run(idOfConnection)).toBe(id);
    nowMs += 1;
    expect(await client.run(idOfConnection)).not.toBe(id);
  });

  it('throws what Redis answers and keeps the connection', async () => {
    const client = sharedCache();
    const id = await client.run(idOfConnection);
    await expect(client.run((cluster) => cluster.del('{a}1', '{b}2'))).rejects.toThrow('CROSSSLOT');
    expect(await client.run(idOfConnection)).toBe(id);
  });

  it('says so at once when nobody listens', async () => {
    const client = createCacheClient({
      host: '127.0.0.1',
      port: await closedPort(),
      auth: { kind: 'none' },
    });
    const result = await client.attempt((cluster) => cluster.get('x'));
    expect(result).toMatchObject({ ok: false, error: { message: 'The cache cannot be reached.' } });
  });

  it('logs in over TLS with a token of its own for every connection that it tries', async () => {
    let tokens = 0;
    const client = createCacheClient({
      ...address(),
      auth: { kind: 'iam', user: 'baton', token: async () => `token-${++tokens}` },
      // Time stands still at the end of each outage, so that every use tries.
      now: (() => {
        let nowMs = 0;
        return () => (nowMs += 60_000);
      })(),
    });
    // The engine speaks no TLS: a plain connection would have got through.
    for (const tries of [1, 2]) {
      expect((await client.attempt((cluster) => cluster.get('x'))).ok).toBe(false);
      expect(tokens).toBe(tries);
    }
  });

  it('does without TLS where nobody logs in', () => {
    expect(clusterOptions().redisOptions).not.toHaveProperty('tls');
    expect(clusterOptions({ username: 'u', password: 'p' }).redisOptions).toMatchObject({
      tls: {},
      username: 'u',
      password: 'p',
    });
  });
});
