import { expect, it } from 'vitest';
import { cascadeTeam } from '../../../shared/operations/cascades/cascade-team.ts';
import { updateOrganization } from '../../../shared/operations/directory/update-organization.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { NOW } from '../../support/builders.ts';
import { readGroupState } from '../../support/consistency.ts';
import { asBefore } from '../../support/followers/model.ts';
import { surroundings, updateDeps, withStoredRules } from '../../support/operations.ts';
import { changingDeps } from '../../support/saving.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const core = { id: '21', organizationId: '1', slug: 'core', name: 'Core', dateCreated: NOW };
const initiator = { actingUserId: '11', requestId: 'before' };

/** Lets go of what the team core holds; answers how many issues each read was about. */
async function letGo({ stores }: TestWorld): Promise<number[]> {
  const reads: number[] = [];
  const groups = {
    ...stores.groups,
    withAssignments: (ids: readonly string[]) => {
      reads.push(ids.length);
      return stores.groups.withAssignments(ids);
    },
  };
  const deps = withStoredRules({ ...stores, ...surroundings(), groups });
  await cascadeTeam(deps, { team: core, requestId: 'worker', hasTime: () => true, pauseMs: 1 });
  return reads;
}

it('reads what a team holds and owns a page at a time', async () => {
  const ids = Array.from({ length: 130 }, (_, index) => String(10_000 + index));
  const world = await worldOnFreshTable({
    groups: ids.map((id) => ({ id, project: '31', title: 'TypeError' })),
    assignments: ids.map((group) => ({ group, assignedTo: 'team:21' })),
  });
  await updateGroups(updateDeps(world.stores), {
    organizationId: '1',
    groupIds: ids.slice(0, 40),
    projects: null,
    update: { ownerTeam: { kind: 'actor', actor: { type: 'team', id: '21' } } },
    initiator,
  });
  expect((await letGo(world)).filter((size) => size > 0)).toEqual([100, 30, 40]);
  const rows = [...(await world.stores.groups.withAssignments(ids)).values()];
  expect(rows.filter(({ assignment }) => assignment?.assignee)).toEqual([]);
  expect(rows.filter(({ group }) => group.ownerTeam?.teamId)).toEqual([]);
});

it('gives an issue to the team that the rules name, which follows it as a team', async () => {
  const ofShop = (project: { readonly id: string }) => project.id === '31';
  const world = await worldOnFreshTable({
    organizations: smallWorld.organizations.map((one) => ({
      ...one,
      features: ['team-workflow-notifications' as const],
    })),
    projects: smallWorld.projects.map((project) =>
      ofShop(project) ? { ...project, teams: ['core', 'web'] } : project,
    ),
    assignments: [{ group: '101', assignedTo: 'team:21' }],
    subscriptions: [{ group: '101', team: '21', reason: 'assigned', isActive: true }],
    ownership: [
      { project: '31', raw: 'path:* #web', autoAssignment: 'Auto Assign to Issue Owner' },
    ],
    owners: [{ group: '101', type: 'ownershipRule', owner: 'team:22', rule: 'path:* #web' }],
  });
  const { stores } = world;
  // Its followers are not known with it: they are read because a team will follow.
  await asBefore(world, '101');
  await updateOrganization(changingDeps(stores), '1', { orphanPolicy: 'reroute' }, initiator);
  await letGo(world);
  const state = await readGroupState(stores.table, '101');
  expect(state.assignment?.assignee).toBe('team:22');
  expect(state.subscriptions.map(({ subscriber }) => subscriber)).toEqual(['team:22']);
});
