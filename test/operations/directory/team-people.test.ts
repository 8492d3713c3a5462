import { beforeAll, describe, expect, it } from 'vitest';
import { defaultAutoAssignment } from '../../../shared/domain/ownership/settings.ts';
import { describeTeams } from '../../../shared/operations/directory/read-directory.ts';
import { setAccountActive } from '../../../shared/operations/directory/set-account-active.ts';
import { unsubscribeFromTeam } from '../../../shared/operations/directory/unsubscribe-from-team.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { findAutoAssignee } from '../../../shared/operations/ownership/auto-assign.ts';
import { NOW } from '../../support/builders.ts';
import { readGroupState } from '../../support/consistency.ts';
import { assignedTo, surroundings, updateDeps } from '../../support/operations.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

/**
 * A team of four: alice, bob with an account that is switched off, carol suspended in the team,
 * erin.
 */
const crew = {
  id: '24',
  organization: 'acme',
  slug: 'crew',
  name: 'Crew',
  members: ['11', '12', '13', '15'].map((user) => ({ user, isActive: user !== '13' })),
};

let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable({
    teams: [...smallWorld.teams, crew],
    projects: smallWorld.projects.map((project) =>
      project.slug === 'shop' ? { ...project, teams: ['core', 'crew'] } : project,
    ),
  });
  await setAccountActive({ ...world.stores, ...surroundings() }, { userId: '12', isActive: false });
});

const assign = (group: string, to: string | null) =>
  updateGroups(updateDeps(world.stores), {
    organizationId: '1',
    groupIds: [group],
    projects: null,
    update: assignedTo(to),
    initiator: { actingUserId: null, requestId: 'r' },
  });

const followers = async (group: string) =>
  (await readGroupState(world.stores.table, group)).subscriptions.map(({ subscriber }) =>
    subscriber.slice('user:'.length),
  );

describe('the people of a team are its active members with an active account', () => {
  it('where the team is assigned: nobody else is subscribed', async () => {
    await assign('101', 'team:24');
    expect(await followers('101')).toEqual(['11', '15']);
  });

  it('where somebody was subscribed before their account was switched off: they go with the team', async () => {
    await assign('102', 'team:24');
    await setAccountActive(
      { ...world.stores, ...surroundings() },
      { userId: '15', isActive: false },
    );
    await assign('102', null);
    expect(await followers('102')).toEqual([]);
    await setAccountActive(
      { ...world.stores, ...surroundings() },
      { userId: '15', isActive: true },
    );
  });

  it('where the rules assign the team', async () => {
    const organization = (await world.stores.organizations.byId('1'))!;
    const assignee = await findAutoAssignee(world.stores, organization, defaultAutoAssignment, [
      {
        type: 'ownershipRule',
        actor: { type: 'team', id: '24' },
        rule: 'path:x',
        dateAdded: NOW,
      },
    ]);
    expect(assignee?.members).toEqual(['11', '15']);
  });

  it('where the team is counted', async () => {
    const team = (await world.stores.teams.byIds(['24'])).get('24')!;
    expect(await describeTeams(world.stores, [team], '12')).toMatchObject([
      { memberCount: 2, isMember: false },
    ]);
  });

  it('where somebody has left the team: they are back only with an active account', async () => {
    await assign('101', 'team:24');
    await setAccountActive(
      { ...world.stores, ...surroundings() },
      { userId: '15', isActive: false },
    );
    const deps = { ...updateDeps(world.stores), ...world.stores };
    await unsubscribeFromTeam(deps, { organizationId: '1', teamId: '24', userId: '15' });
    expect(await followers('101')).toEqual(['11']);
  });
});
