import { beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../../shared/domain/bulk/operation.ts';
import {
  requestReconciliation,
  requestSweep,
} from '../../../shared/operations/bulk/accept-operation.ts';
import { requestCancellation } from '../../../shared/operations/bulk/read-operations.ts';
import { workOnOperation } from '../../../shared/operations/bulk/work-on-operation.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { saveOwnership } from '../../../shared/operations/ownership/save-ownership.ts';
import type { Stores } from '../../../shared/wiring.ts';
import { recordedEvents } from '../../support/consistency.ts';
import { survives } from '../../support/crash/cascade-worker.ts';
import type { Death } from '../../support/crash/death.ts';
import { everyDeath } from '../../support/crash/every-death.ts';
import { assignedTo, surroundings, updateDeps } from '../../support/operations.ts';
import { eventIn, groupOf, ownersWorld, record, seen } from '../../support/owners.ts';
import { randomOf } from '../../support/random.ts';
import { copiesOf, smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';
import { patient, resultOf, workerDeps, workOnAll } from './workers.ts';

const { random } = randomOf('run-operation.crash.test.ts');
const initiator = { actingUserId: '11', requestId: 'asked' };
/** More than two pages. */
const MANY = Array.from({ length: 230 }, (_, index) => String(20_000 + index));
/** In no team, so under closed membership erin may hold nothing. */
const ERIN = 'user:15';

let heldByErin: (issues: readonly string[]) => Promise<() => Promise<TestWorld>>;
beforeAll(() => {
  heldByErin = async (issues) =>
    copiesOf(
      await worldOnFreshTable({
        organizations: smallWorld.organizations.map((one) => ({
          ...one,
          orphanPolicy: 'unassign' as const,
        })),
        groups: issues.map((id, index) => ({
          id,
          project: index % 3 === 0 ? '32' : '31',
          shortId: `ISSUE-${id}`,
          title: `Issue ${id}`,
        })),
        assignments: issues.map((group) => ({ group, assignedTo: ERIN })),
      }),
    );
});

const work = (stores: Stores, operation: Operation, time = patient) =>
  workOnOperation(workerDeps(stores), {
    operationId: operation.id,
    fencingToken: operation.fencingToken,
    requestId: 'work',
    ...time,
  });

const requestDeps = ({ stores }: TestWorld) => ({ ...stores, ...surroundings() });
const sweep = (world: TestWorld) =>
  requestSweep(requestDeps(world), { organizationId: '1', dryRun: false, initiator });

/** How often the operation has told of a change of each issue. */
async function toldOf({ stores }: TestWorld, { id }: Operation, type: string) {
  const events = await recordedEvents(stores.table);
  const told = events.filter((event) => event.type === type && event.detail.operationId === id);
  return Map.groupBy(told, ({ detail }) => String(detail.groupId));
}

/** Every issue that was applied has changed once, and no other one. */
async function expectOnce(world: TestWorld, operation: Operation, type: string) {
  const result = await resultOf(world, operation.id);
  const told = await toldOf(world, operation, type);
  for (const [issue, { outcome }] of result.byIssue) {
    expect(told.get(issue)?.length ?? 0, `${issue} ${outcome}`).toBe(outcome === 'applied' ? 1 : 0);
  }
  expect([...told.keys()].filter((issue) => !result.byIssue.has(issue))).toEqual([]);
  return result;
}

describe('wherever a worker dies', () => {
  it('a sweep ends with every issue changed once', async () => {
    const issues = MANY.slice(0, 5);
    const copy = await heldByErin(issues);
    const deaths = await everyDeath(async (death) => {
      const world = await copy();
      const operation = await sweep(world);
      const survived = await survives(world, death, (stores) =>
        // Without time for a second page, so that the work is passed on as well.
        work(stores, operation, { ...patient, hasTime: () => false }),
      );
      await workOnAll(world);
      const { operation: ended, byIssue } = await expectOnce(world, operation, 'issue.unassigned');
      expect(ended).toMatchObject({ state: 'done', counts: { applied: issues.length } });
      expect([...byIssue.keys()].sort()).toEqual(issues);
      return survived;
    });
    expect(deaths).toBeGreaterThan(10);
  });

  it('a reconciliation ends with every issue given once', async () => {
    const world = await ownersWorld({ ownership: [{ project: '31', raw: 'a/* #core' }] });
    const files = ['a/x', 'b/x'];
    for (const file of files) {
      await record(world.deps, seen({ fingerprint: file, event: eventIn(file) }));
    }
    const shop = { organizationId: '1', project: 'shop', initiator };
    const change = { raw: 'a/* bob@acme.io\nb/* #core' };
    await saveOwnership(world.deps, { ...shop, change, isTeamAdmin: true });
    const copy = await copiesOf(world);
    const deaths = await everyDeath(async (death) => {
      const copied = await copy();
      const operation = await requestReconciliation(requestDeps(copied), {
        ...shop,
        dryRun: false,
      });
      const survived = await survives(copied, death, (stores) => work(stores, operation));
      await workOnAll(copied);
      const { operation: ended } = await expectOnce(copied, operation, 'issue.assigned');
      expect(ended).toMatchObject({ state: 'done', counts: { applied: 2 } });
      const { assignment } = await groupOf(copied.stores, world.shop, 'a/x');
      expect(assignment?.assignee).toEqual({ type: 'user', id: '12' });
      return survived;
    });
    expect(deaths).toBeGreaterThan(11);
  });
});

describe('whatever happens at the same time', () => {
  it.each([1, 2])('an operation changes every issue once (%i)', async () => {
    const world = await (await heldByErin(MANY))();
    const operation = await sweep(world);
    const index = Math.floor(random() * MANY.length);
    const moved = MANY[index] ?? '';
    const to = index % 3 === 0 ? '13' : '11';
    let isAssigned = false;
    const cancels = random() < 0.5;
    const disturbed = disturb(world, [
      [
        anywhere(),
        async () => {
          await assign(world, moved, `user:${to}`);
          isAssigned = true;
        },
      ],
      ...(cancels ? [[anywhere(), () => cancel(world, operation)] as const] : []),
    ]);
    // Two workers with the same message, one of which dies somewhere; then a third.
    await Promise.all([
      survives(world, deathSomewhere(), (stores) => work(disturbed.over(stores), operation)),
      survives(world, undefined, (stores) => work(disturbed.over(stores), operation)),
    ]);
    await work(world.stores, operation);
    await workOnAll(world);
    await disturbed.ended();

    const { operation: ended, byIssue } = await expectOnce(world, operation, 'issue.unassigned');
    expect(['done', cancels ? 'cancelled' : 'done']).toContain(ended.state);
    if (ended.state === 'done') {
      expect([...byIssue.keys(), moved].filter(unique).sort()).toEqual(MANY);
    }
    const holders = await world.stores.assignments.ofGroups(MANY);
    for (const issue of MANY.filter((one) => one !== moved)) {
      const isHeld = holders.get(issue)?.assignee != null;
      expect(isHeld, issue).toBe(byIssue.get(issue)?.outcome !== 'applied');
    }
    const assignee = holders.get(moved)?.assignee;
    expect(assignee ?? null).toEqual(
      isAssigned ? { type: 'user', id: to } : heldAfter(byIssue, moved),
    );
  });

  it('a message that comes again after the end changes nothing', async () => {
    const world = await (await heldByErin(MANY.slice(0, 3)))();
    const operation = await sweep(world);
    await work(world.stores, operation);
    const before = await recordedEvents(world.stores.table);
    await work(world.stores, operation);
    expect(await recordedEvents(world.stores.table)).toHaveLength(before.length);
    await expectOnce(world, operation, 'issue.unassigned');
  });

  it('an operation that is cancelled before it begins does nothing', async () => {
    const world = await (await heldByErin(MANY.slice(0, 3)))();
    const operation = await sweep(world);
    await cancel(world, operation);
    await cancel(world, operation);
    await workOnAll(world);
    const { operation: ended, byIssue } = await resultOf(world, operation.id);
    expect(ended).toMatchObject({ state: 'cancelled', startedAt: null });
    expect(byIssue.size).toBe(0);
    expect(await world.stores.operations.underWay()).toBe(0);
  });
});

const anywhere = () => 1 + Math.floor(random() * MANY.length);
const deathSomewhere = (): Death => ({ calls: 5 + Math.floor(random() * 300) });
const unique = <T>(value: T, index: number, all: readonly T[]) => all.indexOf(value) === index;

const cancel = (world: TestWorld, { id }: Operation) =>
  requestCancellation(requestDeps(world), '1', id);

type Outcomes = Awaited<ReturnType<typeof resultOf>>['byIssue'];

const heldAfter = (byIssue: Outcomes, issue: string) =>
  byIssue.get(issue)?.outcome === 'applied' ? null : { type: 'user', id: '15' };

const assign = (world: TestWorld, issue: string, to: string) =>
  updateGroups(updateDeps(world.stores), {
    organizationId: '1',
    groupIds: [issue],
    projects: null,
    update: assignedTo(to),
    initiator,
  });

/** Does things while so many outcomes have been decided by whichever workers. */
function disturb(
  { stores }: TestWorld,
  disturbances: readonly (readonly [after: number, disturbance: () => Promise<unknown>])[],
) {
  let decided = 0;
  const begun: Promise<unknown>[] = [];
  return {
    over(of: Stores): Stores {
      const recordOutcome: Stores['outcomes']['record'] = (...input) => {
        decided += 1;
        for (const [after, disturbance] of disturbances) {
          if (after === decided) {
            begun.push(disturbance());
          }
        }
        return stores.outcomes.record(...input);
      };
      return { ...of, outcomes: { ...of.outcomes, record: recordOutcome } };
    },
    ended: () => Promise.all(begun),
  };
}
