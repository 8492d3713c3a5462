import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../../../shared/domain/bulk/plan.ts';
import { requestReconciliation } from '../../../../shared/operations/bulk/accept-operation.ts';
import { applyPlan, findPlan } from '../../../../shared/operations/bulk/plans/apply-plan.ts';
import { buildPlan } from '../../../../shared/operations/bulk/plans/build-plan.ts';
import { makePlan } from '../../../../shared/operations/bulk/plans/make-plan.ts';
import type { RequestedUpdate } from '../../../../shared/operations/issues/update-groups.ts';
import { updateGroups } from '../../../../shared/operations/issues/update-groups.ts';
import { groupItem } from '../../../../shared/stores/issues/groups.ts';
import { readGroupState, recordedEvents } from '../../../support/consistency.ts';
import { assignedTo, surroundings, updateDeps } from '../../../support/operations.ts';
import { copiesOf, type TestWorld, worldOnFreshTable } from '../../../support/world.ts';
import { patient, resultOf, workOnAll } from '../workers.ts';
import { applied, initiator, planDeps, planned, wayBack } from './plans.ts';

const ISSUES = Array.from({ length: 12 }, (_, index) => String(40_000 + index));
const [one = '', two = '', three = '', four = ''] = ISSUES;

let copy: () => Promise<TestWorld>;
beforeAll(async () => {
  const world = await worldOnFreshTable({
    groups: ISSUES.map((id) => ({
      ...{ id, shortId: `PLAN-${id}`, title: `Issue ${id}` },
      project: '31',
    })),
    assignments: ISSUES.slice(0, 8).map((group, index) => ({
      group,
      assignedTo: index % 2 === 0 ? 'user:12' : 'team:21',
    })),
  });
  copy = await copiesOf(world);
});

const resolve: RequestedUpdate = {
  status: { status: 'resolved', substatus: null, resolvedIn: null, conditions: {} },
};
const archive: RequestedUpdate = {
  status: {
    ...{ status: 'ignored', substatus: null, resolvedIn: null },
    conditions: { ignoreCount: 10, ignoreDuration: 60 },
  },
};
const unarchive: RequestedUpdate = {
  status: { status: 'unresolved', substatus: null, resolvedIn: null, conditions: {} },
};
const owned = (id: string | null): RequestedUpdate => ({
  ownerTeam: id === null ? { kind: 'nobody' } : { kind: 'actor', actor: { type: 'team', id } },
});
function leased(to: string, expiresIn: number): RequestedUpdate {
  const { assignedTo: named } = assignedTo(to);
  return named === undefined ? {} : { assignedTo: { ...named, expiresIn } };
}

const change = ({ stores }: TestWorld, groupIds: readonly string[], update: RequestedUpdate) =>
  updateGroups(updateDeps(stores), {
    ...{ organizationId: '1', projects: null, groupIds, update, initiator },
  });

/** What operations change of issues, and nothing that rises with each change. */
async function statesOf({ stores }: TestWorld) {
  const rows = await stores.groups.withAssignments(ISSUES);
  return ISSUES.map((id) => {
    const { group, assignment } = rows.get(id) ?? expect.fail(`${id} is gone.`);
    const { status, substatus, statusDetails, inInbox, snoozeBaseline, resolvedAfter } = group;
    return {
      ...{ id, status, substatus, statusDetails, inInbox, snoozeBaseline, resolvedAfter },
      ownerTeam: group.ownerTeam?.teamId ?? null,
      isManual: group.ownerTeam?.isManual ?? false,
      assignee: assignment?.assignee ?? null,
      lease: assignment?.lease?.expiresAt ?? null,
      lastAssignedManually: assignment?.lastAssignedManually ?? null,
      assignedBy: assignment?.assignedBy ?? null,
    };
  });
}

describe('a plan', () => {
  it('freezes issues with their versions, and counts what applying it would do', async () => {
    const world = await copy();
    const events = (await recordedEvents(world.stores.table)).length;
    const plan = await planned(world, [...ISSUES, '999'], {
      update: { ...assignedTo('user:12'), ...resolve },
    });
    expect(plan).toMatchObject({ state: 'ready', count: 12, notFound: ['999'] });
    expect(plan.summary).toMatchObject({ assignments: 8, statusChanges: 12, noChanges: 0 });
    const [first, second] = await world.stores.plans.issuesOf(plan, [0]);
    expect(first).toMatchObject({
      groupId: one,
      before: { assignedTo: { id: '12' }, status: 'unresolved' },
      after: { assignedTo: { id: '12' }, status: 'resolved' },
      versions: { assignment: 1, status: 0 },
    });
    expect(second).toMatchObject({ before: { assignedTo: { type: 'team', id: '21' } } });
    expect(await recordedEvents(world.stores.table)).toHaveLength(events);
  });

  it('is applied to what has not moved since, in the name of whoever applies it', async () => {
    const world = await copy();
    const plan = await planned(world, ISSUES, { update: assignedTo('user:12') });
    await change(world, [two], assignedTo('user:11'));
    await change(world, [two], assignedTo('team:21'));
    await change(world, [four], resolve);
    await world.stores.groups.byId(three);
    const { operation, byIssue } = await applied(world, plan);
    expect(operation).toMatchObject({
      ...{ kind: 'update', state: 'done', plan: plan.id, requested: 12 },
      counts: { applied: 7, unchanged: 4, drifted: 1, skipped: 0, failed: 0 },
    });
    expect(byIssue.get(one)).toMatchObject({ outcome: 'unchanged', reason: null });
    expect(byIssue.get(two)).toMatchObject({ outcome: 'drifted', reason: 'moved' });
    expect(byIssue.get(four)).toMatchObject({ outcome: 'applied' });
    const { activities } = await readGroupState(world.stores.table, four);
    expect(activities).toContainEqual(
      expect.objectContaining({
        userId: '11',
        data: expect.objectContaining({ operationId: operation.id }),
      }),
    );
  });

  it('is applied once, and not before it is ready', async () => {
    const world = await copy();
    const plan = await planned(world, [four], { update: resolve });
    const { operation } = await applied(world, plan);
    await expect(applied(world, plan)).rejects.toMatchObject({
      detail: 'This plan has been applied.',
      extra: { operation: operation.id },
    });
    const building = { ...plan, id: '77', state: 'building' as const };
    await world.stores.plans.insert(building, [], {});
    await expect(applied(world, building)).rejects.toMatchObject({ code: 'request.in_flight' });
  });

  it('is not there an hour after it was ready, nor for another organization', async () => {
    const world = await copy();
    const { id } = await planned(world, [four], { update: resolve });
    const later = () => new Date(Date.now() + 3_601_000).toISOString();
    const deps = { ...planDeps(world), clock: later };
    await expect(findPlan(deps, '1', id)).rejects.toMatchObject({ code: 'resource.not_found' });
    await expect(findPlan(planDeps(world), '2', id)).rejects.toMatchObject({
      code: 'resource.not_found',
    });
  });

  it('deletes what nobody has touched since', async () => {
    const world = await copy();
    const plan = await planned(world, [one, two, three, four], { kind: 'delete' });
    expect(plan.summary).toMatchObject({ deletions: 4 });
    await change(world, [two], resolve);
    const { operation, byIssue } = await applied(world, plan);
    expect(operation.counts).toMatchObject({ applied: 3, drifted: 1 });
    expect(byIssue.get(two)).toMatchObject({ outcome: 'drifted' });
    const rows = await world.stores.groups.withAssignments([one, two]);
    expect(rows.get(one)?.group.status).toBe('pending_deletion');
    expect(rows.get(two)?.group.status).toBe('resolved');
    await expect(wayBack(world, operation.id)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('skips what is gone, and whom its project does not let in any more', async () => {
    const world = await copy();
    const plan = await planned(world, [one, two], { update: assignedTo('user:11') });
    await applied(world, await planned(world, [one], { kind: 'delete' }));
    const { byIssue } = await applied(world, plan);
    expect(byIssue.get(one)).toMatchObject({ outcome: 'skipped', reason: 'deleted' });
  });

  it('refuses what the live write refuses', async () => {
    const world = await copy();
    for (const update of [assignedTo('user:99'), assignedTo('team:99'), owned('99')]) {
      await expect(planned(world, [one], { update })).rejects.toMatchObject({
        code: 'request.invalid',
      });
    }
    const source = { kind: 'query', query: 'assigned:zznobody', callerUserId: null } as const;
    await expect(planned(world, [], { update: resolve, source })).rejects.toThrow('zznobody');
  });
});

/** Has a worker do one step of a plan, and pass the rest on; answers the event that it heard. */
async function firstStepOf(world: TestWorld, { id: planId }: Plan): Promise<Set<string>> {
  const events = await recordedEvents(world.stores.table);
  const begun = events.find(({ detail }) => (detail.data as { planId?: string }).planId === planId);
  let steps = 0;
  await buildPlan(planDeps(world), {
    ...{ planId, fencingToken: 0, requestId: 'work', hasTime: () => steps++ === 0 },
  });
  return new Set([begun?.detail.eventId ?? expect.fail('No worker would have heard of it.')]);
}

/** Lets issues be seen: they move to the other end of the lists. */
async function see({ stores }: TestWorld, ids: readonly string[], lastSeen: string): Promise<void> {
  const rows = await stores.groups.withAssignments(ids);
  await stores.transact(
    [...rows.values()].map(({ group, shareId }) => ({
      name: group.id,
      put: { Item: groupItem({ group: { ...group, lastSeen }, shareId }) },
    })),
  );
}

describe('a plan of more than 1,000 issues', () => {
  it('is built by a worker, each issue once, also while some of them are seen', async () => {
    const many = Array.from({ length: 1_030 }, (_, index) => String(50_000 + index));
    const world = await worldOnFreshTable({
      groups: many.map((id) => ({ id, project: '31', shortId: `MANY-${id}`, title: 'Many' })),
    });
    const source = { kind: 'query', query: 'title:Many', callerUserId: null } as const;
    const bySearch = await planned(world, [], { update: resolve, source });
    const byIds = await planned(world, [...many, '999'], { update: resolve });
    for (const plan of [bySearch, byIds]) {
      expect(plan).toMatchObject({ state: 'building', count: 1_000 });
    }
    const heard = await firstStepOf(world, bySearch);
    await see(world, many.slice(0, 3), new Date().toISOString());
    // Events that are on their way for a while happened before the plan was asked for.
    await see(world, many.slice(3, 6), new Date(Date.now() - 60_000).toISOString());
    let steps = 0;
    // Every second look at the clock says that the time is up.
    const time = { ...patient, hasTime: () => steps++ % 2 === 1 };
    await workOnAll(world, { time, heard });
    for (const { id } of [bySearch, byIds]) {
      const plan = await findPlan(planDeps(world), '1', id);
      expect(plan).toMatchObject({ state: 'ready', count: 1_030, pages: 11 });
      const pages = Array.from({ length: 11 }, (_, page) => page);
      const issues = await world.stores.plans.issuesOf(plan, pages);
      expect(new Set(issues.map(({ groupId }) => groupId))).toEqual(new Set(many));
      expect(issues).toHaveLength(1_030);
    }
    expect((await findPlan(planDeps(world), '1', byIds.id)).notFound).toEqual(['999']);
  });
});

it('a plan that takes a request too long is built by a worker, whatever it finds', async () => {
  const world = await copy();
  const { createdAt } = await planned(world, [one], { update: resolve });
  let seconds = 0;
  // Every look at the clock is five seconds later.
  const clock = () => {
    seconds += 5;
    return new Date(Date.parse(createdAt) + seconds * 1_000).toISOString();
  };
  const ids = [...Array.from({ length: 1_200 }, (_, index) => String(index)), ...ISSUES];
  const asked = { organizationId: '1', kind: 'update', source: { kind: 'ids' } } as const;
  const slow = await makePlan(
    { ...planDeps(world), clock },
    { ...asked, projects: null, note: null, update: resolve, ids, initiator },
  );
  expect(slow).toMatchObject({ state: 'building', count: 0, position: '500' });
  await workOnAll(world);
  const ready = await findPlan(planDeps(world), '1', slow.id);
  expect(ready).toMatchObject({ state: 'ready', count: ISSUES.length });
  expect(ready.notFound).toEqual(ids.slice(0, 1_200));
});

describe('taking back', () => {
  const someone = fc.constantFrom('user:11', 'user:12', 'team:21', null);
  const step: fc.Arbitrary<RequestedUpdate> = fc.oneof(
    someone.map(assignedTo),
    fc.integer({ min: 3_600, max: 9_000 }).map((seconds) => leased('user:12', seconds)),
    fc.constantFrom('21', null).map(owned),
    fc.constantFrom(resolve, archive, unarchive),
  );
  const update = fc
    .array(step, { minLength: 1, maxLength: 3 })
    .map((parts) => Object.assign({}, ...parts) as RequestedUpdate);

  it('of more issues than a plan holds is refused', async () => {
    const world = await copy();
    const { operations } = world.stores;
    const { operation } = await applied(
      world,
      await planned(world, [one], { update: assignedTo(null) }),
    );
    const counts = { ...operation.counts, applied: 100_001 };
    expect(await operations.save(operation, { ...operation, counts })).toEqual({ committed: true });
    await expect(wayBack(world, operation.id)).rejects.toMatchObject({
      code: 'request.invalid',
      detail: 'A plan holds at most 100000 issues.',
    });
  });

  it('after applying is the identity on every issue that nobody else has touched', async () => {
    const world = await copy();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.subarray(ISSUES), update), { maxLength: 2 }),
        update,
        fc.subarray(ISSUES, { maxLength: 2 }),
        async (history, asked, touched) => {
          for (const [groupIds, earlier] of history) {
            await change(world, groupIds, earlier);
          }
          const before = await statesOf(world);
          const { operation } = await applied(
            world,
            await planned(world, ISSUES, { update: asked }),
          );
          expect(operation.counts.applied + operation.counts.unchanged).toBe(ISSUES.length);
          const between = await statesOf(world);
          const changed = ISSUES.filter((_, at) => before[at] !== between[at]);
          await change(world, touched, { priority: 'high' });
          const back = await applied(world, await wayBack(world, operation.id));
          expect(back.operation.counts).toMatchObject({ skipped: 0, failed: 0, drifted: 0 });
          expect(changed.length).toBeGreaterThan(0);
          expect(await statesOf(world)).toEqual(before);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('skips what moved since, also there and back, and what would have ended', async () => {
    const world = await copy();
    await change(world, [three], archive);
    const asked = { ...assignedTo('user:11'), ...resolve };
    const { operation } = await applied(
      world,
      await planned(world, [one, two, three, four], { update: asked }),
    );
    await change(world, [one], assignedTo('user:12'));
    await change(world, [one], assignedTo('user:11'));
    await change(world, [two], { priority: 'low' });
    const plan = await wayBack(world, operation.id);
    expect(plan.summary).toMatchObject({ noChanges: 1 });
    const in2Hours = () => new Date(Date.now() + 7_200_000).toISOString();
    const { id } = await applyPlan(planDeps(world), {
      ...{ organizationId: '1', planId: plan.id, initiator },
      requireMay: () => undefined,
    });
    await workOnAll(world, { clock: in2Hours });
    const { byIssue } = await resultOf(world, id);
    expect(byIssue.get(one)).toMatchObject({ outcome: 'skipped', reason: 'moved' });
    expect(byIssue.get(two)).toMatchObject({ outcome: 'applied' });
    expect(byIssue.get(three)).toMatchObject({ outcome: 'skipped', reason: 'ended' });
    expect(byIssue.get(four)).toMatchObject({
      outcome: 'applied',
      after: { assignedTo: { type: 'team', id: '21' }, status: 'unresolved' },
    });
  });

  it('of what was taken back makes it again', async () => {
    const world = await copy();
    const { operation } = await applied(world, await planned(world, ISSUES, { update: resolve }));
    const resolved = await statesOf(world);
    const back = await applied(world, await wayBack(world, operation.id));
    const again = await applied(world, await wayBack(world, back.operation.id));
    expect(again.operation).toMatchObject({ kind: 'revert', counts: { applied: 12 } });
    expect(await statesOf(world)).toEqual(resolved);
  });

  it('waits for the end of the operation', async () => {
    const world = await copy();
    const { id } = await requestReconciliation(
      { ...world.stores, ...surroundings() },
      { organizationId: '1', dryRun: false, initiator, project: '31' },
    );
    await expect(wayBack(world, id)).rejects.toMatchObject({ code: 'conflict' });
  });
});
