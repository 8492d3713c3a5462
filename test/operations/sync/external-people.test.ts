import { beforeEach, describe, expect, it } from 'vitest';
import { ISSUE_SYNC_FEATURE } from '../../../shared/domain/sync/integration.ts';
import { deleteMember } from '../../../shared/operations/directory/delete-member.ts';
import { setAccountActive } from '../../../shared/operations/directory/set-account-active.ts';
import { leaveTeam } from '../../../shared/operations/directory/team-membership.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { accountOf, candidatesFor } from '../../../shared/operations/sync/external-people.ts';
import { type LinkFacts, readLinkFacts } from '../../../shared/operations/sync/link-facts.ts';
import type { Tracker } from '../../../shared/trackers/tracker.ts';
import { team } from '../../support/builders.ts';
import { assignedTo, surroundings, updateDeps } from '../../support/operations.ts';
import { changingDeps } from '../../support/saving.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

let world: TestWorld;

/**
 * Alice (11) is named as an account; bob's (12) verified address is one that the tracker shows;
 * erin is in no team.
 */
beforeEach(async () => {
  world = await worldOnFreshTable({
    organizations: smallWorld.organizations.map((one) => ({
      ...one,
      features: [ISSUE_SYNC_FEATURE],
    })),
    users: smallWorld.users.map((user) => ({
      ...user,
      emails: [
        {
          email: `${user.username}@acme.io`,
          isPrimary: true,
          isVerified: user.username !== 'carol',
        },
        { email: `${user.username}@home.io`, isPrimary: false, isVerified: true },
      ],
    })),
    // Alice can leave: bob is an owner too.
    members: smallWorld.members.map((one) =>
      one.user === '12' ? { ...one, role: 'owner' as const } : one,
    ),
    teams: smallWorld.teams.map((team) =>
      team.id === '21'
        ? { ...team, members: ['11', '12', '13'].map((user) => ({ user, isActive: true })) }
        : team,
    ),
    integrations: [
      {
        id: '501',
        organization: 'acme',
        provider: 'github',
        name: 'GitHub',
        baseUrl: 'https://api.github.com',
        secretRef: 'none',
        config: { sync_forward_assignment: true, sync_reverse_assignment: true },
      },
    ],
    externalActors: [
      { integration: '501', user: '11', externalId: '7', externalName: '@Alice-L' },
      { integration: '501', user: '15', externalId: '9', externalName: '@erin' },
      { integration: '501', team: '21', externalId: '8', externalName: '@acme/core' },
    ],
    links: [{ group: '101', integration: '501', key: 'acme/a#1' }],
  });
});

const initiator = { actingUserId: '11', requestId: 'test' };
const changing = () => changingDeps(world.stores);
const deps = () => ({ ...world.stores, ...surroundings() });

async function factsWith(assignee: string | null): Promise<LinkFacts> {
  if (assignee !== null) {
    await updateGroups(updateDeps(world.stores), {
      organizationId: '1',
      groupIds: ['101'],
      projects: null,
      update: assignedTo(assignee),
      initiator: { actingUserId: '11', requestId: 'test' },
    });
  }
  const [link] = await world.stores.links.ofGroup('101');
  const facts = await readLinkFacts(deps(), { groupId: '101', linkId: link?.id ?? '' });
  return facts ?? expect.fail('nothing to sync');
}

/** A tracker that shows one address, and what it was asked for. */
function trackerShowing(email: string) {
  const asked: string[] = [];
  const tracker = {
    async findUser({ value }: { value: string }) {
      asked.push(value);
      const found = value === email ? { externalId: '77', externalName: 'bobby' } : null;
      return { ok: true, value: found };
    },
  } as unknown as Tracker;
  return { tracker, asked };
}

describe('who stands in the tracker for', () => {
  it.each([
    ['nobody', null],
    ['a team, even one with an account', 'team:21'],
  ])('%s: nobody', async (_, assignee) => {
    const { tracker, asked } = trackerShowing('');
    const reply = await accountOf(deps(), await factsWith(assignee), tracker);
    expect(reply).toEqual({ ok: true, value: null });
    expect(asked).toEqual([]);
  });

  it('a user: the account that was named', async () => {
    const { tracker, asked } = trackerShowing('alice@acme.io');
    const reply = await accountOf(deps(), await factsWith('user:11'), tracker);
    expect(reply).toEqual({ ok: true, value: { externalId: '7', externalName: '@Alice-L' } });
    expect(asked).toEqual([]);
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      'has left the organization',
      () => deleteMember(changing(), { organizationId: '1', memberId: '11', initiator }),
    ],
    [
      'has an account that is off',
      () => setAccountActive(changing(), { userId: '11', isActive: false }),
    ],
    ['has no access', () => leaveTeam(changing(), { team: team(), userId: '11', initiator })],
  ])('nobody for a user who %s, and nobody comes from there as them', async (_, lose) => {
    const { tracker, asked } = trackerShowing('alice@acme.io');
    const facts = await factsWith('user:11');
    await lose();
    expect(await accountOf(deps(), facts, tracker)).toEqual({ ok: true, value: null });
    expect(asked).toEqual([]);
    const alice = { externalId: '7', externalName: '@Alice-L', email: 'alice@acme.io' };
    const [candidate] = await candidatesFor(deps(), facts, [alice]);
    expect(candidate).toMatchObject({ person: alice, userId: null, assignee: null });
  });

  it('a user whom nobody named: the account with a verified address, from then on', async () => {
    const { tracker, asked } = trackerShowing('bob@home.io');
    const facts = await factsWith('user:12');
    const account = { externalId: '77', externalName: 'bobby' };
    expect(await accountOf(deps(), facts, tracker, { remember: false })).toMatchObject({
      value: account,
    });
    expect(await accountOf(deps(), facts, tracker)).toEqual({ ok: true, value: account });
    expect(asked).toEqual(['bob@acme.io', 'bob@home.io', 'bob@acme.io', 'bob@home.io']);
    expect(await accountOf(deps(), facts, tracker)).toEqual({ ok: true, value: account });
    expect(asked).toHaveLength(4);
    const [candidate] = await candidatesFor(deps(), facts, [account]);
    expect(candidate?.userId).toBe('12');
  });

  it('a user is not asked for by an address that is not verified', async () => {
    const { tracker, asked } = trackerShowing('carol@acme.io');
    expect(await accountOf(deps(), await factsWith('user:13'), tracker)).toEqual({
      ok: true,
      value: null,
    });
    expect(asked).toEqual(['carol@home.io']);
  });

  it('somebody who was not found is not asked for again for the same assignment', async () => {
    const { tracker, asked } = trackerShowing('');
    const facts = await factsWith('user:12');
    const link = { ...facts.link, status: 'unmapped' as const, syncedVersion: 1 };
    await accountOf(deps(), { ...facts, link }, tracker);
    expect(asked).toEqual([]);
  });
});

describe('whom an account in the tracker stands for', () => {
  it.each<[string, { externalId: string; externalName: string; email?: string }, string | null]>([
    ['by its id, whatever it is called now', { externalId: '7', externalName: 'renamed' }, '11'],
    ['by its name, case and @ aside', { externalId: '700', externalName: 'ALICE-L' }, '11'],
    [
      'by a verified address',
      { externalId: '70', externalName: 'x', email: 'Carol@Home.io' },
      '13',
    ],
    [
      'not by one that is not verified',
      { externalId: '70', externalName: 'x', email: 'carol@acme.io' },
      null,
    ],
    ['nobody who may not hold the issue', { externalId: '9', externalName: 'erin' }, null],
    ['no team', { externalId: '8', externalName: 'acme/core' }, null],
    ['nobody', { externalId: '70', externalName: 'stranger' }, null],
  ])('%s', async (_, person, expected) => {
    const [candidate] = await candidatesFor(deps(), await factsWith(null), [person]);
    expect(candidate).toMatchObject({ person, userId: expected });
    expect(candidate?.assignee?.actor.id ?? null).toBe(expected);
  });
});
