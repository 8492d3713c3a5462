import { describe, expect, it } from 'vitest';
import type { TeamInput } from '../../../shared/domain/actor.ts';
import { cascadeMerge } from '../../../shared/operations/cascades/cascade-merge.ts';
import { cascadeTeam } from '../../../shared/operations/cascades/cascade-team.ts';
import { leaveProject } from '../../../shared/operations/cascades/clear-owner-team.ts';
import { mergeGroups } from '../../../shared/operations/issues/merge-groups.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { updateProject } from '../../../shared/operations/projects/update-project.ts';
import { groupKeys } from '../../../shared/stores/keys/group-keys.ts';
import type { Stores } from '../../../shared/wiring.ts';
import { NOW } from '../../support/builders.ts';
import { readGroupState, recordedEvents } from '../../support/consistency.ts';
import {
  emptyOwnerCaches,
  surroundings,
  updateDeps,
  withStoredRules,
} from '../../support/operations.ts';
import { eventIn, ownersWorld, record, seen } from '../../support/owners.ts';
import { changingDeps } from '../../support/saving.ts';
import { smallWorld, worldOnFreshTable } from '../../support/world.ts';

const core: TeamInput = { kind: 'actor', actor: { type: 'team', id: '21' } };
const nobody: TeamInput = { kind: 'nobody' };
const initiator = { actingUserId: '11', requestId: 'r1' };

function own(stores: Stores, groupIds: readonly string[], ownerTeam: TeamInput) {
  return updateGroups(updateDeps(stores), {
    organizationId: '1',
    groupIds,
    projects: null,
    update: { ownerTeam },
    initiator,
  });
}

const ownerOf = async ({ groups }: Stores, groupId: string) =>
  (await groups.byId(groupId))?.group.ownerTeam;

/** The issues that the list of team core shows. */
const ownedByCore = async ({ ownerTeams }: Stores, projectId: string | null = null) =>
  (
    await ownerTeams.groupsOwnedBy({ organizationId: '1', teamId: '21', projectId, limit: 1_000 })
  ).groupIds.sort();

const toldOf = async (stores: Stores, groupId: string) =>
  (await readGroupState(stores.table, groupId)).events
    .filter(({ type }) => type === 'issue.owner_changed')
    .map(({ detail }) => detail.data);

describe('a person', () => {
  it('gives issues to a team and takes them back, and nothing is told twice', async () => {
    const { stores } = await worldOnFreshTable();
    const first = await own(stores, ['101', '102'], { kind: 'team', slug: 'core' });
    expect(first).toMatchObject({ changed: ['101', '102'], ownerTeam: { name: 'core' } });
    expect((await own(stores, ['101'], core)).changed).toEqual([]);
    expect(await ownedByCore(stores)).toEqual(['101', '102']);
    expect(await ownerOf(stores, '101')).toEqual({ teamId: '21', isManual: true, version: 1 });

    expect((await own(stores, ['101'], nobody)).changed).toEqual(['101']);
    expect(await ownedByCore(stores)).toEqual(['102']);
    const actor = { type: 'team', id: '21' };
    expect(await toldOf(stores, '101')).toEqual(
      expect.arrayContaining([
        { previous: null, current: actor, source: null },
        { previous: actor, current: null, source: null },
      ]),
    );
    // Who works on it is another matter.
    expect((await readGroupState(stores.table, '101')).assignment).toBeUndefined();
  });

  it.each([
    ['of another organization', { kind: 'actor', actor: { type: 'team', id: '29' } }, 'a member'],
    ['that there is not', { kind: 'actor', actor: { type: 'team', id: '77' } }, 'a member'],
    ['that no slug means', { kind: 'team', slug: 'nowhere' }, 'Could not parse'],
    ['without the project', { kind: 'team', slug: 'web' }, 'without access to the project'],
  ] as const)('cannot give them to a team %s', async (_, input, says) => {
    const { stores } = await worldOnFreshTable();
    await expect(own(stores, ['101'], input)).rejects.toMatchObject({
      fields: { ownerTeam: [expect.stringContaining(says)] },
    });
  });
});

describe('rules', () => {
  const mixed = { project: '31', raw: 'path:app/* alice@acme.io #core\npath:lib/* bob@acme.io' };

  it('name the first team of the rule that wins, and an event that changes nothing writes nothing', async () => {
    const { deps, stores, issue, shop } = await ownersWorld({ ownership: [mixed] });
    await record(deps, seen({ groupId: issue, event: eventIn('app/cart.py') }));
    expect(await ownerOf(stores, issue)).toEqual({ teamId: '21', isManual: false, version: 1 });
    expect(await ownedByCore(stores, shop)).toEqual([issue]);
    expect(await toldOf(stores, issue)).toEqual([
      { previous: null, current: { type: 'team', id: '21' }, source: 'auto' },
    ]);
    const { events } = await readGroupState(stores.table, issue);
    await record(deps, seen({ groupId: issue, event: eventIn('app/cart.py') }));
    expect((await readGroupState(stores.table, issue)).events).toHaveLength(events.length);
  });

  it('name none where the rule that wins names people', async () => {
    const { deps, stores, issue } = await ownersWorld({ ownership: [mixed] });
    await record(deps, seen({ groupId: issue, event: eventIn('lib/db.py') }));
    expect(await ownerOf(stores, issue)).toBeUndefined();
  });

  it('leave alone what a person chose, until it is taken back', async () => {
    const { deps, stores, issue } = await ownersWorld({
      ownership: [{ ...mixed, raw: 'path:app/* bob@acme.io' }],
    });
    await own(stores, [issue], core);
    await record(deps, seen({ groupId: issue, event: eventIn('app/cart.py') }));
    expect(await ownerOf(stores, issue)).toMatchObject({ teamId: '21', isManual: true });
  });
});

function workerDeps(stores: Stores) {
  return withStoredRules({ ...stores, ...surroundings(), ownerCaches: emptyOwnerCaches });
}

describe('what a team owns', () => {
  const many = Array.from({ length: 130 }, (_, index) => String(20_000 + index));
  const groups = [
    ...smallWorld.groups,
    ...many.map((id) => ({ id, project: '31', title: 'TypeError', shortId: `SHOP-${id}` })),
  ];
  const onBoth = smallWorld.projects.map((one) => ({ ...one, teams: ['core', 'web'] }));
  const projects = smallWorld.projects.map((one, index) => (index < 2 ? onBoth[index] : one));
  const world = () => worldOnFreshTable({ groups, projects: projects as typeof onBoth });

  it('is nobody’s once the team is deleted', async () => {
    const { stores } = await world();
    await own(stores, [...many, '101', '201'], core);
    const team = { id: '21', organizationId: '1', slug: 'core', name: 'Core', dateCreated: NOW };
    const time = { hasTime: () => true, pauseMs: 1 };
    await cascadeTeam(workerDeps(stores), { team, requestId: 'worker', ...time });
    expect(await ownedByCore(stores)).toEqual([]);
    expect(await ownerOf(stores, '201')).toEqual({ teamId: null, isManual: false, version: 2 });
    const told = (await recordedEvents(stores.table)).filter(
      ({ type, detail }) => type === 'issue.owner_changed' && detail.data.current === null,
    );
    expect(told).toHaveLength(many.length + 2);
  });

  it('is nobody’s in a project that the team has left, and goes on elsewhere', async () => {
    const { stores } = await world();
    await own(stores, [...many, '201'], core);
    const update = { organizationId: '1', projectId: '31', update: {}, initiator };
    await updateProject(changingDeps(stores), { ...update, teams: ['web'] });
    const [left] = (await recordedEvents(stores.table)).filter(
      ({ type }) => type === 'project.team_removed',
    );
    expect(left?.detail).toMatchObject({ projectId: '31', data: { teamId: '21' }, version: 1 });

    const leave = (hasTime: () => boolean) =>
      leaveProject(workerDeps(stores), {
        ...{ organizationId: '1', projectId: '31', teamId: '21', version: 1 },
        ...{ requestId: 'worker', hasTime, pauseMs: 1 },
      });
    await leave(() => false);
    expect((await ownedByCore(stores)).length).toBeGreaterThan(1);
    const again = (await recordedEvents(stores.table)).filter(
      ({ type }) => type === 'project.team_removed',
    );
    expect(again).toHaveLength(2);
    await leave(() => true);
    expect(await ownedByCore(stores)).toEqual(['201']);
  });

  it('stays where the team is on the project again by then', async () => {
    const { stores } = await world();
    await own(stores, ['101'], core);
    await leaveProject(workerDeps(stores), {
      ...{ organizationId: '1', projectId: '31', teamId: '21', version: 1 },
      ...{ requestId: 'late', hasTime: () => true, pauseMs: 1 },
    });
    expect(await ownedByCore(stores)).toEqual(['101']);
  });

  it('is the primary’s after a merge where that had no team', async () => {
    const { stores } = await worldOnFreshTable();
    await own(stores, ['101'], core);
    await mergeGroups(workerDeps(stores), { groupIds: ['101', '102'], initiator });
    await cascadeMerge(workerDeps(stores), {
      ...{ organizationId: '1', projectId: '31', primaryId: '102', childIds: ['101'] },
      ...{ version: 0, requestId: 'worker', hasTime: () => true },
    });
    expect(await ownerOf(stores, '102')).toEqual({ teamId: '21', isManual: true, version: 1 });
    expect(await ownedByCore(stores)).toEqual(['102']);
    expect(await stores.table.get(groupKeys.ownerTeam('101'))).toBeUndefined();
  });
});
