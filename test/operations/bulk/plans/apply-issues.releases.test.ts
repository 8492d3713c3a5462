import { beforeEach, expect, it } from 'vitest';
import type { ResolvedIn } from '../../../../shared/domain/issues/group-status.ts';
import type { SeenRelease } from '../../../../shared/domain/release.ts';
import type { RequestedUpdate } from '../../../../shared/operations/issues/update-groups.ts';
import { type TestWorld, worldOnFreshTable } from '../../../support/world.ts';
import { applied, planned, wayBack } from './plans.ts';

const ISSUES = ['8101', '8102'];
const first: SeenRelease = { version: 'shop@1.0.0', firstSeen: '2026-11-01T00:00:00.000Z' };
const second: SeenRelease = { version: 'shop@2.0.0', firstSeen: '2026-11-02T00:00:00.000Z' };

let world: TestWorld;
beforeEach(async () => {
  world = await worldOnFreshTable({
    groups: ISSUES.map((id) => ({ id, project: '31', shortId: `IN-${id}`, title: id })),
  });
  await released(first, null);
});

const released = (release: SeenRelease, read: SeenRelease | null) =>
  world.stores.releases.add('31', release, { read, next: release });
const resolvedIn = (release: ResolvedIn): RequestedUpdate => ({
  status: { status: 'resolved', substatus: null, resolvedIn: release, conditions: {} },
});

/** What a plan shows that an update would do, and what its operation has done after a release. */
async function plannedAndDone(release: ResolvedIn) {
  const plan = await planned(world, ISSUES, { update: resolvedIn(release) });
  const issues = await world.stores.plans.issuesOf(plan, [0]);
  await released(second, first);
  const { operation } = await applied(world, plan);
  expect(operation.counts).toMatchObject({ applied: 2 });
  const rows = await world.stores.groups.withAssignments(ISSUES);
  const done = ISSUES.map((id) => rows.get(id)?.group);
  return { issues, done, operation };
}

it('the latest release is the one that it was when the plan was made', async () => {
  const { issues, done, operation } = await plannedAndDone({ kind: 'release', version: 'latest' });
  const details = { inRelease: first.version };
  expect(issues.map(({ after }) => after.statusDetails)).toEqual([details, details]);
  expect(done.map((group) => group?.statusDetails)).toEqual([details, details]);
  const again = await applied(
    world,
    await wayBack(world, (await applied(world, await wayBack(world, operation.id))).operation.id),
  );
  expect(again.operation.counts).toMatchObject({ applied: 2 });
  const rows = await world.stores.groups.withAssignments(ISSUES);
  expect(rows.get('8101')?.group.statusDetails).toEqual(details);
});

it('the next release comes after the newest of when the plan was made', async () => {
  const { done } = await plannedAndDone({ kind: 'nextRelease' });
  expect(done.map((group) => group?.resolvedAfter)).toEqual([first, first]);
});
