import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiHandler } from '../../shared/http/api.ts';
import { aliceAtAcme, type GatewayRequest, send } from '../http/gateway-event.ts';
import { recordedEvents } from '../support/consistency.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { notThere, organizationToken, scoped } from '../support/projects-over-http.ts';
import { namesChangedEvent } from '../support/saving.ts';
import { unpackSnowflake } from '../support/snowflake.ts';
import { type TestWorld, worldOnFreshTable } from '../support/world.ts';

let world: TestWorld;
let regionId: number;
let write: ApiHandler;
beforeAll(async () => {
  world = await worldOnFreshTable();
  ({ regionId } = enterFunctionEnvironment(world));
  write = (await import('../../functions/directory-write/handler.ts')).handler;
});

const IN_ACME = '/0/organizations/{org}';
const forbidden = {
  statusCode: 403,
  body: { detail: 'You do not have permission to perform this action.' },
};

function post(resource: string, path: GatewayRequest['path'], body: unknown, rest = {}) {
  return send(write, {
    method: 'POST',
    resource,
    path: { org: 'acme', ...path },
    body: JSON.stringify(body),
    ...rest,
  });
}

describe('a new team', () => {
  const create = (body: unknown, rest: Partial<GatewayRequest> = {}) =>
    post(`${IN_ACME}/teams`, {}, body, rest);

  it('has who creates it as its first member, and an id of its own namespace', async () => {
    const answer = await create({ name: 'Platform & Tools' });
    expect(answer).toMatchObject({
      statusCode: 201,
      body: { slug: 'platform-tools', name: 'Platform & Tools', isMember: true, memberCount: 1 },
    });
    const { id } = answer.body as { id: string };
    expect(unpackSnowflake(BigInt(id))).toMatchObject({ version: 1, regionId });
    expect(await world.stores.teams.roster(id)).toMatchObject({
      team: { organizationId: '1' },
      memberships: [{ userId: '11', isActive: true }],
    });
    const profile = await world.stores.users.profile('11');
    expect(profile?.teams.map(({ teamId }) => teamId)).toContain(id);
    expect(await world.stores.teams.idOfSlug('1', 'platform-tools')).toBe(id);
  });

  it.each<[string, unknown, string, string]>([
    ['a name that is reserved for projects only', { name: 'Billing' }, 'billing', 'Billing'],
    ['a slug alone', { slug: 'sre' }, 'sre', 'sre'],
    ['a name and a slug', { name: 'Data', slug: 'data-eng' }, 'data-eng', 'Data'],
    ['a slug that is empty', { name: 'Empty Slug', slug: '' }, 'empty-slug', 'Empty Slug'],
  ])('takes %s', async (_, body, slug, name) => {
    expect(await create(body)).toMatchObject({ statusCode: 201, body: { slug, name } });
  });

  it.each<[string, unknown, unknown]>([
    ['neither name nor slug', {}, { non_field_errors: ['Name or slug is required'] }],
    ['a slug of digits', { slug: '12' }, { slug: [expect.stringContaining('entirely numeric')] }],
    ['a name that is a list', { name: [] }, { name: ['Not a valid string.'] }],
    [
      'a name of 65 characters',
      { name: 'n'.repeat(65) },
      { name: ['Ensure this field has no more than 64 characters.'] },
    ],
  ])('refuses %s', async (_, body, expected) => {
    expect(await create(body)).toMatchObject({ statusCode: 400, body: expected });
  });

  it('is 409 for an explicit slug that is taken, and takes another one where it made the slug', async () => {
    expect(await create({ slug: 'core' })).toMatchObject({
      statusCode: 409,
      body: { detail: 'A team with this slug already exists.' },
    });
    const generated = await create({ name: 'Core' });
    expect(generated.body).toMatchObject({ slug: expect.stringMatching(/^core-/) });
  });

  it('has nobody in it where nobody acts, or who acts is no member', async () => {
    const byNobody = await create({ name: 'Robots' }, { authorizer: organizationToken });
    expect(byNobody.body).toMatchObject({ isMember: false, memberCount: 0 });
    const dave = { ...aliceAtAcme, userId: '14' };
    const byStranger = await create({ name: 'Strangers' }, { authorizer: dave });
    expect(byStranger.body).toMatchObject({ isMember: false, memberCount: 0 });
  });

  it('needs a scope, and an organization that the token reaches', async () => {
    const reader = scoped('team:read org:read project:admin');
    expect(await create({ name: 'n' }, { authorizer: reader })).toMatchObject(forbidden);
    expect(await create({ name: 'n' }, { path: { org: 'globex' } })).toMatchObject(notThere);
  });

  it('is one of 50 with one name at once: 50 slugs and ids', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => create({ name: 'Crowd' })));
    const bodies = answers.map(({ body }) => body as { id: string; slug: string });
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(50);
    expect(new Set(bodies.map(({ slug }) => slug)).size).toBe(50);
  });
});

describe('a membership in a team', () => {
  const page = `${IN_ACME}/members/{member}/teams/{team}`;
  const change = (
    method: string,
    member: string,
    team: string,
    rest: Partial<GatewayRequest> = {},
  ) => send(write, { method, resource: page, path: { org: 'acme', member, team }, ...rest });

  it('begins once, ends once, and may begin again', async () => {
    const team = { id: '22', slug: 'web', isMember: false };
    expect(await change('POST', '15', 'web')).toMatchObject({
      statusCode: 201,
      body: { ...team, memberCount: 2 },
    });
    expect(await change('POST', '15', '22')).toMatchObject({ statusCode: 204, body: undefined });
    expect(await change('DELETE', '15', 'web')).toMatchObject({
      statusCode: 200,
      body: { ...team, memberCount: 1 },
    });
    expect(await change('DELETE', '15', 'web')).toMatchObject(notThere);
    const profile = await world.stores.users.profile('15');
    expect(profile?.teams).toEqual([]);
    expect((await change('POST', '15', 'web')).statusCode).toBe(201);
  });

  it('that was suspended begins again', async () => {
    const own = { organizationId: '1', teamId: '22', userId: '12', isActive: false };
    await world.stores.memberships.join(own, namesChangedEvent());
    expect((await change('POST', '12', 'web')).statusCode).toBe(201);
    const { memberships } = (await world.stores.teams.roster('22'))!;
    expect(memberships).toContainEqual({ ...own, isActive: true });
  });

  it('is the caller’s own for `me`', async () => {
    expect(await change('POST', 'me', 'web')).toMatchObject({
      statusCode: 201,
      body: { isMember: true },
    });
    expect(await change('DELETE', 'me', 'web')).toMatchObject({ body: { isMember: false } });
    const byNobody = await change('POST', 'me', 'web', { authorizer: organizationToken });
    expect(byNobody).toMatchObject(forbidden);
  });

  it.each<[string, string, string]>([
    ['who is no member of the organization', '404', 'core'],
    ['an unknown team', '15', 'nobody'],
    ['another organization’s team', '15', '29'],
    ['a name that is too long for a key', 'x'.repeat(256), 'x'.repeat(256)],
  ])('is 404 for %s', async (_, member, team) => {
    expect(await change('POST', member, team)).toMatchObject(notThere);
    expect(await change('DELETE', member, team)).toMatchObject(notThere);
  });

  it('needs a scope', async () => {
    const reader = { authorizer: scoped('team:read member:read org:read') };
    expect(await change('POST', '15', 'core', reader)).toMatchObject(forbidden);
    expect(await change('DELETE', '11', 'core', reader)).toMatchObject(forbidden);
  });
});

describe('a team on a project', () => {
  const change = (
    method: string,
    project: string,
    team: string,
    rest: Partial<GatewayRequest> = {},
  ) =>
    send(write, {
      method,
      resource: '/0/projects/{org}/{project}/teams/{team}',
      path: { org: 'acme', project, team },
      ...rest,
    });

  it('comes and goes, and the world is told what changed', async () => {
    const both = [{ slug: 'core' }, { slug: 'web' }];
    for (const _ of ['put there', 'there already']) {
      expect(await change('POST', 'shop', 'web')).toMatchObject({
        statusCode: 201,
        body: { id: '31', teams: both },
      });
    }
    expect(await world.stores.teams.projectIds('22')).toEqual(['31', '32']);
    for (const _ of ['taken off', 'gone already']) {
      expect(await change('DELETE', '31', '22')).toMatchObject({
        statusCode: 200,
        body: { teams: [{ slug: 'core' }] },
      });
    }
    const events = await recordedEvents(world.stores.table);
    const told = events
      .filter(({ type, detail }) => type === 'project.updated' && detail.projectId === '31')
      .sort((a, b) => a.detail.version - b.detail.version);
    expect(told.map(({ detail }) => detail.data)).toEqual([
      { changed: { teams: [['core'], ['core', 'web']] } },
      { changed: { teams: [['core', 'web'], ['core']] } },
    ]);
  });

  it.each<[string, string, string]>([
    ['another organization’s project', '39', 'core'],
    ['another organization’s team', 'shop', '29'],
    ['an unknown project', randomUUID(), 'core'],
    ['an unknown team', 'shop', randomUUID()],
  ])('is 404 for %s', async (_, project, team) => {
    expect(await change('POST', project, team)).toMatchObject(notThere);
    expect(await change('DELETE', project, team)).toMatchObject(notThere);
  });

  it('needs to be able to write the project', async () => {
    const reader = { authorizer: scoped('project:read team:admin org:admin') };
    expect(await change('POST', 'shop', 'web', reader)).toMatchObject(forbidden);
    expect(await change('DELETE', 'shop', 'core', reader)).toMatchObject(forbidden);
  });
});
