import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatActor } from '../../../shared/domain/actor.ts';
import { unsubscribeFromTeam } from '../../../shared/operations/directory/unsubscribe-from-team.ts';
import { describeIssues } from '../../../shared/operations/issues/describe-issues.ts';
import { addNote, deleteNote } from '../../../shared/operations/issues/notes.ts';
import { readIssue } from '../../../shared/operations/issues/read-issue.ts';
import {
  type RequestedUpdate,
  updateGroups,
} from '../../../shared/operations/issues/update-groups.ts';
import type { Stores } from '../../../shared/wiring.ts';
import { readSubscriptions } from '../../support/consistency.ts';
import { crowdOf, peopleWithCrowd } from '../../support/followers/crowd.ts';
import {
  asBefore,
  modelAssign,
  modelDrop,
  modelSet,
  modelSubscribe,
  modelSubscriptions,
  nothingFollowed,
  type SubscriptionModel,
} from '../../support/followers/model.ts';
import { assignedTo, surroundings, updateDeps } from '../../support/operations.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

/** More than are listed with an assignment. */
const crowd = crowdOf(30);
const FEATURE = 'team-workflow-notifications';
const plain = { substatus: null, resolvedIn: null, conditions: {} };

type Step =
  | {
      readonly kind: 'change';
      readonly user: string;
      readonly to?: string | null | undefined;
      readonly status?: 'resolved' | 'unresolved' | undefined;
      readonly isBookmarked?: boolean | undefined;
      readonly isSubscribed?: boolean | undefined;
    }
  | { readonly kind: 'member'; readonly user: string; readonly team: string; readonly on: boolean }
  | { readonly kind: 'note' | 'unnote'; readonly user: string }
  | { readonly kind: 'before' };

const user = fc.constantFrom('11', '12', '1003');
const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const often = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      user,
      to: often(fc.constantFrom('user:11', 'user:1003', 'team:21', 'team:22', 'team:77', null)),
      status: seldom(fc.constantFrom('resolved' as const, 'unresolved' as const)),
      isBookmarked: seldom(fc.boolean()),
      isSubscribed: seldom(fc.boolean()),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('member' as const),
      user,
      team: fc.constantFrom('21', '22', '77'),
      on: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('note' as const, 'unnote' as const), user }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'before' as const }) },
);

const issues = Array.from({ length: 200 }, (_, index) => String(7000 + index));
let world: TestWorld;
let run = 0;

beforeAll(async () => {
  const teamOf = (id: string, slug: string, members: readonly string[]) => ({
    ...{ id, organization: 'acme', slug, name: slug },
    members: members.map((member) => ({ user: member, isActive: true })),
  });
  world = await worldOnFreshTable({
    organizations: smallWorld.organizations.map((one) => ({ ...one, openMembership: true })),
    ...peopleWithCrowd(crowd),
    teams: [
      teamOf('21', 'core', ['11', '12']),
      teamOf('22', 'web', ['12', '1003']),
      teamOf('77', 'crowd', crowd),
    ],
    projects: smallWorld.projects.map((project) =>
      project.id === '31'
        ? { ...project, teams: ['core', 'web', 'crowd'] }
        : { ...project, teams: [] },
    ),
    groups: issues.map((id) => ({ id, project: '31', shortId: `SHOP-${id}`, title: 't' })),
    assignments: [],
    subscriptions: [],
    bookmarks: [],
    seen: [],
    owners: [],
  });
});

/** What the rules say of one issue, and of the teams around it. */
type Churn = {
  readonly issue: string;
  readonly isAsOne: boolean;
  readonly rosters: Map<string, Set<string>>;
  readonly notes: { readonly user: string; readonly id: string }[];
  model: SubscriptionModel;
  isResolved: boolean;
};

function startChurn(isAsOne: boolean): Churn {
  const rosters = new Map([
    ['21', new Set(['11', '12'])],
    ['22', new Set(['12', '1003'])],
    ['77', new Set(crowd)],
  ]);
  const issue = issues[run++ % issues.length] ?? '';
  return { issue, isAsOne, rosters, notes: [], model: nothingFollowed, isResolved: false };
}

/** The stores, with the organization and the teams as they are in this run. */
function storesOf({ isAsOne, rosters, issue }: Churn): Stores {
  const { stores } = world;
  const around = (given: Pick<Stores, 'organizations' | 'teams'>) => ({
    organizations: {
      ...given.organizations,
      byId: async (id: string) => {
        const found = await given.organizations.byId(id);
        return found && { ...found, features: isAsOne ? [FEATURE] : [] };
      },
    },
    teams: {
      ...given.teams,
      roster: async (teamId: string) => {
        const roster = await given.teams.roster(teamId);
        const userIds = [...(rosters.get(teamId) ?? [])];
        const memberships = userIds.map((userId) => ({
          ...{ organizationId: '1', teamId, userId, isActive: true },
        }));
        return roster && { ...roster, memberships };
      },
    },
  });
  return {
    ...stores,
    ...around(stores),
    eventual: { ...stores.eventual, ...around(stores.eventual) },
    assignments: {
      ...stores.assignments,
      groupsAssignedTo: async () => ({ groupIds: [issue], next: undefined }),
    },
  };
}

const textOf = (id: string) => `user:${id}`;

function peopleOf({ isAsOne, rosters }: Churn, target: string | null) {
  const [type, id = ''] = (target ?? '').split(':');
  const members = [...(rosters.get(id) ?? [])].map(textOf);
  if (target === null || type === 'user') {
    return { subscribed: target === null ? [] : [target], belonging: [] };
  }
  return { subscribed: isAsOne ? [target] : members, belonging: members };
}

async function take(churn: Churn, given: Step): Promise<void> {
  const stores = storesOf(churn);
  const target = { groupId: churn.issue, organizationIds: ['1'] };
  switch (given.kind) {
    case 'change':
      await change(stores, churn, given);
      return;
    case 'member': {
      const left = { organizationId: '1', teamId: given.team, userId: given.user };
      const roster = churn.rosters.get(given.team);
      if (given.on) {
        roster?.add(given.user);
        return;
      }
      roster?.delete(given.user);
      await unsubscribeFromTeam({ ...updateDeps(stores), ...stores }, left);
      if (churn.model.holder === `team:${given.team}`) {
        churn.model = modelDrop(churn.model, textOf(given.user), 'assigned');
      }
      return;
    }
    case 'note': {
      const text = `Note ${noted++}`;
      const about = { ...target, userId: given.user };
      const { id } = await addNote({ ...stores, ...surroundings() }, about, { text, mentions: [] });
      churn.notes.push({ user: given.user, id });
      churn.model = modelSubscribe(churn.model, textOf(given.user), 'comment');
      return;
    }
    case 'unnote': {
      const index = churn.notes.findIndex((note) => note.user === given.user);
      const [note] = index === -1 ? [] : churn.notes.splice(index, 1);
      if (note === undefined) {
        return;
      }
      const about = { ...target, userId: given.user, noteId: note.id };
      await deleteNote({ ...stores, ...surroundings() }, about);
      if (churn.notes.every((other) => other.user !== given.user)) {
        churn.model = modelDrop(churn.model, textOf(given.user), 'comment');
      }
      return;
    }
    case 'before':
      await asBefore(world, churn.issue);
  }
}

async function change(
  stores: Stores,
  churn: Churn,
  given: Extract<Step, { kind: 'change' }>,
): Promise<void> {
  const { to, status, isBookmarked, isSubscribed } = given;
  const requested: RequestedUpdate = {
    ...(to === undefined ? {} : assignedTo(to)),
    ...(status && { status: { ...plain, status } }),
    ...(isBookmarked === undefined ? {} : { isBookmarked }),
    ...(isSubscribed === undefined ? {} : { isSubscribed }),
  };
  await updateGroups(updateDeps(stores), {
    organizationId: '1',
    groupIds: [churn.issue],
    projects: null,
    update: requested,
    initiator: { actingUserId: given.user, requestId: 'r' },
  });
  churn.model = afterChange(churn, given);
  churn.isResolved = status === undefined ? churn.isResolved : status === 'resolved';
}

let noted = 0;

/** Status, assignee, bookmark, subscription: in the order in which a request takes effect. */
function afterChange(churn: Churn, given: Extract<Step, { kind: 'change' }>): SubscriptionModel {
  const by = textOf(given.user);
  let { model } = churn;
  if (given.status === 'resolved' && !churn.isResolved) {
    model = modelSubscribe(model, by, 'status_change');
  }
  if (given.to !== undefined) {
    model = modelAssign(model, given.to, peopleOf(churn, given.to));
  }
  if (given.isBookmarked !== undefined) {
    model = given.isBookmarked ? modelSubscribe(model, by, 'bookmark') : modelDrop(model, by);
  }
  if (given.isSubscribed !== undefined) {
    model = modelSet(model, by, { reason: 'unknown', isActive: given.isSubscribed });
  }
  return model;
}

/** What the product shows of an issue's subscriptions: in detail, and in a list to one user. */
async function expectShown({ issue, model }: Churn, viewer: string): Promise<void> {
  const expected = modelSubscriptions(model);
  expect(await readSubscriptions(world.stores.table, issue)).toEqual(expected);
  const detail = await readIssue(world.stores, {
    groupId: issue,
    organizationIds: ['1'],
    callerUserId: viewer,
  });
  const shown = detail.subscriptions.map(({ subscriber, reason, isActive }) => ({
    ...{ subscriber: formatActor(subscriber), reason, isActive },
  }));
  expect(shown).toEqual(expected);
  const own = model.rows.get(textOf(viewer)) ?? null;
  const { issues: listed } = await describeIssues(world.stores, [detail], {
    callerUserId: viewer,
    withOwners: false,
  });
  for (const one of [detail.ownSubscription, listed[0]?.ownSubscription ?? null]) {
    expect(one && { reason: one.reason, isActive: one.isActive }).toEqual(own);
  }
}

describe('whatever people and teams do, and in rows of whatever time', () => {
  it('an issue is followed by those, and for the reasons, that the rules tell', () =>
    fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(step, { minLength: 3, maxLength: 12 }),
        async (isAsOne, steps) => {
          const churn = startChurn(isAsOne);
          for (const each of steps) {
            await take(churn, each);
            await expectShown(churn, 'user' in each ? each.user : '11');
          }
        },
      ),
      { numRuns: 25, endOnFailure: true },
    ));
});
