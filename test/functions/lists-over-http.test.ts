import { beforeAll, describe, expect, it } from 'vitest';
import { ENV } from '../../shared/env.ts';
import type { ApiHandler } from '../../shared/http/api.ts';
import type { Route } from '../../shared/http/routes/route.ts';
import { ROUTES } from '../../shared/http/routes.ts';
import { deleteTeam } from '../../shared/operations/directory/delete-team.ts';
import { aliceAtAcme, type GatewayRequest, send } from '../http/gateway-event.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { organizationToken } from '../support/projects-over-http.ts';
import { changingDeps } from '../support/saving.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../support/world.ts';

let world: TestWorld;
const handlers = new Map<string, ApiHandler>();
beforeAll(async () => {
  world = await worldOnFreshTable({
    owners: [
      { group: '101', type: 'ownershipRule', owner: 'team:21', rule: 'path:a' },
      { group: '101', type: 'ownershipRule', owner: 'user:11', rule: 'path:b' },
    ],
    integrations: [
      {
        id: '501',
        organization: 'acme',
        provider: 'github',
        name: 'GitHub',
        baseUrl: 'https://api.github.com',
        secretRef: 'local/github-501',
        config: {},
      },
    ],
    externalActors: [
      { integration: '501', user: '11', externalId: 'a', externalName: '@alice-hub' },
      { integration: '501', team: '21', externalId: 'b', externalName: '@acme/core' },
    ],
    users: smallWorld.users.map((user) =>
      user.username === 'erin' ? { ...user, name: 'Bobby Tables' } : user,
    ),
  });
  enterFunctionEnvironment(world);
  process.env[ENV.rateLimits] = 'off';
  for (const name of new Set(ROUTES.map((route) => route.function))) {
    if (!['directory-read', 'integrations', 'group-read', 'ownership'].includes(name)) {
      continue;
    }
    const module = await import(`../../functions/${name}/handler.ts`);
    handlers.set(name, module.handler as ApiHandler);
  }
});

/** What Baton has none of: nothing is ever found in it. */
const empty = ['listRepositories'];
const lists: readonly Route[] = ROUTES.filter(
  (route: Route) => route.narrowedBy?.includes('query') && !empty.includes(route.operation),
);

function ask(operation: string, query: string | null, rest: Partial<GatewayRequest> = {}) {
  const route = ROUTES.find((one) => one.operation === operation)!;
  return send(handlers.get(route.function)!, {
    method: route.method,
    resource: route.path.replace(/\/$/, ''),
    path: { org: 'acme', project: 'shop', team: 'core', issue: '101' },
    query: query === null ? {} : { query: [query] },
    ...rest,
  });
}

describe('a list that can be searched', () => {
  it.each(lists.map(({ operation }) => operation))(
    '%s shows what is found, and else nothing',
    async (operation) => {
      expect((await ask(operation, null)).body).not.toEqual([]);
      expect(await ask(operation, 'nothing-is-called-so')).toMatchObject({
        statusCode: 200,
        body: [],
      });
    },
  );

  it.each<[string, string[]]>([
    ['bob', ['12', '15']],
    ['BOB', ['12', '15']],
    ['bobby tables', ['15']],
    ['email:bob@acme.io', ['12']],
    ['email:bob', []],
    ['user.id:13', ['13']],
    ['id:13', ['13']],
    ['role:owner', ['11']],
    ['acme.io role:member bobby', ['15']],
    ['unheardOf:bob', []],
    ['dave', []],
  ])('finds members by %j', async (query, ids) => {
    const { body } = await ask('listOrganizationMembers', query);
    expect((body as { id: string }[]).map(({ id }) => id)).toEqual(ids);
  });
});

describe('an organization', () => {
  it.each<[string, GatewayRequest['authorizer'], string | null]>([
    ['an owner', aliceAtAcme, 'owner'],
    ['a member', { ...aliceAtAcme, userId: '12' }, 'member'],
    ['nobody', organizationToken, null],
  ])('says what %s is there', async (_, authorizer, role) => {
    const asked = { authorizer: authorizer ?? null };
    expect((await ask('getOrganization', null, asked)).body).toMatchObject({ role, orgRole: role });
    expect((await ask('listOrganizations', null, asked)).body).toMatchObject([
      { slug: 'acme', role, orgRole: role },
    ]);
  });
});

describe('a team that was deleted', () => {
  it('is gone from the owners of issues at once, before any worker has come', async () => {
    const ownersIn = (body: unknown) =>
      (body as { owners: { owner: string }[] }).owners.map(({ owner }) => owner);
    const shown = async () => {
      const detail = await ask('getOrganizationIssue', null);
      const explained = await ask('explainOwnership', null);
      const list = await ask('listOrganizationIssues', null, {
        query: { query: ['TypeError'], expand: ['owners'] },
      });
      const [listed] = list.body as unknown[];
      return [detail.body, explained.body, listed].map(ownersIn);
    };
    expect(await shown()).toEqual(Array(3).fill(['team:21', 'user:11']));
    await deleteTeam(changingDeps(world.stores), {
      organizationId: '1',
      team: 'core',
      initiator: { actingUserId: null, requestId: 'r' },
    });
    expect(await shown()).toEqual(Array(3).fill(['user:11']));
  });
});
