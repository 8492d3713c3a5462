import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeItems } from '../../../infra/world/write.ts';
import { removePage } from '../../../shared/operations/cascades/cascade-groups.ts';
import { cascadeMerge } from '../../../shared/operations/cascades/cascade-merge.ts';
import { removeGroup } from '../../../shared/operations/cascades/remove-group.ts';
import { deleteIssues } from '../../../shared/operations/issues/delete-issues.ts';
import { mergeGroups } from '../../../shared/operations/issues/merge-groups.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { groupKeys } from '../../../shared/stores/keys/group-keys.ts';
import { tombstoneItem } from '../../../shared/stores/projects/deletions.ts';
import type { Stores } from '../../../shared/wiring.ts';
import { NOW } from '../../support/builders.ts';
import { readGroupState } from '../../support/consistency.ts';
import {
  assignedTo,
  emptyOwnerCaches,
  surroundings,
  updateDeps,
} from '../../support/operations.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const initiator = { actingUserId: '11', requestId: 'r' };
/** Each test takes two: one that ends, and another one that may take it in. */
const issues = Array.from({ length: 400 }, (_, index) => String(7_000 + index));

let world: TestWorld;
let next = 0;
beforeAll(async () => {
  world = await worldOnFreshTable({
    groups: issues.map((id, index) => ({
      id,
      project: '31',
      shortId: `SHOP-${id}`,
      title: 't',
      // The more often seen one of two takes in the other.
      timesSeen: 1 + (index % 2),
    })),
  });
  // The project stays, so that issues of it can be assigned; its deletion counts what it removes.
  const deletion = {
    projectId: '31',
    organizationId: '1',
    state: 'deleting',
    requestedAt: NOW,
    startsAt: NOW,
    startedAt: NOW,
    finishedAt: null,
    deletedGroups: 0,
    deletedItems: 0,
    fencingToken: 0,
  } as const;
  await writeItems([tombstoneItem(deletion, NOW)], world);
});

type Pair = { readonly issue: string; readonly other: string };

function nextPair(): Pair {
  const [issue = '', other = ''] = issues.slice(next, next + 2);
  next += 2;
  return { issue, other };
}

const give = (stores: Stores, issue: string, to: string | null) =>
  updateGroups(updateDeps(stores), {
    organizationId: '1',
    groupIds: [issue],
    projects: null,
    update: assignedTo(to),
    initiator,
  });

const all = (stores: Stores) => ({
  ...stores,
  ...surroundings(),
  ownerCaches: emptyOwnerCaches,
});

async function listed(stores: Stores, issue: string) {
  const row = (await stores.groups.withAssignments([issue])).get(issue);
  return row === undefined ? [] : [row.group];
}

/** The ways in which an issue ends, each up to another step. */
const endings = {
  'whose deletion is requested': (stores: Stores, { issue }: Pair) =>
    deleteIssues(all(stores), {
      organizationId: '1',
      groupIds: [issue],
      projects: null,
      initiator,
    }),
  'that is marked': async (stores: Stores, { issue }: Pair) =>
    Promise.all(
      (await listed(stores, issue)).map((group) => stores.groupRemoval.markForDeletion(group, NOW)),
    ),
  'that is removed': async (stores: Stores, { issue }: Pair) =>
    Promise.all(
      (await listed(stores, issue)).map((group) => removeGroup(all(stores), group, () => true)),
    ),
  'that is removed with its project': async (stores: Stores, { issue }: Pair) =>
    removePage(all(stores), '31', await listed(stores, issue), () => true),
  'that is merged away': (stores: Stores, { issue, other }: Pair) =>
    mergeGroups(all(stores), { groupIds: [issue, other], initiator }),
  'that another one has taken in': async (stores: Stores, { issue, other }: Pair) => {
    await mergeGroups(all(stores), { groupIds: [issue, other], initiator });
    await cascadeMerge(all(stores), {
      organizationId: '1',
      projectId: '31',
      primaryId: other,
      childIds: [issue],
      version: 0,
      requestId: 'worker',
      hasTime: () => true,
    });
  },
};

const histories = {
  'was never assigned': [],
  'is held': ['user:11'],
  'was let go': ['user:11', null],
} as const;

const cases = Object.entries(endings).flatMap(([ending, end]) =>
  Object.entries(histories).flatMap(([history, before]) =>
    (['user:12', 'user:11', null] as const).map((to) => ({ ending, end, history, before, to })),
  ),
);

describe('an issue that ends between the read and the commit of its assignment', () => {
  it.each(cases)('$ending and $history is not given to $to', async ({ end, before, to }) => {
    const pair = nextPair();
    for (const holder of before) {
      await give(world.stores, pair.issue, holder);
    }
    const told = async () => (await readGroupState(world.stores.table, pair.issue)).events.length;
    let toldAtTheEnd = 0;
    let commits = 0;
    const late: Stores = {
      ...world.stores,
      groupChanges: {
        ...world.stores.groupChanges,
        async commit(...input) {
          commits += 1;
          if (commits === 1) {
            await end(world.stores, pair);
            toldAtTheEnd = await told();
          }
          return world.stores.groupChanges.commit(...input);
        },
      },
    };
    const outcome = await give(late, pair.issue, to);
    expect(commits).toBeGreaterThan(0);
    expect(outcome.updated).toEqual([]);
    expect(await told()).toBe(toldAtTheEnd);
  });
});

/** Every read and write of the rows in question happens when the scheduler says so. */
function scheduled(stores: Stores, scheduler: fc.Scheduler): Stores {
  const slow = <T extends (...input: never[]) => Promise<unknown>>(call: T): T =>
    scheduler.scheduleFunction(call) as unknown as T;
  const { groups, groupChanges, groupRemoval, mergeRequests, removalPages } = stores;
  return {
    ...stores,
    groups: { ...groups, withAssignments: slow(groups.withAssignments) },
    groupChanges: { ...groupChanges, commit: slow(groupChanges.commit) },
    groupRemoval: {
      ...groupRemoval,
      markForDeletion: slow(groupRemoval.markForDeletion),
      empty: slow(groupRemoval.empty),
      remove: slow(groupRemoval.remove),
    },
    mergeRequests: { ...mergeRequests, request: slow(mergeRequests.request) },
    removalPages: {
      ...removalPages,
      claim: slow(removalPages.claim),
      removeGroups: slow(removalPages.removeGroups),
      finish: slow(removalPages.finish),
    },
  };
}

describe('whatever is assigned meanwhile', () => {
  const holders = fc.array(fc.constantFrom('user:11', 'user:12', null), { maxLength: 3 });
  it.each([
    'that is removed',
    'that is removed with its project',
    'that another one has taken in',
  ] as const)('nothing is left of an issue %s', (ending) =>
    fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom(...Object.values(histories)),
        holders,
        async (scheduler, before, racing) => {
          const pair = nextPair();
          for (const holder of before) {
            await give(world.stores, pair.issue, holder);
          }
          const stores = scheduled(world.stores, scheduler);
          await scheduler.waitFor(
            Promise.all([
              endings[ending](stores, pair),
              ...racing.map((to) => give(stores, pair.issue, to)),
            ]),
          );
          const rows = await world.stores.table.queryAll({
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': groupKeys.partition(pair.issue) },
            ConsistentRead: true,
          });
          // Of a merged issue it stays known where it went.
          expect(rows.filter(({ entity }) => entity !== 'mergedInto')).toEqual([]);
        },
      ),
      { numRuns: 20, endOnFailure: true },
    ),
  );
});
