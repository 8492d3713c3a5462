import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { assign } from '../../../shared/operations/issues/assign.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import type { Stores } from '../../../shared/wiring.ts';
import { organization, teamAssignee, userAssignee } from '../../support/builders.ts';
import { readSubscriptions } from '../../support/consistency.ts';
import { crowdOf, peopleWithCrowd } from '../../support/followers/crowd.ts';
import { asBefore } from '../../support/followers/model.ts';
import { assignedTo, updateDeps } from '../../support/operations.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

/** More than are listed with an assignment. */
const crowd = crowdOf(40);
const members: Record<string, string[]> = {
  'user:11': ['user:11'],
  'user:12': ['user:12'],
  'team:21': ['user:11', 'user:12'],
  'team:77': crowd.map((id) => `user:${id}`),
};
const candidates = [
  userAssignee({ id: '11' }),
  userAssignee({ id: '12', username: 'bob' }),
  teamAssignee({ id: '21', members: ['11', '12'] }),
  teamAssignee({ id: '77', slug: 'crowd', members: crowd }),
];

/** The small world with a crowd, and an issue for each run. */
function raceWorld(issues: readonly string[]) {
  return worldOnFreshTable({
    organizations: smallWorld.organizations.map((one) => ({ ...one, openMembership: true })),
    ...peopleWithCrowd(crowd),
    groups: issues.map((id) => ({ id, project: '31', shortId: `SHOP-${id}`, title: 't' })),
  });
}

type Step =
  | { readonly kind: 'assign'; readonly assignee: string | null }
  | { readonly kind: 'createOnly'; readonly candidate: number }
  | { readonly kind: 'forget' | 'choose'; readonly user: string }
  | { readonly kind: 'before' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('assign' as const),
    assignee: fc.constantFrom('user:11', 'user:12', 'team:21', 'team:77', null),
  }),
  fc.record({ kind: fc.constant('createOnly' as const), candidate: fc.nat(3) }),
  fc.record({
    kind: fc.constantFrom('forget' as const, 'choose' as const),
    user: fc.constantFrom('11', '12', '1000'),
  }),
);

/** Every read and write of the rows in question happens when the scheduler says so. */
function scheduled(stores: Stores, scheduler: fc.Scheduler): Stores {
  const slow = <T extends (...input: never[]) => Promise<unknown>>(call: T): T =>
    scheduler.scheduleFunction(call) as unknown as T;
  return {
    ...stores,
    groups: { ...stores.groups, withAssignments: slow(stores.groups.withAssignments) },
    assignments: { ...stores.assignments, ofGroup: slow(stores.assignments.ofGroup) },
    followers: { ...stores.followers, ofAssignments: slow(stores.followers.ofAssignments) },
    groupChanges: { ...stores.groupChanges, commit: slow(stores.groupChanges.commit) },
  };
}

async function take(world: TestWorld, stores: Stores, issue: string, given: Step): Promise<void> {
  const change = (update: Parameters<typeof updateGroups>[1]['update'], actingUserId: string) =>
    updateGroups(updateDeps(stores), {
      organizationId: '1',
      groupIds: [issue],
      projects: null,
      update,
      initiator: { actingUserId, requestId: 'r' },
    });
  switch (given.kind) {
    case 'assign':
      await change(assignedTo(given.assignee), '13');
      return;
    case 'forget':
      await change({ isBookmarked: false }, given.user);
      return;
    case 'choose':
      await change({ isSubscribed: false }, given.user);
      return;
    case 'createOnly': {
      const assignee = candidates[given.candidate];
      if (assignee === undefined) {
        throw new Error('There is no such candidate.');
      }
      await assign(updateDeps(stores), {
        groupId: issue,
        organization: organization(),
        assignee,
        initiator: { actingUserId: null, requestId: 'r' },
        options: { createOnly: true, source: 'auto' },
      });
      return;
    }
    case 'before':
      await asBefore(world, issue);
  }
}

const issues = Array.from({ length: 300 }, (_, index) => String(7000 + index));
let world: TestWorld;
let run = 0;

beforeAll(async () => {
  world = await raceWorld(issues);
});

/**
 * Takes steps one after the other, in rows of before December 2026 where `isBefore`, then others at
 * the same time; only holders may follow for holding in the end, and nobody against their choice.
 */
async function race(
  scheduler: fc.Scheduler,
  before: readonly Step[],
  racing: readonly Step[],
  isBefore = false,
): Promise<void> {
  const issue = issues[run++ % issues.length] ?? '';
  for (const each of [...before, ...(isBefore ? [{ kind: 'before' } as const] : [])]) {
    await take(world, world.stores, issue, each);
  }
  const stores = scheduled(world.stores, scheduler);
  await scheduler.waitFor(Promise.all(racing.map((each) => take(world, stores, issue, each))));

  const assignment = await world.stores.assignments.ofGroup(issue);
  const subscriptions = await readSubscriptions(world.stores.table, issue);
  const holder = assignment?.assignee;
  const allowed = holder ? (members[`${holder.type}:${holder.id}`] ?? []) : [];
  const subscribed = subscriptions
    .filter(({ reason }) => reason === 'assigned')
    .map(({ subscriber }) => subscriber);
  expect(subscribed.filter((one) => !allowed.includes(one))).toEqual([]);

  const steps = [...before, ...racing];
  const did = (kind: Step['kind'], user: string) =>
    steps.some((one) => one.kind === kind && 'user' in one && `user:${one.user}` === user);
  const untouched = allowed.filter((one) => !did('forget', one) && !did('choose', one));
  expect(subscribed).toEqual(expect.arrayContaining(untouched));
  const chosen = ['user:11', 'user:12', 'user:1000'].filter(
    (user) => did('choose', user) && !did('forget', user),
  );
  expect(subscriptions).toEqual(
    expect.arrayContaining(
      chosen.map((subscriber) => ({ subscriber, reason: 'unknown', isActive: false })),
    ),
  );
}

describe('whatever happens at the same time, only who holds an issue is subscribed for holding it', () => {
  it('assignments, those of rules, people who let go and who choose, in rows of any time', () =>
    fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(step, { minLength: 1, maxLength: 2 }),
        fc.array(step, { minLength: 2, maxLength: 4 }),
        fc.boolean(),
        race,
      ),
      { numRuns: 25, endOnFailure: true },
    ));

  it('the holder is named again while somebody else gets it', () =>
    fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom('user:12', 'team:77', null),
        (scheduler, assignee) =>
          race(
            scheduler,
            [
              { kind: 'assign', assignee: 'user:11' },
              { kind: 'forget', user: '11' },
            ],
            [
              { kind: 'assign', assignee: 'user:11' },
              { kind: 'assign', assignee },
            ],
          ),
      ),
      { numRuns: 30, endOnFailure: true },
    ));
});

it('a candidate who comes too late gets nothing, and the holder who is named again everything', async () => {
  const issue = issues[run++] ?? '';
  const follow = async () =>
    (await readSubscriptions(world.stores.table, issue)).map(({ subscriber }) => subscriber);
  const all = (...steps: Step[]) =>
    steps.reduce<Promise<void>>(
      (done, each) => done.then(() => take(world, world.stores, issue, each)),
      Promise.resolve(),
    );
  await all({ kind: 'assign', assignee: 'user:12' }, { kind: 'createOnly', candidate: 0 });
  expect(await follow()).toEqual(['user:12']);
  await all({ kind: 'forget', user: '12' });
  expect(await follow()).toEqual([]);
  await all({ kind: 'assign', assignee: 'user:12' });
  expect(await follow()).toEqual(['user:12']);
  await all({ kind: 'forget', user: '12' }, { kind: 'createOnly', candidate: 1 });
  expect(await follow()).toEqual(['user:12']);
});
