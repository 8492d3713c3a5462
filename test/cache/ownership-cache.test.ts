import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createOwnershipCache } from '../../shared/cache/ownership-cache.ts';
import { cacheUrl } from '../support/engines.ts';
import { observer, sharedCache } from './clients.ts';

type Row = { raw: string };

function given() {
  const { hostname, port } = new URL(cacheUrl());
  const projectId = randomUUID();
  const organizationId = randomUUID();
  return {
    cache: createOwnershipCache<Row, Row>(sharedCache()),
    redis: observer({ host: hostname, port: Number(port) }),
    projectId,
    organizationId,
    keys: {
      ownership: `projectownership_project_id:1:{${projectId}}`,
      codeowners: `projectcodeowners_project_id:1:{${projectId}}`,
      version: `ownership_version:1:{${projectId}}`,
      followed: `ownership_version_followed:1:{${projectId}}`,
      limiter: `issue_owner_assignment_ratelimiter:{${projectId}}`,
    },
  };
}

async function read({ cache, projectId, organizationId }: ReturnType<typeof given>) {
  const result = await cache.read({ organizationId, projectId });
  if (!result.ok) {
    throw result.error;
  }
  return result.value;
}

describe('the cache of ownership rows', () => {
  it('knows nothing at first', async () => {
    expect(await read(given())).toMatchObject({ ownership: undefined, codeowners: undefined });
  });

  it('remembers a row, and that there is none, for an hour', async () => {
    const test = given();
    const { cache, redis, projectId, keys } = test;
    await cache.fillOwnership(projectId, { raw: '*.js #core' }, 1763800000.123);
    await cache.fillCodeowners(projectId, null, 1763800000.123);
    expect(await read(test)).toMatchObject({ ownership: { raw: '*.js #core' }, codeowners: null });
    expect(await redis.get(keys.ownership)).toBe('[{"raw":"*.js #core"},1763800000.123]');
    expect(await redis.get(keys.codeowners)).toBe('[false,1763800000.123]');
    expect(await redis.ttl(keys.ownership)).toBeGreaterThan(3590);
    expect(await redis.ttl(keys.ownership)).toBeLessThanOrEqual(3600);
  });

  it('forgets both with a change of the rules, and takes what was read after it', async () => {
    const test = given();
    const { cache, projectId } = test;
    const before = await read(test);
    await cache.fillOwnership(projectId, { raw: 'old' }, before.asOfSeconds);
    await cache.fillCodeowners(projectId, { raw: 'old' }, before.asOfSeconds);
    await cache.invalidate(projectId);
    const after = await read(test);
    expect(after).toMatchObject({ ownership: undefined, codeowners: undefined });

    await cache.fillOwnership(projectId, { raw: 'new' }, after.asOfSeconds);
    expect(await read(test)).toMatchObject({ ownership: { raw: 'new' }, codeowners: undefined });
  });

  it('forgets all of an organization with one write, in every project once, and takes what is read after it', async () => {
    const test = given();
    const { cache, redis, projectId, organizationId, keys } = test;
    const other = { ...test, projectId: randomUUID() };
    for (const each of [test, other]) {
      const { asOfSeconds } = await read(each);
      await cache.fillOwnership(each.projectId, { raw: 'old' }, asOfSeconds);
      await cache.fillCodeowners(each.projectId, null, asOfSeconds);
    }
    await cache.invalidateOrganization(organizationId);
    expect(await redis.get(keys.version)).toBeNull();
    for (const each of [test, other]) {
      const after = await read(each);
      expect(after).toMatchObject({ ownership: undefined, codeowners: undefined });
      await cache.fillOwnership(each.projectId, { raw: 'new' }, after.asOfSeconds);
      expect((await read(each)).ownership).toEqual({ raw: 'new' });
    }
    const version = await redis.get(keys.version);
    await read(test);
    expect(await redis.get(keys.version)).toBe(version);
    await cache.invalidateOrganization(randomUUID());
    expect((await read(test)).ownership).toEqual({ raw: 'new' });
    await cache.invalidateOrganization(organizationId);
    expect((await read(test)).ownership).toBeUndefined();
    expect(await redis.ttl(`organization_ownership_version:1:{${organizationId}}`)).toBeGreaterThan(
      86_390,
    );
    expect(await redis.ttl(`ownership_version_followed:1:{${projectId}}`)).toBeGreaterThan(86_390);
  });

  it('drops what a slow reader brings that began before its organization changed', async () => {
    const test = given();
    const { cache, projectId, organizationId } = test;
    const before = await read(test);
    await cache.invalidateOrganization(organizationId);
    const after = await read(test);
    await cache.fillOwnership(projectId, { raw: 'old' }, before.asOfSeconds);
    expect((await read(test)).ownership).toBeUndefined();
    await cache.fillOwnership(projectId, { raw: 'new' }, after.asOfSeconds);
    await cache.invalidate(projectId);
    expect((await read(test)).ownership).toBeUndefined();
  });

  it('takes nothing for new while the clock lies behind the last change', async () => {
    const test = given();
    const { cache, redis, projectId, organizationId, keys } = test;
    const [seconds] = await redis.time();
    await redis.set(keys.version, (Number(seconds) + 100).toFixed(6));
    await cache.invalidateOrganization(organizationId);
    const { asOfSeconds } = await read(test);
    await cache.fillOwnership(projectId, { raw: 'old' }, asOfSeconds);
    expect((await read(test)).ownership).toBeUndefined();
  });

  it('drops what a slow reader brings that began before the change', async () => {
    const test = given();
    const { cache, projectId } = test;
    const before = await read(test);
    await cache.invalidate(projectId);
    await cache.fillOwnership(projectId, { raw: 'old' }, before.asOfSeconds);
    expect((await read(test)).ownership).toBeUndefined();
  });

  it('leaves nothing of a project that is gone', async () => {
    const { cache, redis, projectId, keys } = given();
    await cache.fillOwnership(projectId, null, 1);
    await cache.fillCodeowners(projectId, null, 1);
    await cache.invalidate(projectId);
    await redis.set(keys.followed, '1');
    await redis.sadd(keys.limiter, '101');
    expect(await cache.remove(projectId)).toEqual({ ok: true, value: 5 });
    expect(await redis.exists(...Object.values(keys))).toBe(0);
  });
});
