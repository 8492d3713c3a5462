import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { createCacheClient } from '../../shared/cache/client.ts';
import { createOwnerCaches } from '../../shared/cache/owner-caches.ts';
import { cacheUrl } from '../support/engines.ts';
import { observer, sharedCache } from './clients.ts';

/**
 * Nobody else's: what another file makes stale in its organization is stale in every project that
 * follows it.
 */
const organizationId = randomUUID();

/** Caches, a look behind them, and a project and a group that no other test uses. */
function given() {
  const { hostname, port } = new URL(cacheUrl());
  const redis = observer({ host: hostname, port: Number(port) });
  const projectId = randomUUID();
  const groupId = randomUUID();
  return {
    caches: createOwnerCaches(sharedCache()),
    redis,
    projectId,
    groupId,
    keys: {
      assignee: `assignee_exists:1:{${groupId}}`,
      owner: `owner_exists:1:{${groupId}}`,
      version: `ownership_version:1:{${projectId}}`,
    },
  };
}

const serverSeconds = async (redis: Redis) => {
  const [seconds, micros] = await redis.time();
  return Number(seconds) + Number(micros) / 1e6;
};

const unmoved = { version: 3, readVersion: async () => 3 };

describe('the owner caches', () => {
  it('hold the values and the lives that their readers expect', async () => {
    const { caches, redis, groupId, keys } = given();
    const asOfSeconds = 1763800000.123;
    await caches.fillAssigneeExists(groupId, true, { asOfSeconds, ...unmoved });
    await caches.fillOwnerExists(groupId, { asOfSeconds, ...unmoved });
    expect(await redis.get(keys.assignee)).toBe('[true,1763800000.123]');
    expect(await redis.ttl(keys.assignee)).toBeGreaterThan(86_390);
    expect(await redis.get(keys.owner)).toBe('1763800000.123');
    expect(await redis.ttl(keys.owner)).toBeGreaterThan(86_390);

    await caches.fillAssigneeExists(groupId, false, { asOfSeconds, ...unmoved });
    expect(await redis.get(keys.assignee)).toBe('[false,1763800000.123]');
    expect(await redis.ttl(keys.assignee)).toBeLessThanOrEqual(60);
    expect(await redis.ttl(keys.assignee)).toBeGreaterThan(50);
  });

  it('answer nothing for a group that they do not know, and the time before the reading', async () => {
    const { caches, redis, projectId, groupId } = given();
    const before = await serverSeconds(redis);
    const result = await caches.read({ organizationId, projectId }, groupId);
    expect(result).toMatchObject({
      ok: true,
      value: { assigneeExists: null, evaluatedAtSeconds: null },
    });
    const asOfSeconds = result.ok ? result.value.asOfSeconds : 0;
    expect(asOfSeconds).toBeGreaterThanOrEqual(before);
    expect(asOfSeconds).toBeLessThanOrEqual(await serverSeconds(redis));
  });

  it.each([{ exists: true }, { exists: false }])(
    'answer $exists as it was filled',
    async ({ exists }) => {
      const { caches, redis, projectId, groupId } = given();
      const asOfSeconds = await serverSeconds(redis);
      await caches.fillAssigneeExists(groupId, exists, { asOfSeconds, ...unmoved });
      await caches.fillOwnerExists(groupId, { asOfSeconds, ...unmoved });
      expect(await caches.read({ organizationId, projectId }, groupId)).toMatchObject({
        value: { assigneeExists: exists, evaluatedAtSeconds: asOfSeconds },
      });
    },
  );

  it.each(['true', '[true]', '["yes",1]', '{"a":1}', 'not json', '[1763800000.123,true]'])(
    'take %s, as another release may have left it, for nothing',
    async (value) => {
      const { caches, redis, projectId, groupId, keys } = given();
      await redis.set(keys.assignee, value);
      await redis.set(keys.owner, value);
      expect(await caches.read({ organizationId, projectId }, groupId)).toMatchObject({
        value: { assigneeExists: null, evaluatedAtSeconds: null },
      });
    },
  );
});

describe('the invalidation of a project', () => {
  it('is one key with the time, for a day, and makes every older answer stale', async () => {
    const { caches, redis, projectId, groupId, keys } = given();
    const asOfSeconds = await serverSeconds(redis);
    await caches.fillAssigneeExists(groupId, true, { asOfSeconds, ...unmoved });
    await caches.fillOwnerExists(groupId, { asOfSeconds, ...unmoved });

    const result = await caches.invalidateAssigneeExistsCache(projectId);

    expect(await redis.get(keys.version)).toMatch(/^\d{10}\.\d{6}$/);
    expect(result).toEqual({ ok: true, value: Number(await redis.get(keys.version)) });
    expect(await redis.ttl(keys.version)).toBeGreaterThan(86_390);
    expect(await caches.read({ organizationId, projectId }, groupId)).toMatchObject({
      value: { assigneeExists: null, evaluatedAtSeconds: null },
    });
  });

  it('covers both caches, whichever is named, and spares what is filled later', async () => {
    const { caches, redis, projectId, groupId } = given();
    await caches.invalidateDebounceIssueOwnersEvaluationCache(projectId);
    const read = await caches.read({ organizationId, projectId }, groupId);
    const asOfSeconds = read.ok ? read.value.asOfSeconds : 0;
    await caches.fillAssigneeExists(groupId, true, { asOfSeconds, ...unmoved });
    expect(await caches.read({ organizationId, projectId }, groupId)).toMatchObject({
      value: { assigneeExists: true },
    });
    expect(await serverSeconds(redis)).toBeGreaterThan(asOfSeconds);
  });

  it('never goes back in time', async () => {
    const { caches, redis, projectId, keys } = given();
    const ahead = ((await serverSeconds(redis)) + 100).toFixed(6);
    await redis.set(keys.version, ahead);
    await caches.invalidateAssigneeExistsCache(projectId);
    expect(await redis.get(keys.version)).toBe(ahead);
  });

  it.each([
    'invalidateAssigneeExistsCache',
    'invalidateDebounceIssueOwnersEvaluationCache',
  ] as const)('%s with a group deletes that one key and writes no version', async (invalidate) => {
    const { caches, redis, projectId, groupId, keys } = given();
    await redis.mset(keys.assignee, '[true,1]', keys.owner, '1');
    expect(await caches[invalidate](projectId, groupId)).toEqual({ ok: true, value: 1 });
    const deleted = invalidate === 'invalidateAssigneeExistsCache' ? keys.assignee : keys.owner;
    expect(await redis.exists(deleted)).toBe(0);
    expect(await redis.exists(keys.assignee, keys.owner)).toBe(1);
    expect(await redis.exists(keys.version)).toBe(0);
  });
});

describe('the invalidation of groups', () => {
  it('deletes both keys of each, whatever shard they live on', async () => {
    const { caches, redis } = given();
    const groupIds = Array.from({ length: 1200 }, () => randomUUID());
    for (const id of groupIds) {
      await redis.mset(`assignee_exists:1:{${id}}`, '[true,1]', `owner_exists:1:{${id}}`, '1');
    }
    expect(await caches.invalidateGroups(groupIds)).toEqual({ ok: true, value: 2400 });
    expect(await caches.invalidateGroups(groupIds)).toEqual({ ok: true, value: 0 });
  });

  it('of none does nothing', async () => {
    expect(await given().caches.invalidateGroups([])).toEqual({ ok: true, value: 0 });
  });
});

describe('a filler that an unassignment overtakes', () => {
  it('deletes what it wrote', async () => {
    const { caches, redis, groupId, keys } = given();
    const basis = {
      asOfSeconds: await serverSeconds(redis),
      version: 3,
      readVersion: async () => 4,
    };
    expect(await caches.fillAssigneeExists(groupId, true, basis)).toEqual({
      ok: true,
      value: false,
    });
    expect(await caches.fillOwnerExists(groupId, basis)).toEqual({ ok: true, value: false });
    expect(await redis.exists(keys.assignee, keys.owner)).toBe(0);
  });

  it('leaves an entry that lives a minute at most until it has looked', async () => {
    const { caches, redis, groupId, keys } = given();
    let lifeSeconds = 0;
    await caches.fillAssigneeExists(groupId, true, {
      asOfSeconds: await serverSeconds(redis),
      version: 3,
      readVersion: async () => {
        lifeSeconds = await redis.ttl(keys.assignee);
        return 3;
      },
    });
    expect(lifeSeconds).toBeGreaterThan(0);
    expect(lifeSeconds).toBeLessThanOrEqual(60);
  });

  it('does not bring back what was deleted after it looked', async () => {
    const { caches, redis, groupId, keys } = given();
    await caches.fillAssigneeExists(groupId, true, {
      asOfSeconds: await serverSeconds(redis),
      version: 3,
      readVersion: async () => {
        await redis.del(keys.assignee);
        return 3;
      },
    });
    expect(await redis.exists(keys.assignee)).toBe(0);
  });

  it('deletes what it wrote when the version cannot be read', async () => {
    const { caches, redis, groupId, keys } = given();
    const fill = caches.fillAssigneeExists(groupId, true, {
      asOfSeconds: await serverSeconds(redis),
      version: 3,
      readVersion: async () => {
        throw new Error('The table is away.');
      },
    });
    await expect(fill).rejects.toThrow('The table is away.');
    expect(await redis.exists(keys.assignee)).toBe(0);
  });
});

describe('a cache that is down', () => {
  it('is a value for every function', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const caches = createOwnerCaches(
      createCacheClient({ host: '127.0.0.1', port, auth: { kind: 'none' } }),
    );
    const results = await Promise.all([
      caches.invalidateAssigneeExistsCache('31'),
      caches.invalidateAssigneeExistsCache('31', '101'),
      caches.invalidateDebounceIssueOwnersEvaluationCache('31', '101'),
      caches.invalidateGroups(['101', '102']),
      caches.read({ organizationId, projectId: '31' }, '101'),
      caches.fillAssigneeExists('101', true, { asOfSeconds: 1, ...unmoved }),
      caches.fillOwnerExists('101', { asOfSeconds: 1, ...unmoved }),
    ]);
    expect(results.map(({ ok }) => ok)).toEqual(Array(7).fill(false));
  });
});
