import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiHandler } from '../../shared/http/api.ts';
import { updateMember } from '../../shared/operations/directory/update-member.ts';
import { type GatewayRequest, send } from '../http/gateway-event.ts';
import { NOW } from '../support/builders.ts';
import { recordedEvents } from '../support/consistency.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { notThere, organizationToken, scoped } from '../support/projects-over-http.ts';
import { changingDeps, namesChangedEvent } from '../support/saving.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../support/world.ts';

let world: TestWorld;
let read: ApiHandler;
let write: ApiHandler;
beforeAll(async () => {
  world = await worldOnFreshTable({
    users: [
      ...smallWorld.users,
      {
        id: '16',
        username: 'frank',
        name: 'Frank',
        emails: [{ email: 'frank@acme.io', isPrimary: true, isVerified: true }],
        isActive: false,
      },
    ],
    members: [
      ...smallWorld.members,
      { organization: 'acme', user: '16', role: 'member' },
      { organization: 'globex', user: '12', role: 'member' },
    ],
    teams: smallWorld.teams.map((team) =>
      team.slug === 'core'
        ? { ...team, members: [...team.members, { user: '16', isActive: true }] }
        : team,
    ),
  });
  enterFunctionEnvironment(world);
  read = (await import('../../functions/directory-read/handler.ts')).handler;
  write = (await import('../../functions/directory-write/handler.ts')).handler;
});

const MEMBERS = '/0/organizations/{org}/members';
const MEMBER = `${MEMBERS}/{member}`;
const MEMBER_TEAM = `${MEMBER}/teams/{team}`;
const TEAM = '/0/teams/{org}/{team}';
const forbidden = {
  statusCode: 403,
  body: { detail: 'You do not have permission to perform this action.' },
};

type Path = NonNullable<GatewayRequest['path']>;
const get = (resource: string, path: Path, rest: Partial<GatewayRequest> = {}) =>
  send(read, { resource, path: { org: 'acme', ...path }, ...rest });
const change = (
  method: string,
  resource: string,
  path: Path,
  body: unknown,
  rest: Partial<GatewayRequest> = {},
) =>
  send(write, {
    method,
    resource,
    path: { org: 'acme', ...path },
    body: JSON.stringify(body),
    ...rest,
  });
const put = (member: string, body: unknown, rest: Partial<GatewayRequest> = {}) =>
  change('PUT', MEMBER, { member }, body, rest);
const ids = (answer: { readonly body: unknown }) =>
  (answer.body as { id: string }[]).map(({ id }) => id);
const userToken = (userId: string) => ({ ...scoped('member:admin team:admin'), userId });
async function countOf(type: string): Promise<number> {
  return (await recordedEvents(world.stores.table)).filter((one) => one.type === type).length;
}

/** Somebody new who is pending, with the id of the invitation. */
async function invited(email: string, teams: readonly string[] = []): Promise<string> {
  const teamRoles = teams.map((teamSlug) => ({ teamSlug }));
  const answer = await change('POST', MEMBERS, {}, { email, orgRole: 'member', teamRoles });
  expect(answer.statusCode).toBe(201);
  return (answer.body as { id: string }).id;
}

describe('one member', () => {
  it('is shown with their teams and with the roles that the caller may give', async () => {
    expect(await get(MEMBER, { member: 'me' })).toMatchObject({
      statusCode: 200,
      body: {
        id: '11',
        email: 'alice@acme.io',
        orgRole: 'owner',
        pending: false,
        teams: ['core'],
        teamRoles: [{ teamSlug: 'core', role: 'contributor' }],
        isOnlyOwner: true,
        invite_link: null,
        orgRoleList: [
          { id: 'member', allowed: true, minimumTeamRole: 'contributor' },
          { id: 'admin' },
          { id: 'manager' },
          { id: 'owner', name: 'Owner', isAllowed: true },
        ],
        teamRoleList: [{ id: 'contributor' }],
      },
    });
    const bobs = await get(MEMBER, { member: '12' }, { authorizer: userToken('12') });
    const { orgRoleList } = bobs.body as { orgRoleList: { id: string; allowed: boolean }[] };
    expect(orgRoleList.filter(({ allowed }) => allowed).map(({ id }) => id)).toEqual(['member']);
  });

  it('may be pending, with the teams that they will be in', async () => {
    const id = await invited('pat@acme.io', ['web', 'core']);
    expect(await get(MEMBER, { member: id })).toMatchObject({
      body: { id, pending: true, user: null, teams: ['core', 'web'], isOnlyOwner: false },
    });
  });

  it.each(['14', '404', 'x'.repeat(200)])('is 404 as %s', async (member) => {
    expect(await get(MEMBER, { member })).toMatchObject(notThere);
    expect(await put(member, { orgRole: 'member' })).toMatchObject(notThere);
  });

  it('is nobody for `me` without a user', async () => {
    const answer = await get(MEMBER, { member: 'me' }, { authorizer: organizationToken });
    expect(answer).toMatchObject(forbidden);
  });
});

describe('a change of a member', () => {
  it('sets the role and all teams in one transaction, with events of who joins and leaves', async () => {
    const [before, left] = [
      await countOf('ownership.names_changed'),
      await countOf('team.member_left'),
    ];
    const body = { orgRole: 'admin', teamRoles: [{ teamSlug: 'core' }] };
    expect(await put('13', body)).toMatchObject({
      statusCode: 200,
      body: { orgRole: 'admin', roleName: 'Admin', teams: ['core'] },
    });
    expect(await countOf('ownership.names_changed')).toBe(before + 1);
    expect(await countOf('team.member_left')).toBe(left + 1);
    expect(await world.stores.organizations.member('1', '13')).toMatchObject({ role: 'admin' });
    const profile = await world.stores.users.profile('13');
    expect(profile?.members).toMatchObject([{ role: 'admin' }]);
    expect(profile?.teams).toMatchObject([{ teamId: '21' }]);

    // Said again it changes nothing, and null says nothing.
    expect((await put('13', body)).statusCode).toBe(200);
    expect((await put('13', { orgRole: 'admin', teamRoles: null })).body).toMatchObject({
      teams: ['core'],
    });
    expect(await countOf('ownership.names_changed')).toBe(before + 1);
    const restored = { role: 'member', teamRoles: [{ teamSlug: 'web' }] };
    expect((await put('13', restored)).body).toMatchObject({ role: 'member', teams: ['web'] });
  });

  it('may say more teams than one request can change, as long as they stay', async () => {
    const teamRoles = Array.from({ length: 40 }, () => ({ teamSlug: 'core', role: null }));
    expect((await put('12', { orgRole: 'member', teamRoles })).body).toMatchObject({
      teams: ['core'],
    });
  });

  it('reaches who is pending, and their teams one by one', async () => {
    const member = await invited('quinn@acme.io', ['web']);
    expect(await put(member, { orgRole: 'manager', teamRoles: [] })).toMatchObject({
      statusCode: 200,
      body: { id: member, pending: true, orgRole: 'manager', teams: [] },
    });
    const team = { member, team: 'core' };
    const join = () => change('POST', MEMBER_TEAM, team, {});
    expect(await join()).toMatchObject({ statusCode: 201, body: { slug: 'core' } });
    expect(await join()).toMatchObject({ statusCode: 204 });
    const confirm = () => change('PUT', MEMBER_TEAM, team, { teamRole: 'contributor' });
    expect(await confirm()).toMatchObject({ body: { isActive: true, teamRole: 'contributor' } });
    expect((await change('DELETE', MEMBER_TEAM, team, {})).statusCode).toBe(200);
    expect(await change('DELETE', MEMBER_TEAM, team, {})).toMatchObject(notThere);
    expect(await confirm()).toMatchObject(notThere);
    const [pending] = await world.stores.pendingMembers.byEmails('1', ['quinn@acme.io']);
    expect(pending).toMatchObject({ role: 'manager', teamIds: [] });
  });

  it('is not lost where who is pending is admitted at the same time', async () => {
    const { memberships, pendingMembers, organizations } = world.stores;
    const id = await invited('rita@acme.io');
    const stale = await pendingMembers.byEmails('1', ['rita@acme.io']);
    await put(id, { orgRole: 'admin' });
    const rita = { id: 'm', organizationId: '1', userId: '14', dateCreated: NOW };
    const admit = (pending: typeof stale) =>
      memberships.insertMember({ ...rita, role: 'member' }, { pending }, namesChangedEvent());
    expect(await admit(stale)).toMatchObject({
      committed: false,
      refused: ['pending member', 'pending member'],
    });
    expect(await organizations.member('1', '14')).toBeUndefined();
    expect((await get(MEMBER, { member: id })).body).toMatchObject({ orgRole: 'admin' });
  });

  it.each<[string, string, unknown, unknown]>([
    ['a role of no organization', '12', { orgRole: 'boss' }, { orgRole: [expect.any(String)] }],
    [
      'two roles',
      '12',
      { orgRole: 'admin', role: 'member' },
      { role: [expect.stringContaining('not both')] },
    ],
    [
      'a team that is not there',
      '12',
      { orgRole: 'admin', teamRoles: [{ teamSlug: 'nowhere' }] },
      { teamRoles: ['Team nowhere does not exist.'] },
    ],
    [
      'another role in a team',
      '12',
      { teamRoles: [{ teamSlug: 'core', role: 'admin' }] },
      { teamRoles: [expect.stringContaining('not a valid choice')] },
    ],
    [
      'another role for the only owner',
      '11',
      { orgRole: 'member' },
      { detail: 'You cannot demote the only remaining owner of the organization.' },
    ],
  ])('is refused for %s, and changes nothing', async (_, member, body, expected) => {
    const before = await get(MEMBER, { member });
    expect(await put(member, body)).toMatchObject({ statusCode: 400, body: expected });
    expect((await get(MEMBER, { member })).body).toEqual(before.body);
  });

  it('gives and takes no role above the caller’s own', async () => {
    const bob = { authorizer: userToken('12') };
    expect(await put('15', { orgRole: 'admin' }, bob)).toMatchObject(forbidden);
    expect(await put('11', { orgRole: 'member' }, bob)).toMatchObject(forbidden);
    expect((await put('15', { orgRole: 'member' }, bob)).statusCode).toBe(200);
    const robot = { ...organizationToken, scopes: 'member:admin' };
    expect(await put('15', { orgRole: 'admin' }, { authorizer: robot })).toMatchObject(forbidden);
    const reader = { authorizer: scoped('member:read') };
    expect(await put('15', { orgRole: 'member' }, reader)).toMatchObject(forbidden);
  });

  it('leaves one owner, whoever else becomes something else at the same time', async () => {
    await put('15', { orgRole: 'owner' });
    const demote = (memberId: string, actingUserId: string) =>
      updateMember(changingDeps(world.stores), {
        organizationId: '1',
        memberId,
        role: 'member',
        teams: null,
        isOrganizationAdmin: false,
        initiator: { actingUserId, requestId: 'race' },
      });
    const outcomes = await Promise.allSettled([demote('15', '11'), demote('11', '15')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const owners = (await world.stores.organizations.members('1')).filter(
      ({ role }) => role === 'owner',
    );
    expect(owners.length).toBe(1);
    const [{ userId = '' } = {}] = owners;
    await put('11', { orgRole: 'owner' }, { authorizer: userToken(userId) });
    await put('15', { orgRole: 'member' });
  });
});

describe('who is where', () => {
  it.each<[string, string, Path, readonly string[]]>([
    ['in an organization', '/0/organizations/{org}/users', {}, ['11', '12', '13', '15']],
    ['on a project', '/0/projects/{org}/{project}/members', { project: 'shop' }, ['11', '12']],
    ['on a team', `${TEAM}/members`, { team: 'core' }, ['11', '12']],
  ])('%s: active accounts alone', async (_, resource, path, expected) => {
    const answer = await get(resource, path);
    expect(answer.statusCode).toBe(200);
    expect(ids(answer)).toEqual(expected);
    const bob = await get(resource, path, { query: { query: ['email:bob@acme.io'] } });
    expect(ids(bob)).toEqual(['12']);
    const first = await get(resource, path, { query: { per_page: ['1'] } });
    expect(ids(first)).toEqual(['11']);
    expect(first.headers?.Link).toContain('rel="next"; results="true"');
  });

  it('names the projects of each user, and narrows by projects', async () => {
    const resource = '/0/organizations/{org}/users';
    const answer = await get(resource, {});
    const projects = (answer.body as { id: string; projects: string[] }[]).map((user) => [
      user.id,
      user.projects,
    ]);
    expect(projects).toEqual([
      ['11', ['shop']],
      ['12', ['shop']],
      ['13', ['site']],
      ['15', []],
    ]);
    expect(ids(await get(resource, {}, { query: { project: ['32'] } }))).toEqual(['13']);
    expect(await get(resource, {}, { query: { project: ['39'] } })).toMatchObject(notThere);
  });

  it('says the role of members in a team', async () => {
    const answer = await get(`${TEAM}/members`, { team: '22' });
    expect(answer.body).toMatchObject([{ id: '13', teamRole: 'contributor', teamSlug: 'web' }]);
  });

  it('lists the projects of a team and the teams of a project', async () => {
    expect((await get(`${TEAM}/projects`, { team: 'core' })).body).toMatchObject([
      { id: '31', slug: 'shop', teams: [{ slug: 'core' }] },
    ]);
    expect((await get('/0/projects/{org}/{project}/teams', { project: '31' })).body).toMatchObject([
      { id: '21', slug: 'core', memberCount: 2, isMember: true },
    ]);
  });
});

describe('one team', () => {
  it('is shown with its organization', async () => {
    expect(await get(TEAM, { team: 'core' })).toMatchObject({
      statusCode: 200,
      body: { id: '21', slug: 'core', memberCount: 2, organization: { id: '1', slug: 'acme' } },
    });
    expect(await get(TEAM, { team: 'ops' })).toMatchObject(notThere);
  });

  const rename = (team: string, body: unknown, rest: Partial<GatewayRequest> = {}) =>
    change('PUT', TEAM, { team }, body, rest);

  it('takes another name and slug, and frees the slug that it had', async () => {
    const before = await countOf('ownership.names_changed');
    expect(await rename('web', { name: 'Surface', slug: 'surface' })).toMatchObject({
      statusCode: 200,
      body: { id: '22', name: 'Surface', slug: 'surface', organization: { slug: 'acme' } },
    });
    expect(await countOf('ownership.names_changed')).toBe(before + 1);
    expect(await get(TEAM, { team: 'web' })).toMatchObject(notThere);
    expect((await rename('surface', { name: 'Web' })).body).toMatchObject({ slug: 'surface' });
    expect((await rename('22', { slug: 'web', name: null })).body).toMatchObject({
      name: 'Web',
      slug: 'web',
    });
    expect(await world.stores.teams.idOfSlug('1', 'surface')).toBeUndefined();
    expect(await countOf('ownership.names_changed')).toBe(before + 2);
    expect((await rename('22', {})).statusCode).toBe(200);
  });

  it.each<[string, unknown, unknown]>([
    ['a slug that another team has', { slug: 'core' }, ['The slug "core" is already in use.']],
    ['a slug of digits', { slug: '12' }, [expect.stringContaining('entirely numeric')]],
  ])('refuses %s', async (_, body, slug) => {
    expect(await rename('web', body)).toMatchObject({ statusCode: 400, body: { slug } });
    expect((await get(TEAM, { team: 'web' })).body).toMatchObject({ id: '22', slug: 'web' });
  });

  it('needs a scope', async () => {
    const reader = { authorizer: scoped('team:read org:admin') };
    expect(await rename('web', { name: 'x' }, reader)).toMatchObject(forbidden);
  });

  it('that is renamed while somebody deletes it keeps no slug', async () => {
    const created = await change('POST', '/0/organizations/{org}/teams', {}, { slug: 'brief' });
    const { id } = created.body as { id: string };
    const answers = await Promise.all([
      rename(id, { slug: 'briefer' }),
      change('DELETE', TEAM, { team: id }, {}),
    ]);
    expect(answers[1].statusCode).toBe(204);
    expect([200, 404]).toContain(answers[0].statusCode);
    for (const slug of ['brief', 'briefer']) {
      expect(await world.stores.teams.idOfSlug('1', slug)).toBeUndefined();
    }
  });
});
