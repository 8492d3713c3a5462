import { beforeAll, describe, expect, it } from 'vitest';
import { ENV } from '../../shared/env.ts';
import type { ApiHandler } from '../../shared/http/api.ts';
import { type GatewayRequest, send } from '../http/gateway-event.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { groupOf, ownersDeps, record, seen } from '../support/owners.ts';
import { notThere } from '../support/projects-over-http.ts';
import { type TestWorld, worldOnFreshTable } from '../support/world.ts';

let world: TestWorld;
let read: ApiHandler;
beforeAll(async () => {
  world = await worldOnFreshTable();
  enterFunctionEnvironment(world);
  process.env[ENV.rateLimits] = 'off';
  read = (await import('../../functions/group-read/handler.ts')).handler;
});

/** An issue that an event has begun. */
async function seenIssue(...events: object[]): Promise<string> {
  for (const event of [{}, ...events]) {
    await record(ownersDeps(world.stores), seen({ event }));
  }
  return (await groupOf(world.stores, '31')).group.id;
}

const get = (what: string, named: string, query: GatewayRequest['query'] = {}) =>
  send(read, { resource: `/0/issues/{issue}/${what}`, path: { issue: named }, query });

describe('what is known of the events of an issue', () => {
  it('is the latest one, where its time is meant', async () => {
    const issue = await seenIssue();
    const latest = await send(read, {
      resource: '/0/organizations/{org}/issues/{issue}/events/latest',
      path: { org: 'acme', issue },
    });
    expect((await get('events', issue)).body).toEqual([latest.body]);
    const before = { start: ['2020-01-01T00:00:00'], end: ['2020-01-02T00:00:00'] };
    expect((await get('events', issue, before)).body).toEqual([]);
    for (const query of [{ statsPeriod: ['bogus'] }, { query: ['x'] }, { environment: ['prod'] }]) {
      expect((await get('events', issue, query)).statusCode).toBe(400);
    }
  });

  it('is the hash of its fingerprint', async () => {
    const issue = await seenIssue();
    expect((await get('hashes', issue)).body).toEqual([
      { id: expect.stringMatching(/^[0-9a-f]+$/), latestEvent: null },
    ]);
    expect((await get('hashes', '101')).body).toEqual([]);
  });

  it('is no tag but the environments that it was seen in, and not how often', async () => {
    expect((await get('tags', '101')).body).toEqual([]);
    const issue = await seenIssue({ environment: 'prod' }, { tags: [['environment', 'a "b"']] });
    const unknown = { count: null, firstSeen: null, lastSeen: null };
    const values = ['prod', 'a "b"'].map((value) => ({
      ...{ key: 'environment', name: value, value, ...unknown },
      query: `environment:${JSON.stringify(value)}`,
    }));
    const tag = { key: 'environment', name: 'Environment', uniqueValues: 2, totalValues: null };
    expect((await get('tags', issue)).body).toEqual([{ ...tag, topValues: values }]);
    const one = (key: string, below = '') =>
      send(read, {
        resource: `/0/organizations/{org}/issues/{issue}/tags/{tag}${below}`,
        path: { org: 'acme', issue, tag: key },
        query: below === '' ? {} : { per_page: ['1'] },
      });
    expect((await one('environment')).body).toEqual({ ...tag, topValues: values });
    expect((await one('environment', '/values')).body).toEqual(values.slice(0, 1));
    for (const key of ['release', 'Environment', '__proto__', '']) {
      expect(await one(key), key).toMatchObject(notThere);
      expect(await one(key, '/values'), key).toMatchObject(notThere);
    }
  });

  it.each(['events', 'hashes', 'tags'])('is nothing without the issue: %s', async (what) => {
    for (const named of ['901', '999', 'SHOP-999']) {
      expect(await get(what, named)).toMatchObject(notThere);
    }
  });

  it('is no repository', async () => {
    const directory = (await import('../../functions/directory-read/handler.ts')).handler;
    const resource = '/0/organizations/{org}/repos';
    const path = { org: 'acme' };
    expect(await send(directory, { resource, path })).toMatchObject({ statusCode: 200, body: [] });
  });
});
