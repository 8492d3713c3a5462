import { describe, expect, it } from 'vitest';
import { deassign } from '../../../shared/domain/issues/assignment.ts';
import { storedGroupStatuses } from '../../../shared/domain/issues/group.ts';
import { startChanges } from '../../../shared/domain/issues/group-changes.ts';
import { assign } from '../../../shared/operations/issues/assign.ts';
import { changeGroup } from '../../../shared/operations/issues/change-group.ts';
import { deleteIssues } from '../../../shared/operations/issues/delete-issues.ts';
import { insertGroup } from '../../../shared/stores/issues/groups.ts';
import { sharedCache } from '../../cache/clients.ts';
import { group, organization, userAssignee } from '../../support/builders.ts';
import { cascadeWorker } from '../../support/crash/cascade-worker.ts';
import {
  birthsIn,
  DELETED_ID,
  deletedGroupId,
  expectGone,
  othersIn,
  requestDeletion,
  worldWithDeletedProject,
} from '../../support/crash/deleted-project.ts';
import { everyDeath } from '../../support/crash/every-death.ts';
import { surroundings, updateDeps } from '../../support/operations.ts';
import { randomOf } from '../../support/random.ts';
import { copiesOf, type TestWorld } from '../../support/world.ts';

const { random } = randomOf('cascade-project.crash.test.ts');

/** Two pages in each of four lists; some of them change while the lists are walked. */
const GROUPS = 600;
/**
 * A life makes 400 calls on average, which is what four pages at a time need, and the whole
 * deletion 900: it is over long before.
 */
const MOST_LIVES = 500;

const deletionIn = (world: TestWorld) => world.stores.deletions.ofProject(DELETED_ID);

describe('a project with 600 groups', () => {
  it('goes, with everything, while its worker dies and its groups are written to', async () => {
    const world = await worldWithDeletedProject(GROUPS);
    const others = await othersIn(world);
    const worker = cascadeWorker(world, DELETED_ID);
    let isOver = false;
    let born = 0;
    const writers = [
      ...Array.from({ length: 3 }, () => writeToGroups(world, () => isOver)),
      bearGroups(
        world,
        () => isOver,
        () => (born += 1),
      ),
    ];
    await expect.poll(() => born).toBeGreaterThan(0);
    await requestDeletion(world);

    let [deaths, ends] = [0, 0];
    for (let life = 1; (await deletionIn(world))?.state !== 'done'; life++) {
      expect(life).toBeLessThanOrEqual(MOST_LIVES);
      const calls = life <= 12 ? life : Math.ceil(random() * 800);
      const isShort = random() < 0.2;
      const hasTime = () => !isShort || random() < 0.9;
      if (await worker.live({ death: { calls }, hasTime })) {
        ends += 1;
      } else {
        deaths += 1;
      }
    }
    isOver = true;
    await Promise.all(writers);

    expect(deaths).toBeGreaterThan(12);
    expect(ends).toBeGreaterThan(0);
    await expectGone(world, others);
    expect((await deletionIn(world))?.deletedGroups).toBe(GROUPS + born);
  });
});

/** Has issues deleted whose rows nobody has removed yet; another one takes a short id of theirs. */
async function deleteIssuesOf({ stores }: TestWorld, indices: readonly number[]): Promise<void> {
  await deleteIssues(
    { ...stores, ...surroundings() },
    {
      organizationId: '1',
      groupIds: indices.map(deletedGroupId),
      projects: null,
      initiator: { actingUserId: '11', requestId: 'before' },
    },
  );
  const [taken = 0] = indices;
  const shortId = `ENDING-${taken}`;
  const outcome = await stores.transact(insertGroup(group({ id: '800000000', shortId })));
  expect(outcome.committed).toBe(true);
}

describe('a small project', () => {
  it('goes wherever its worker dies', async () => {
    const original = await worldWithDeletedProject(12);
    await deleteIssuesOf(original, [0, 1, 2, 5, 8]);
    const others = await othersIn(original);
    await requestDeletion(original);
    const copy = await copiesOf(original);
    const cache = sharedCache();
    const deaths = await everyDeath(async (death) => {
      const world = await copy();
      const worker = cascadeWorker(world, DELETED_ID, cache);
      const survived = await worker.live({ death });
      await worker.live();
      await expectGone(world, others);
      expect((await deletionIn(world))?.deletedGroups).toBe(12);
      return survived;
    });
    expect(deaths).toBeGreaterThan(30);
  });

  it('goes once when two workers remove it at the same time', async () => {
    const world = await worldWithDeletedProject(300);
    await deleteIssuesOf(world, [0, 4, 8, 20, 40, 80]);
    const others = await othersIn(world);
    await requestDeletion(world);
    const workers = [cascadeWorker(world, DELETED_ID), cascadeWorker(world, DELETED_ID)];
    await Promise.all(workers.map((worker) => worker.live()));
    await expectGone(world, others);
    expect(await deletionIn(world)).toMatchObject({ state: 'done', deletedGroups: 300 });
  });
});

/**
 * Assigns and unassigns groups, as requests do that were let in before the deletion was: those that
 * the worker is about to remove, since that is when it could go wrong.
 */
async function writeToGroups(world: TestWorld, isOver: () => boolean) {
  const deps = updateDeps(world.stores);
  for (let round = 0; !isOver(); round++) {
    const status = storedGroupStatuses[Math.floor(random() * 3)] ?? 'unresolved';
    const { groups } = await world.stores.removalPages.listed({ projectId: DELETED_ID, status });
    const listed = groups[Math.floor(random() * groups.length)];
    const target = {
      groupId: listed?.id ?? deletedGroupId(Math.floor(random() * GROUPS)),
      organization: organization(),
      initiator: { actingUserId: '11', requestId: 'meanwhile' },
    };
    if (round % 2 === 0) {
      await assign(deps, { ...target, assignee: userAssignee() });
    } else {
      await changeGroup(
        deps,
        target,
        (facts, now) => deassign(startChanges(facts, { now, actingUserId: '11' })).changes,
      );
    }
  }
}

/** Adds groups to the project, as long as it takes them and after that. */
async function bearGroups(world: TestWorld, isOver: () => boolean, onBirth: () => void) {
  const births = await birthsIn(world);
  while (!isOver()) {
    const outcome = await births.next();
    if (outcome.committed) {
      onBirth();
    } else {
      expect(outcome.refused).toContain('project');
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
