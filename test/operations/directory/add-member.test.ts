import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiHandler } from '../../../shared/http/api.ts';
import { admitMember } from '../../../shared/operations/directory/admit-member.ts';
import { revokeToken } from '../../../shared/operations/directory/change-token.ts';
import { makeToken } from '../../../shared/operations/directory/make-token.ts';
import { setAccountActive } from '../../../shared/operations/directory/set-account-active.ts';
import { authenticate } from '../../../shared/operations/lookup/authenticate.ts';
import { createTable } from '../../../shared/stores/table.ts';
import { wireStores } from '../../../shared/wiring.ts';
import { countingClient } from '../../bench/measure/counting-client.ts';
import { aliceAtAcme, type GatewayRequest, send } from '../../http/gateway-event.ts';
import { enterFunctionEnvironment } from '../../support/function-environment.ts';
import { surroundings } from '../../support/operations.ts';
import { notThere, organizationToken, scoped } from '../../support/projects-over-http.ts';
import { changingDeps } from '../../support/saving.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

let world: TestWorld;
let write: ApiHandler;
let read: ApiHandler;
let update: ApiHandler;
beforeAll(async () => {
  world = await worldOnFreshTable({
    users: [
      ...smallWorld.users,
      ...['frank', 'grace', 'heidi', 'ivan', 'judy'].map((username, index) => ({
        id: String(900 + index),
        username,
        name: `${username} of Globex`,
        emails: [
          { email: `${username}@globex.com`, isPrimary: true, isVerified: true },
          { email: `${username}@home.example`, isPrimary: false, isVerified: false },
        ],
      })),
    ],
    members: [
      ...smallWorld.members,
      ...[0, 1, 2, 3, 4].map((index) => ({
        organization: 'globex',
        user: String(900 + index),
        role: 'member' as const,
      })),
    ],
  });
  enterFunctionEnvironment(world);
  write = (await import('../../../functions/directory-write/handler.ts')).handler;
  read = (await import('../../../functions/directory-read/handler.ts')).handler;
  update = (await import('../../../functions/group-update/handler.ts')).handler;
});

const PAGE = '/0/organizations/{org}/members';
const forbidden = {
  statusCode: 403,
  body: { detail: 'You do not have permission to perform this action.' },
};
/** Alice with a token that reaches globex as well. */
const inBoth = {
  ...aliceAtAcme,
  organizations: '[{"id":"1","slug":"acme"},{"id":"2","slug":"globex"}]',
};

const add = (body: unknown, rest: Partial<GatewayRequest> = {}) =>
  send(write, {
    method: 'POST',
    resource: PAGE,
    path: { org: 'acme' },
    body: JSON.stringify(body),
    ...rest,
  });
const remove = (member: string) =>
  send(write, { method: 'DELETE', resource: `${PAGE}/{member}`, path: { org: 'acme', member } });
const list = async (query = '') =>
  (await send(read, { resource: PAGE, path: { org: 'acme' }, query: { query: [query] } })).body as {
    id: string;
    email: string;
    pending: boolean;
  }[];
const assign = (assignedTo: string) =>
  send(update, {
    method: 'PUT',
    resource: '/0/organizations/{org}/issues/{issue}',
    path: { org: 'acme', issue: '101' },
    body: JSON.stringify({ assignedTo }),
  });
const deps = () => ({ ...world.stores, ...surroundings() });
const reach = async (secret: string) =>
  (await authenticate(deps(), `Bearer ${secret}`))?.organizations.map(({ slug }) => slug);

describe('a member who is added by e-mail', () => {
  it('is pending, and nothing tells whether anybody has the address', async () => {
    const somebody = await add({ email: 'frank@globex.com', orgRole: 'manager' });
    const nobody = await add({ email: 'nobody@globex.com', orgRole: 'manager' });
    const shown = (email: string) => ({
      email,
      name: email,
      user: null,
      role: 'manager',
      orgRole: 'manager',
      pending: true,
    });
    expect(somebody).toMatchObject({ statusCode: 201, body: shown('frank@globex.com') });
    expect(nobody).toMatchObject({ statusCode: 201, body: shown('nobody@globex.com') });
    expect(Object.keys(somebody.body as object)).toEqual(Object.keys(nobody.body as object));
    expect(JSON.stringify([somebody.body, await list()])).not.toContain('of Globex');
  });

  it('costs the same calls to the table, whoever has the address', async () => {
    const { client, take } = countingClient(world.endpoint);
    const { inviteMember } = await import('../../../shared/operations/directory/add-member.ts');
    const counted = {
      ...changingDeps(wireStores(createTable({ client, name: world.table }))),
    };
    const callsOf = async (email: string) => {
      take();
      await inviteMember(counted, {
        organizationId: '1',
        role: 'member',
        teams: [],
        addedBy: {
          userId: '11',
          organizationIds: ['1'],
          isOrganizationAdmin: false,
          requestId: 'r1',
        },
        email,
      });
      return take()
        .map(({ command }) => command)
        .sort();
    };
    const calls = await callsOf('nobody-2@globex.com');
    expect(calls).toEqual(['BatchGetItem', 'GetItem', 'Query', 'TransactWriteItems']);
    expect(await callsOf('grace@globex.com')).toEqual(calls);
  });

  it.each([
    ['pending already', 'twice@globex.com'],
    ['a member’s', 'BOB@acme.io'],
  ])('is 409 for an address that is %s', async (_, email) => {
    await add({ email: 'Twice@globex.com' });
    expect(await add({ email })).toMatchObject({
      statusCode: 409,
      body: { detail: `The user ${email} is already a member.` },
    });
  });

  it('is 409 but once, when many add the address at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => add({ email: 'crowd@globex.com' })),
    );
    expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(1);
    expect(answers.filter(({ statusCode }) => statusCode === 409)).toHaveLength(9);
  });

  it('is neither assignable, nor found, nor in a team, and goes by their own id', async () => {
    const { body } = await add({
      email: 'heidi@globex.com',
      teamRoles: [{ teamSlug: 'core', role: 'contributor' }],
    });
    const { id } = body as { id: string };
    for (const name of [id, `user:${id}`, '902', 'heidi', 'heidi@globex.com']) {
      expect((await assign(name)).statusCode, name).toBe(400);
    }
    const { memberships } = (await world.stores.teams.roster('21'))!;
    expect(memberships.map(({ userId }) => userId)).toEqual(['11', '12']);
    expect(await list(`email:heidi@globex.com`)).toMatchObject([{ id, pending: true }]);
    expect(await remove('902')).toMatchObject(notThere);
    expect(await remove(id)).toMatchObject({ statusCode: 204 });
    expect(await remove(id)).toMatchObject(notThere);
    expect(await list(`email:heidi@globex.com`)).toEqual([]);
    expect((await add({ email: 'heidi@globex.com' })).statusCode).toBe(201);
  });

  it.each([
    'nobody',
    '@acme.io',
    'a@b',
    'two@at@acme.io',
    'spa ce@acme.io',
    `${'x'.repeat(250)}@acme.io`,
    '',
  ])('is 400 for %j', async (email) => {
    expect(await add({ email })).toMatchObject({
      statusCode: 400,
      body: { email: [expect.any(String)] },
    });
  });

  it('is 400 for a team of another organization as for none', async () => {
    for (const teamSlug of ['ops', 'nothing', '29']) {
      expect(await add({ email: 'teams@globex.com', teamRoles: [{ teamSlug }] })).toMatchObject({
        statusCode: 400,
        body: { teamRoles: [`Team ${teamSlug} does not exist.`] },
      });
    }
  });
});

describe('a member who is added as a known user', () => {
  it('is one at once, with role and teams, when the token reaches an organization of theirs', async () => {
    const pending = await add({ email: 'ivan@globex.com' });
    expect(pending.statusCode).toBe(201);
    const answer = await add(
      { user: 'ivan', role: 'manager', teamRoles: [{ teamSlug: 'web' }] },
      { authorizer: inBoth },
    );
    expect(answer).toMatchObject({
      statusCode: 201,
      body: { id: '903', role: 'manager', pending: false, user: { username: 'ivan' } },
    });
    expect(await list('ivan')).toMatchObject([{ id: '903', pending: false }]);
    const { memberships } = (await world.stores.teams.roster('22'))!;
    expect(memberships.map(({ userId }) => userId)).toContain('903');
    expect(await add({ user: '903' }, { authorizer: inBoth })).toMatchObject({
      statusCode: 409,
      body: { detail: 'The user ivan is already a member.' },
    });
  });

  const unknown = { statusCode: 400, body: { user: ['This user does not exist.'] } };
  it.each(['14', 'user:14', 'dave', 'dave@acme.io', '404', 'zoe', 'team:21'])(
    'is unknown as %j to a token that reaches acme alone',
    async (user) => {
      for (const role of ['member', 'owner']) {
        expect(await add({ user, role })).toMatchObject(unknown);
      }
    },
  );

  it.each<[string, unknown, unknown]>([
    ['nobody', {}, { user: ['This field is required.'] }],
    ['a list', { user: ['14'] }, { user: ['Not a valid string.'] }],
    ['an unknown role', { user: '12', role: 'king' }, { role: ['"king" is not a valid choice.'] }],
    [
      'two people',
      { user: '12', email: 'a@b.io' },
      { user: [expect.stringContaining('not both')] },
    ],
    [
      'two roles',
      { user: '12', role: 'owner', orgRole: 'member' },
      { role: [expect.stringContaining('not both')] },
    ],
  ])('is not %s', async (_, body, expected) => {
    expect(await add(body)).toMatchObject({ statusCode: 400, body: expected });
  });
});

describe('a role above one’s own', () => {
  const bob = { ...aliceAtAcme, userId: '12' };
  const withoutUser = (scopes: string) => ({ ...organizationToken, scopes });

  it.each<[string, GatewayRequest['authorizer'], string, number]>([
    ['a member', bob, 'manager', 403],
    ['a member', bob, 'member', 201],
    ['who is no member', { ...aliceAtAcme, userId: '14' }, 'member', 403],
    ['a token without a user', withoutUser('member:admin'), 'admin', 403],
    ['a token without a user', withoutUser('member:admin'), 'member', 201],
    ['one with org:admin', withoutUser('member:write org:admin'), 'owner', 201],
  ])('%s gives %s', async (_, authorizer, orgRole, expected) => {
    const email = `role-${Math.abs(JSON.stringify([authorizer, orgRole]).length)}-${orgRole}@x.io`;
    const answer = await add({ email, orgRole }, { authorizer: authorizer ?? null });
    expect(answer.statusCode).toBe(expected);
    if (expected === 403) {
      expect(answer).toMatchObject(forbidden);
      for (const user of ['14', '404']) {
        expect(
          await add({ user, role: orgRole }, { authorizer: authorizer ?? null }),
        ).toMatchObject(forbidden);
      }
    }
  });

  it('needs a scope before anything', async () => {
    const reader = scoped('member:read org:admin');
    expect(await add({ email: 'a@b.io' }, { authorizer: reader })).toMatchObject(forbidden);
  });
});

describe('a token', () => {
  const judy = { organizationIds: ['1'], scopes: ['event:read'], userId: '904' };

  it('makes a member of who is pending, under their verified addresses alone', async () => {
    await add({ email: 'judy@home.example', orgRole: 'owner' });
    await expect(makeToken(deps(), { ...judy, secret: 'judy-0' })).rejects.toMatchObject({
      code: 'request.invalid',
    });
    await add({
      email: 'Judy@Globex.com',
      orgRole: 'manager',
      teamRoles: [{ teamSlug: 'core' }, { teamSlug: 'web' }],
    });
    await makeToken(deps(), { ...judy, secret: 'judy-1' });
    expect(await reach('judy-1')).toEqual(['acme']);
    const profile = await world.stores.users.profile('904');
    expect(profile?.members).toContainEqual(
      expect.objectContaining({ organizationId: '1', role: 'manager' }),
    );
    expect(profile?.teams.map(({ teamId }) => teamId)).toEqual(['21', '22']);
    expect(await list('judy@globex.com')).toMatchObject([{ id: '904', pending: false }]);
    expect((await assign('judy')).statusCode).toBe(200);
    await expect(makeToken(deps(), { ...judy, secret: 'judy-1' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('is dead with the membership, also when its user comes back, and theirs from then on are new', async () => {
    expect(await remove('904')).toMatchObject({ statusCode: 204 });
    expect(await reach('judy-1')).toEqual([]);
    expect((await add({ email: 'judy@globex.com' })).statusCode).toBe(201);
    expect(await reach('judy-1')).toEqual([]);
    await makeToken(deps(), { ...judy, secret: 'judy-2' });
    expect(await reach('judy-2')).toEqual(['acme']);
    expect(await reach('judy-1')).toEqual([]);
  });

  it('reaches nothing while the account is switched off', async () => {
    await setAccountActive(deps(), { userId: '904', isActive: false });
    expect(await reach('judy-2')).toEqual([]);
    expect((await assign('904')).statusCode).toBe(400);
    await setAccountActive(deps(), { userId: '904', isActive: true });
    expect(await reach('judy-2')).toEqual(['acme']);
    await expect(
      setAccountActive(deps(), { userId: '404', isActive: false }),
    ).rejects.toMatchObject({ code: 'resource.not_found' });
  });

  it('is nobody’s when it is revoked', async () => {
    await revokeToken(world.stores, { secret: 'judy-2' });
    expect(await reach('judy-2')).toBeUndefined();
    await expect(revokeToken(world.stores, { secret: 'judy-2' })).rejects.toMatchObject({
      code: 'resource.not_found',
    });
  });

  it('of nobody is not asked for memberships', async () => {
    await makeToken(deps(), {
      secret: 'robot',
      userId: null,
      organizationIds: ['2', '1'],
      scopes: [],
    });
    expect(await reach('robot')).toEqual(['globex', 'acme']);
    await expect(
      makeToken(deps(), { secret: 'robot-2', userId: null, organizationIds: ['7'], scopes: [] }),
    ).rejects.toMatchObject({ code: 'resource.not_found' });
  });

  it('makes one member, when many are made at once', async () => {
    await add({ email: 'grace@globex.com' });
    const admitted = await Promise.all(
      Array.from({ length: 8 }, () => admitMember(deps(), { organizationId: '1', userId: '901' })),
    );
    expect(new Set(admitted.map((one) => one?.id)).size).toBe(1);
    expect(await list('grace')).toHaveLength(1);
  });
});
