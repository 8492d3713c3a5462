import { beforeAll, describe, expect, it } from 'vitest';
import { admitMember } from '../../../shared/operations/directory/admit-member.ts';
import { enrollMember } from '../../../shared/operations/directory/enroll-member.ts';
import { makeOrganization, makeUser } from '../../../shared/operations/directory/register.ts';
import { heardBy } from '../../support/bus-events.ts';
import { recordedEvents } from '../../support/consistency.ts';
import { surroundings } from '../../support/operations.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable();
});
const deps = () => ({ ...world.stores, ...surroundings() });
const closed = { openMembership: false, features: [] };

async function slugs(): Promise<string[]> {
  const found: string[] = [];
  for await (const page of world.stores.organizations.pages()) {
    found.push(...page.map(({ slug }) => slug));
  }
  return found;
}

describe('an organization', () => {
  it('is made under a slug of its name, and listed beside those of a world', async () => {
    const { id, slug } = await makeOrganization(deps(), { ...closed, name: 'New Co', slug: null });
    expect(slug).toBe('new-co');
    expect(await world.stores.organizations.idOfSlug('new-co')).toBe(id);
    expect(await world.stores.organizations.byId(id)).toEqual({
      ...closed,
      id,
      slug,
      name: 'New Co',
      options: {},
      orphanPolicy: 'keep',
      dateCreated: expect.any(String),
      projectDeletionDelaySeconds: 0,
    });
    expect(await slugs()).toEqual(['acme', 'globex', 'new-co']);
  });

  it('is given the slug that was chosen, or nothing is made', async () => {
    const taken = makeOrganization(deps(), { ...closed, name: 'X', slug: 'acme' });
    await expect(taken).rejects.toMatchObject({ code: 'conflict' });
    const none = makeOrganization(deps(), { ...closed, name: 'X', slug: 'No Slug' });
    await expect(none).rejects.toMatchObject({ code: 'request.invalid' });
    expect(await slugs()).not.toContain('X');
  });

  it('is one, when many are made of one slug', async () => {
    const made = await Promise.allSettled(
      Array.from({ length: 4 }, () =>
        makeOrganization(deps(), { ...closed, name: 'Raced', slug: 'raced' }),
      ),
    );
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await slugs()).filter((slug) => slug === 'raced')).toHaveLength(1);
  });
});

describe('a user', () => {
  const zoe = { username: 'zoe', name: 'Zoe', emails: ['Zoe@New.io', 'zoe@home.example'] };

  it('is found by user name and addresses, the first of which is theirs', async () => {
    const { id } = await makeUser(deps(), zoe);
    for (const login of ['zoe', 'zoe@new.io', 'zoe@home.example']) {
      expect(await world.stores.users.idsOfLogin(login)).toEqual([id]);
    }
    expect((await world.stores.users.profile(id))?.user.emails).toEqual([
      { email: 'Zoe@New.io', isPrimary: true, isVerified: true },
      { email: 'zoe@home.example', isPrimary: false, isVerified: true },
    ]);
  });

  it.each([
    ['a user name of a world', { ...zoe, username: 'Alice', emails: [] }],
    ['an address of a world', { ...zoe, username: 'other', emails: ['ALICE@acme.io'] }],
  ])('is not given %s', async (_, about) => {
    await expect(makeUser(deps(), about)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is one, when many are made of one name', async () => {
    const made = await Promise.allSettled(
      Array.from({ length: 4 }, () =>
        makeUser(deps(), { username: 'raced', name: '', emails: [] }),
      ),
    );
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await world.stores.users.idsOfLogin('raced')).toHaveLength(1);
  });
});

describe('a member that an operator makes', () => {
  it('is one of anybody, in any role, with teams, and the caches hear of it', async () => {
    const { id: userId } = await makeUser(deps(), { username: 'max', name: '', emails: [] });
    await enrollMember(deps(), { organizationId: '1', userId, role: 'owner', teamIds: ['21'] });
    const profile = await world.stores.users.profile(userId);
    expect(profile).toMatchObject({
      members: [{ organizationId: '1', role: 'owner' }],
      teams: [{ teamId: '21', isActive: true }],
    });
    const events = (await recordedEvents(world.stores.table)).filter(
      ({ type }) => type === 'ownership.names_changed',
    );
    expect(events.map((event) => heardBy('cache-repeat', event).detail.organizationId)).toContain(
      '1',
    );
    expect(await admitMember(deps(), { organizationId: '1', userId })).toMatchObject({
      role: 'owner',
    });
  });

  it.each([
    ['of nobody', { userId: '404' }, 'resource.not_found'],
    ['of a team that is not there', { userId: '14', teamIds: ['404'] }, 'resource.not_found'],
    ['who is one', { userId: '11' }, 'conflict'],
  ])('is refused: %s', async (_, about, code) => {
    const member = { organizationId: '1', role: 'member', teamIds: [], ...about } as const;
    await expect(enrollMember(deps(), member)).rejects.toMatchObject({ code });
  });
});
