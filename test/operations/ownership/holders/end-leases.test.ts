import { describe, expect, it } from 'vitest';
import type { WorldInput } from '../../../../infra/world/schema.ts';
import { cascadeMerge } from '../../../../shared/operations/cascades/cascade-merge.ts';
import { deleteIssues } from '../../../../shared/operations/issues/delete-issues.ts';
import { mergeGroups } from '../../../../shared/operations/issues/merge-groups.ts';
import { updateGroups } from '../../../../shared/operations/issues/update-groups.ts';
import {
  endLeases,
  endLeasesOfPart,
} from '../../../../shared/operations/ownership/holders/end-leases.ts';
import { createRuleReader } from '../../../../shared/operations/ownership/rule-reader.ts';
import { LEASE_SHARDS } from '../../../../shared/stores/keys/index-keys.ts';
import { shardOf } from '../../../../shared/stores/keys.ts';
import type { Stores } from '../../../../shared/wiring.ts';
import { readGroupState, recordedEvents } from '../../../support/consistency.ts';
import {
  assignedTo,
  emptyOwnerCaches,
  surroundings,
  updateDeps,
} from '../../../support/operations.ts';
import { eventIn, ownersWorld, record, seen } from '../../../support/owners.ts';
import { smallWorld, worldOnFreshTable } from '../../../support/world.ts';

/** What the outbox holds is read from an hour before and after now. */
const start = Date.now() - 30 * 60_000;
const inMinutes = (minutes: number) => () => new Date(start + minutes * 60_000).toISOString();

/** Assigns as a caller, and answers what became of it. */
function give(stores: Stores, groupId: string, holder: string | null, expiresIn?: number | null) {
  const { assignedTo: asked } = assignedTo(holder);
  return updateGroups(
    { ...updateDeps(stores), clock: inMinutes(0) },
    {
      organizationId: '1',
      groupIds: [groupId],
      projects: null,
      update: {
        ...(asked && {
          assignedTo: { ...asked, ...(expiresIn === undefined ? {} : { expiresIn }) },
        }),
      },
      initiator: { actingUserId: '11', requestId: 'r1' },
    },
  );
}

function leaseDeps(stores: Stores, minutes: number) {
  const wired = { ...stores, ...surroundings(), clock: inMinutes(minutes) };
  return { ...wired, ruleReader: createRuleReader({ ...wired, ownershipCache: null }) };
}

function workerDeps(stores: Stores) {
  return { ...stores, ...surroundings(), ownerCaches: emptyOwnerCaches };
}

/** Runs the schedule so many minutes from the start. */
function run(stores: Stores, minutes: number) {
  const hasTime = () => true;
  return endLeases(leaseDeps(stores, minutes), { requestId: 'schedule', hasTime });
}

const told = async (stores: Stores, groupId: string) =>
  (await readGroupState(stores.table, groupId)).events.filter(
    ({ type }) => type === 'issue.lease_ending',
  );

describe('an assignment that lasts 65 minutes', () => {
  it('is told of an hour before its end, once, and then ends, once', async () => {
    const { stores } = await worldOnFreshTable();
    await give(stores, '101', 'user:12', 3_900);
    expect(await run(stores, 4)).toEqual({ ended: 0, told: 0 });
    expect(await run(stores, 6)).toEqual({ ended: 0, told: 1 });
    expect(await run(stores, 64)).toEqual({ ended: 0, told: 0 });
    expect(await run(stores, 66)).toEqual({ ended: 1, told: 0 });
    expect(await run(stores, 67)).toEqual({ ended: 0, told: 0 });

    const { assignment, activities, subscriptions, events } = await readGroupState(
      stores.table,
      '101',
    );
    expect(assignment).toMatchObject({ assignee: null, version: 2, lastAssignedManually: null });
    expect(assignment).not.toHaveProperty('gsi2pk');
    expect(activities).toMatchObject([
      { type: 'assigned' },
      { type: 'unassigned', userId: null, data: { reason: 'expired' } },
    ]);
    expect(subscriptions).toEqual([]);
    expect(events.map(({ type, detail }) => [type, detail.version])).toEqual(
      expect.arrayContaining([
        ['issue.assigned', 1],
        ['issue.lease_ending', 1],
        ['issue.unassigned', 2],
      ]),
    );
    expect((await told(stores, '101'))[0]?.detail.data).toEqual({
      assignee: { type: 'user', id: '12' },
      expiresAt: inMinutes(65)(),
    });
  });

  it('ends at most once where two runs meet', async () => {
    const { stores } = await worldOnFreshTable();
    await give(stores, '101', 'user:12', 3_900);
    const hour = await Promise.all([run(stores, 6), run(stores, 6), run(stores, 6)]);
    expect(hour.reduce((sum, one) => sum + one.told, 0)).toBe(1);
    expect(await told(stores, '101')).toHaveLength(1);
    const end = await Promise.all([run(stores, 66), run(stores, 66), run(stores, 66)]);
    expect(end.reduce((sum, one) => sum + one.ended, 0)).toBe(1);
    expect((await readGroupState(stores.table, '101')).activities).toHaveLength(2);
  });

  it.each([
    // what happens before its end -> who holds the issue after it
    ['was renewed', 'user:12', 14_400, 'user:12'],
    ['stays from now on', 'user:12', null, 'user:12'],
    ['was reassigned', 'team:21', undefined, 'team:21'],
    ['was taken back', null, undefined, null],
  ])('is left alone once it %s', async (_, holder, expiresIn, after) => {
    const { stores } = await worldOnFreshTable();
    await give(stores, '101', 'user:12', 3_900);
    await give(stores, '101', holder, expiresIn);
    expect((await run(stores, 66)).ended).toBe(0);
    expect((await readGroupState(stores.table, '101')).assignment?.assignee).toBe(after);
    // Whoever renews it decides when it ends.
    expect((await run(stores, 241)).ended).toBe(expiresIn === 14_400 ? 1 : 0);
  });

  it('does not end one that was made after it, even with the same holder', async () => {
    const { stores } = await worldOnFreshTable();
    await give(stores, '101', 'user:12', 3_900);
    await give(stores, '101', null);
    await give(stores, '101', 'user:12');
    expect(await run(stores, 66)).toEqual({ ended: 0, told: 0 });
  });

  it('goes with a merge to an issue that nobody holds', async () => {
    const { stores } = await worldOnFreshTable();
    await give(stores, '101', 'user:12', 3_900);
    const initiator = { actingUserId: '11', requestId: 'r1' };
    await mergeGroups(workerDeps(stores), { groupIds: ['101', '102'], initiator });
    // Until its rows are gone nobody sees the issue that was merged, and nothing is told of it.
    expect(await run(stores, 6)).toEqual({ ended: 0, told: 0 });
    await cascadeMerge(workerDeps(stores), {
      organizationId: '1',
      projectId: '31',
      primaryId: '102',
      childIds: ['101'],
      version: 0,
      requestId: 'worker',
      hasTime: () => true,
    });
    expect(await run(stores, 6)).toEqual({ ended: 0, told: 1 });
    expect(await run(stores, 66)).toEqual({ ended: 1, told: 0 });
    expect((await readGroupState(stores.table, '102')).assignment?.assignee).toBeNull();
  });
});

it('a run ends a page of each part, and has workers end the rest of it part by part', async () => {
  const ids = Array.from({ length: 3_000 }, (_, index) => String(10_000 + index));
  const groups = ids.filter((id) => shardOf(id, LEASE_SHARDS) === 3).slice(0, 250);
  const { stores } = await worldOnFreshTable({
    ...smallWorld,
    groups: groups.map((id) => ({ id, project: '31', title: 'Late', shortId: `SHOP-${id}` })),
    assignments: groups.map((group) => ({
      group,
      assignedTo: 'team:21',
      expiresAt: '2020-01-01T00:00:00Z',
    })),
  } as WorldInput);
  const due = async () =>
    (await recordedEvents(stores.table)).flatMap(({ type, detail }) =>
      type === 'assignments.leases_due' ? [[detail.organizationId, detail.data]] : [],
    );
  expect(await run(stores, 0)).toEqual({ ended: 100, told: 0 });
  expect(await due()).toEqual([['1', { part: 3 }]]);
  const work = (hasTime: () => boolean) =>
    endLeasesOfPart(leaseDeps(stores, 0), 3, { requestId: 'worker', hasTime });
  expect(await work(() => false)).toEqual({ ended: 100, told: 0 });
  const [one, other] = await Promise.all([work(() => true), work(() => true)]);
  expect(one.ended + other.ended).toBe(50);
  expect(await run(stores, 0)).toEqual({ ended: 0, told: 0 });
  expect(await due()).toHaveLength(1);
});

it('an issue that is being deleted keeps no other from ending', async () => {
  const { stores } = await worldOnFreshTable();
  await give(stores, '101', 'user:12', 3_900);
  await give(stores, '102', 'user:12', 3_900);
  await deleteIssues(workerDeps(stores), {
    organizationId: '1',
    groupIds: ['101'],
    projects: null,
    initiator: { actingUserId: '11', requestId: 'gone' },
  });
  expect(await run(stores, 66)).toEqual({ ended: 1, told: 0 });
  expect(await run(stores, 66)).toEqual({ ended: 0, told: 0 });
});

describe('where the organization reroutes', () => {
  const organizations = smallWorld.organizations.map((one) => ({
    ...one,
    orphanPolicy: 'reroute' as const,
  }));

  it('the issue goes to whom the rules name, without being taken from anybody twice', async () => {
    const { deps, stores, issue } = await ownersWorld({ organizations });
    await record(deps, seen({ groupId: issue, event: eventIn('app/cart.py') }));
    await give(stores, issue, 'user:12', 3_900);
    expect(await run(stores, 66)).toEqual({ ended: 1, told: 0 });

    const { assignment, activities, events } = await readGroupState(stores.table, issue);
    expect(assignment).toMatchObject({
      assignee: 'team:21',
      source: 'auto',
      lastAssignedManually: false,
    });
    expect(activities.at(-1)).toMatchObject({
      type: 'assigned',
      data: { integration: 'projectOwnership', rule: 'path:app/* #core', reason: 'expired' },
    });
    expect(events.map(({ type }) => type)).not.toContain('issue.unassigned');
    expect(await run(stores, 1_000)).toEqual({ ended: 0, told: 0 });
  });

  it('the issue goes to the same one again, for good, where the rules say so', async () => {
    const { deps, stores, issue } = await ownersWorld({ organizations });
    await record(deps, seen({ groupId: issue, event: eventIn('app/cart.py') }));
    await give(stores, issue, 'team:21', 3_900);
    const before = (await readGroupState(stores.table, issue)).assignment;
    expect(await run(stores, 66)).toEqual({ ended: 1, told: 0 });
    const { assignment } = await readGroupState(stores.table, issue);
    expect(assignment).toMatchObject({
      assignee: 'team:21',
      version: Number(before?.version) + 1,
    });
    expect(assignment).not.toHaveProperty('lease');
  });

  it.each([
    ['no rule is about it', {}, 'lib/db.py'],
    [
      'the project assigns nobody by itself',
      {
        ownership: [
          {
            project: '31',
            raw: 'path:app/* #core',
            autoAssignment: 'Turn off Auto-Assignment' as const,
          },
        ],
      },
      'app/cart.py',
    ],
  ])('the issue is nobody’s where %s', async (_, overrides, file) => {
    const { deps, stores, issue } = await ownersWorld({ organizations, ...overrides });
    await record(deps, seen({ groupId: issue, event: eventIn(file) }));
    await give(stores, issue, 'user:12', 3_900);
    expect(await run(stores, 66)).toEqual({ ended: 1, told: 0 });
    const { assignment, activities } = await readGroupState(stores.table, issue);
    expect(assignment?.assignee).toBeNull();
    expect(activities.at(-1)).toMatchObject({ type: 'unassigned', data: { reason: 'expired' } });
  });
});
