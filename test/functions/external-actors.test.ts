import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiHandler } from '../../shared/http/api.ts';
import { type GatewayRequest, send } from '../http/gateway-event.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { notThere, scoped } from '../support/projects-over-http.ts';
import { type TestWorld, worldOnFreshTable } from '../support/world.ts';

const tracker = (id: string, organization: string) =>
  ({
    id,
    organization,
    provider: 'github',
    name: `${organization}/web`,
    baseUrl: `https://api.github.com/repos/${organization}/web`,
    secretRef: `local/github-${id}`,
    config: {},
  }) as const;

let world: TestWorld;
let ownership: ApiHandler;
let write: ApiHandler;
beforeAll(async () => {
  world = await worldOnFreshTable({
    integrations: [tracker('501', 'acme'), tracker('502', 'globex')],
  });
  enterFunctionEnvironment(world);
  ownership = (await import('../../functions/ownership/handler.ts')).handler;
  write = (await import('../../functions/directory-write/handler.ts')).handler;
});

/**
 * The routes of teams and those of users differ in their names alone; the ids are one of acme, one
 * of globex, nobody's.
 */
const kinds = [
  {
    noun: 'external-teams',
    parameter: 'externalTeam',
    field: 'team_id',
    error: 'teamId',
    sentence: 'Team is not a member of this organization',
    own: '21',
    other: '22',
    strange: '29',
    externalName: '@acme/core',
  },
  {
    noun: 'external-users',
    parameter: 'externalUser',
    field: 'user_id',
    error: 'userId',
    sentence: 'User is not a member of this organization',
    own: '12',
    other: '13',
    strange: '14',
    externalName: '@bob',
  },
] as const;

describe.each(kinds)('$noun', ({ noun, parameter, field, error, sentence, ...kind }) => {
  const call = (
    method: string,
    {
      id,
      body,
      ...rest
    }: Omit<Partial<GatewayRequest>, 'body'> & { id?: string; body?: unknown } = {},
  ) =>
    send(ownership, {
      method,
      resource: `/0/organizations/{org}/${noun}${id === undefined ? '' : `/{${parameter}}`}`,
      path: { org: 'acme', ...(id === undefined ? {} : { [parameter]: id }) },
      body: body === undefined ? null : JSON.stringify(body),
      ...rest,
    });
  const input = {
    external_name: kind.externalName,
    provider: 'github',
    integration_id: '501',
    [field]: kind.own,
  };
  const shown = {
    id: expect.any(String),
    externalName: kind.externalName,
    externalId: null,
    integrationId: '501',
    provider: 'github',
    [error]: kind.own,
  };
  const idOf = (body: unknown) => (body as { id: string }).id;

  it('are added once, listed, found, changed and removed', async () => {
    const added = await call('POST', { body: input });
    expect(added).toMatchObject({ statusCode: 201, body: shown });
    expect(await call('POST', { body: input })).toMatchObject({
      statusCode: 200,
      body: added.body,
    });
    expect((await call('GET')).body).toEqual([added.body]);
    const found = async (query: string) => (await call('GET', { query: { query: [query] } })).body;
    expect(await found(kind.externalName.slice(1))).toEqual([added.body]);
    expect(await found('somebody-else')).toEqual([]);
    const id = idOf(added.body);
    const changed = await call('PUT', { id, body: { externalName: '@x', [field]: kind.other } });
    expect(changed).toMatchObject({
      statusCode: 200,
      body: { ...shown, externalName: '@x', [error]: kind.other },
    });
    expect(await call('DELETE', { id })).toMatchObject({ statusCode: 204 });
    expect(await call('DELETE', { id })).toMatchObject(notThere);
    expect(await call('PUT', { id, body: { externalName: '@y' } })).toMatchObject(notThere);
    expect((await call('GET')).body).toEqual([]);
  });

  it.each([
    ['somebody of another organization', { [field]: kind.strange }, { [error]: [sentence] }],
    ['nobody', { [field]: '404' }, { [error]: [sentence] }],
    [
      'a tracker of another organization',
      { integration_id: '502' },
      { integrationId: ['Integration does not exist for this organization'] },
    ],
    [
      'a tracker that is not there',
      { integration_id: '404' },
      { integrationId: ['Integration does not exist for this organization'] },
    ],
    ['no name', { external_name: '' }, { externalName: ['This field may not be blank.'] }],
    [
      'another provider than the tracker’s',
      { provider: 'gitlab' },
      { provider: ["The integration's provider is github."] },
    ],
  ])('are refused for %s', async (_, wrong, body) => {
    expect(await call('POST', { body: { ...input, ...wrong } })).toMatchObject({
      statusCode: 400,
      body,
    });
  });

  it('are read with org:read and changed with org:write', async () => {
    const reader = scoped('org:read');
    expect((await call('GET', { authorizer: reader })).statusCode).toBe(200);
    for (const [method, id] of [['POST'], ['PUT', '1'], ['DELETE', '1']] as const) {
      expect(
        (await call(method, { ...(id && { id }), body: input, authorizer: reader })).statusCode,
      ).toBe(403);
    }
    expect((await call('GET', { authorizer: scoped('project:read') })).statusCode).toBe(403);
  });

  it('of one kind are not there for the routes of the other', async () => {
    const { body } = await call('POST', { body: input });
    const other = noun === 'external-teams' ? 'external-users' : 'external-teams';
    const otherParameter = parameter === 'externalTeam' ? 'externalUser' : 'externalTeam';
    const reply = await send(ownership, {
      method: 'DELETE',
      resource: `/0/organizations/{org}/${other}/{${otherParameter}}`,
      path: { org: 'acme', [otherParameter]: idOf(body) },
    });
    expect(reply).toMatchObject(notThere);
    expect((await call('DELETE', { id: idOf(body) })).statusCode).toBe(204);
  });

  it('are out of sight with whom they stand for', async () => {
    const { body } = await call('POST', { body: { ...input, [field]: kind.other } });
    const isTeam = parameter === 'externalTeam';
    const gone = await send(write, {
      method: 'DELETE',
      resource: isTeam ? '/0/teams/{org}/{team}' : '/0/organizations/{org}/members/{member}',
      path: { org: 'acme', ...(isTeam ? { team: kind.other } : { member: kind.other }) },
    });
    expect(gone.statusCode).toBe(204);
    expect((await call('GET')).body).toEqual([]);
    expect(await call('PUT', { id: idOf(body), body: { externalName: '@z' } })).toMatchObject(
      notThere,
    );
  });
});
