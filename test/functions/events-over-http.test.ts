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
async function seenIssue(): Promise<string> {
  await record(ownersDeps(world.stores), seen());
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

  it('is the hash of its fingerprint, and no tag', async () => {
    const issue = await seenIssue();
    expect((await get('hashes', issue)).body).toEqual([
      { id: expect.stringMatching(/^[0-9a-f]+$/), latestEvent: null },
    ]);
    expect((await get('hashes', '101')).body).toEqual([]);
    expect((await get('tags', issue)).body).toEqual([]);
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
