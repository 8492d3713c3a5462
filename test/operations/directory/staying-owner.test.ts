import { beforeAll, describe, expect, it } from 'vitest';
import { toOrganizationEventRecord } from '../../../shared/domain/events.ts';
import { deleteMember } from '../../../shared/operations/directory/delete-member.ts';
import { setAccountActive } from '../../../shared/operations/directory/set-account-active.ts';
import { updateMember } from '../../../shared/operations/directory/update-member.ts';
import { NOW } from '../../support/builders.ts';
import { recordedEvents } from '../../support/consistency.ts';
import { changingDeps, namesChangedEvent } from '../../support/saving.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

/** One organization for each test, each with the owners 11 and 12. */
const ORGANIZATION_IDS = Array.from({ length: 40 }, (_, index) => String(5_000 + index));
const free = [...ORGANIZATION_IDS];

let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable({
    organizations: [
      ...smallWorld.organizations,
      ...ORGANIZATION_IDS.map((id) => ({
        id,
        slug: `org-${id}`,
        name: id,
        openMembership: true,
        features: [],
      })),
    ],
    users: [
      ...smallWorld.users,
      ...ORGANIZATION_IDS.flatMap((id) => [userOf(`${id}1`), userOf(`${id}2`)]),
    ],
    members: ORGANIZATION_IDS.flatMap((id) => [
      { organization: `org-${id}`, user: `${id}1`, role: 'owner' as const },
      { organization: `org-${id}`, user: `${id}2`, role: 'owner' as const },
    ]),
    teams: [],
    projects: [],
    groups: [],
    tokens: [],
  });
});

function userOf(id: string) {
  return { id, username: `user-${id}`, name: id, emails: [] };
}

/** An organization with two owners that no other test touches, with the ids of both. */
function freeOrganization() {
  const organizationId = free.pop() ?? expect.fail('There are too few organizations.');
  return { organizationId, ada: `${organizationId}1`, ben: `${organizationId}2` };
}

/** Everything that can make somebody no owner any more. */
const ways = {
  demote: (organizationId: string, memberId: string) =>
    updateMember(changingDeps(world.stores), {
      organizationId,
      memberId,
      role: 'member',
      teams: null,
      isOrganizationAdmin: true,
      initiator: { actingUserId: null, requestId: 'demote' },
    }),
  remove: (organizationId: string, memberId: string) =>
    deleteMember(changingDeps(world.stores), {
      organizationId,
      memberId,
      initiator: { actingUserId: null, requestId: 'remove' },
    }),
  deactivate: (_: string, userId: string) =>
    setAccountActive(changingDeps(world.stores), { userId, isActive: false }),
};
type Way = keyof typeof ways;
const WAYS = Object.keys(ways) as Way[];

async function ownersOf(organizationId: string): Promise<string[]> {
  const members = await world.stores.organizations.members(organizationId);
  const owners = members.filter(({ role }) => role === 'owner').map(({ userId }) => userId);
  const active = await world.stores.users.activeAmong(owners);
  return owners.filter((userId) => active.has(userId));
}

describe('the only owner of an organization', () => {
  const pairs = WAYS.flatMap((first) => WAYS.map((second) => [first, second] as const));

  it.each(pairs)('stays after %s, and then %s', async (first, second) => {
    const { organizationId, ada, ben } = freeOrganization();
    await ways[first](organizationId, ada);
    const events = await recordedEvents(world.stores.table);
    await expect(ways[second](organizationId, ben)).rejects.toMatchObject({
      detail: expect.stringMatching(/only remaining owner of the organization/),
    });
    expect(await ownersOf(organizationId)).toEqual([ben]);
    expect(await recordedEvents(world.stores.table)).toHaveLength(events.length);
  });

  it.each(pairs)('is there after %s and %s at the same time', async (first, second) => {
    const { organizationId, ada, ben } = freeOrganization();
    const outcomes = await Promise.allSettled([
      ways[first](organizationId, ada),
      ways[second](organizationId, ben),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await ownersOf(organizationId)).toHaveLength(1);
  });

  it('is one who has left since the other one was counted on', async () => {
    const { organizationId, ada, ben } = freeOrganization();
    const members = await world.stores.organizations.members(organizationId);
    const adas = members.find(({ userId }) => userId === ada) ?? expect.fail('Ada is no member.');
    await ways.deactivate(organizationId, ben);
    const outcome = await world.stores.directoryRemoval.removeMember(adas, {
      dateLeft: NOW,
      stayingOwner: ben,
      ended: [],
      event: toOrganizationEventRecord(
        { type: 'member.left', version: 1, data: { userId: ada } },
        { eventId: 'left', occurredAt: NOW, requestId: 'test', actor: null, organizationId },
      ),
    });
    expect(outcome).toEqual({ committed: false, refused: ['owner who stays'] });
  });

  it('may have their account switched off and on again by whoever is beside them', async () => {
    const { organizationId, ada, ben } = freeOrganization();
    await ways.deactivate(organizationId, ada);
    await setAccountActive(changingDeps(world.stores), { userId: ada, isActive: true });
    await ways.remove(organizationId, ben);
    expect(await ownersOf(organizationId)).toEqual([ada]);
  });

  it('does not keep another member from leaving', async () => {
    const { organizationId, ada, ben } = freeOrganization();
    await ways.demote(organizationId, ben);
    await ways.remove(organizationId, ben);
    expect(await ownersOf(organizationId)).toEqual([ada]);
  });

  it('tells every organization of an account with many of them', async () => {
    for (const id of ORGANIZATION_IDS) {
      await world.stores.memberships.insertMember(
        { id: `m${id}`, organizationId: id, userId: '13', role: 'member', dateCreated: NOW },
        {},
        namesChangedEvent(),
      );
    }
    const told = async () =>
      (await recordedEvents(world.stores.table)).flatMap(({ type, detail }) =>
        detail.requestId.includes('account-13') ? [type] : [],
      );
    await setAccountActive(changingDeps(world.stores), { userId: '13', isActive: false });
    expect((await told()).toSorted()).toEqual([
      ...ORGANIZATION_IDS.map(() => 'member.deactivated'),
      ...ORGANIZATION_IDS.map(() => 'ownership.names_changed'),
    ]);
    expect(await world.stores.users.activeAmong(['13'])).toEqual(new Set());
  });
});
