import { beforeAll, describe, expect, it } from 'vitest';
import { review } from '../../../../functions/holder-review/review.ts';
import type { OrphanPolicy } from '../../../../shared/domain/directory.ts';
import { DomainError } from '../../../../shared/domain/errors.ts';
import type { BusEvent } from '../../../../shared/domain/events.ts';
import { decideAssignable } from '../../../../shared/domain/issues/assignable.ts';
import { SUBSCRIPTIONS, type SubscribedType } from '../../../../shared/messages/subscriptions.ts';
import { deleteMember } from '../../../../shared/operations/directory/delete-member.ts';
import { enrollMember } from '../../../../shared/operations/directory/enroll-member.ts';
import { setAccountActive } from '../../../../shared/operations/directory/set-account-active.ts';
import { joinTeam, leaveTeam } from '../../../../shared/operations/directory/team-membership.ts';
import { updateOrganization } from '../../../../shared/operations/directory/update-organization.ts';
import { updateGroups } from '../../../../shared/operations/issues/update-groups.ts';
import { listOrphans } from '../../../../shared/operations/ownership/holders/list-orphans.ts';
import { reviewOrganizations } from '../../../../shared/operations/ownership/holders/review-organizations.ts';
import { updateProject } from '../../../../shared/operations/projects/update-project.ts';
import { team } from '../../../support/builders.ts';
import { readGroupState, recordedEvents } from '../../../support/consistency.ts';
import {
  assignedTo,
  surroundings,
  updateDeps,
  withStoredRules,
} from '../../../support/operations.ts';
import { randomOf } from '../../../support/random.ts';
import { changingDeps } from '../../../support/saving.ts';
import { copiesOf, type TestWorld, worldOnFreshTable } from '../../../support/world.ts';

const { random } = randomOf('review-assignments.test.ts');
const ISSUES = Array.from({ length: 30 }, (_, index) => String(10_000 + index));
const PROJECTS = ['31', '32'];
const PEOPLE = ['12', '13', '15'];
const TEAMS = ['21', '22'];
const initiator = { actingUserId: '11', requestId: 'r1' };

let copy: () => Promise<TestWorld>;
beforeAll(async () => {
  const world = await worldOnFreshTable({
    groups: ISSUES.map((id, index) => ({
      id,
      project: PROJECTS[index % 2] ?? '31',
      shortId: `ISSUE-${id}`,
      title: `Issue ${id}`,
    })),
  });
  copy = await copiesOf(world);
});

async function worldWith(orphanPolicy: OrphanPolicy, openMembership = false): Promise<TestWorld> {
  const world = await copy();
  const asked = { orphanPolicy, openMembership };
  await updateOrganization(changingDeps(world.stores), '1', asked, initiator);
  return world;
}

const depsOf = ({ stores }: TestWorld) => withStoredRules({ ...stores, ...surroundings() });

function isHeard(type: string): type is SubscribedType<'holder-review'> {
  return (SUBSCRIPTIONS['holder-review'] as readonly string[]).includes(type);
}

/** Has the worker hear every event that it was not told before, until there is no other one. */
async function workOn(world: TestWorld, heard: Set<string>, hasTime = () => true): Promise<void> {
  for (;;) {
    const events = (await recordedEvents(world.stores.table)).filter(
      ({ type, detail }) => isHeard(type) && !heard.has(detail.eventId),
    );
    if (events.length === 0) {
      return;
    }
    for (const event of events) {
      heard.add(event.detail.eventId);
      await review(
        // A handler or its dependencies may say more than the review needs.
        depsOf(world) as never,
        event as unknown as BusEvent<SubscribedType<'holder-review'>>,
        hasTime,
      );
    }
  }
}

async function assign(world: TestWorld, groupIds: readonly string[], to: string | null) {
  await updateGroups(updateDeps(world.stores), {
    organizationId: '1',
    projects: null,
    groupIds,
    update: assignedTo(to),
    initiator,
  });
}

const orphansOf = async ({ stores }: TestWorld) =>
  (await listOrphans(stores, { organizationId: '1', limit: 100 })).orphans.map(
    ({ group, orphan }) => [group.id, orphan.cause],
  );

/** The open issues of acme that are held by somebody whom nobody could assign them to. */
async function heldWrongly({ stores }: TestWorld): Promise<string[]> {
  const organization = (await stores.organizations.byId('1')) ?? expect.fail('acme is gone.');
  const rows = await stores.groups.withAssignments(ISSUES);
  const projects = await stores.projects.manyWithTeams(PROJECTS);
  const wrong: string[] = [];
  for (const { group, assignment } of rows.values()) {
    const actor = assignment?.assignee;
    const project = projects.get(group.projectId);
    if (!actor || !project || group.status !== 'unresolved') {
      continue;
    }
    const candidate =
      actor.type === 'user'
        ? { type: actor.type, profile: await stores.users.profile(actor.id) }
        : {
            type: actor.type,
            roster: await stores.teams.roster(actor.id),
            activeAccounts: new Set<string>(),
          };
    if (!decideAssignable(candidate, organization, [project]).ok) {
      wrong.push(group.id);
    }
  }
  return wrong.toSorted();
}

const pick = <T>(values: readonly T[]): T =>
  values[Math.floor(random() * values.length)] ?? expect.fail('There is nothing to pick.');

/** One change of people and teams, or of issues; what cannot be done now is not done. */
async function churn(world: TestWorld): Promise<void> {
  const deps = changingDeps(world.stores);
  const userId = pick(PEOPLE);
  const teamId = pick(TEAMS);
  const of = { team: team({ id: teamId }), userId, initiator };
  const project = { organizationId: '1', projectId: pick(PROJECTS), initiator };
  const steps = [
    () => deleteMember(deps, { organizationId: '1', memberId: userId, initiator }),
    () => enrollMember(deps, { organizationId: '1', userId, role: 'member', teamIds: [teamId] }),
    async () => {
      if ((await world.stores.organizations.member('1', userId)) !== undefined) {
        await setAccountActive(deps, { userId, isActive: random() < 0.5 });
      }
    },
    () => joinTeam(deps, of),
    () => leaveTeam(deps, of),
    () => updateProject(deps, { ...project, update: { attach: [teamId] } }),
    () => updateProject(deps, { ...project, update: { detach: [teamId] } }),
    () => assign(world, [pick(ISSUES)], pick(['user:12', 'user:13', 'team:21', 'team:22'])),
    () => assign(world, [pick(ISSUES)], pick(['user:15', 'user:11', 'team:21'])),
    () =>
      updateGroups(updateDeps(world.stores), {
        organizationId: '1',
        projects: null,
        groupIds: [pick(ISSUES)],
        update: {
          status: { status: 'resolved', substatus: null, resolvedIn: null, conditions: {} },
        },
        initiator,
      }),
  ];
  await pick(steps)().catch((error: unknown) => {
    // Who is gone cannot leave again, and who may not hold an issue is refused.
    expect(error).toBeInstanceOf(DomainError);
  });
}

async function startHeld(world: TestWorld): Promise<void> {
  await assign(
    world,
    ISSUES.filter((_, index) => index % 4 === 0),
    'team:21',
  );
  await assign(
    world,
    ISSUES.filter((_, index) => index % 4 === 2),
    'user:12',
  );
  await assign(
    world,
    ISSUES.filter((_, index) => index % 4 === 1),
    'team:22',
  );
  await assign(
    world,
    ISSUES.filter((_, index) => index % 4 === 3),
    'user:13',
  );
}

describe('after any churn of people and teams', () => {
  it.each([
    ['unassign', false],
    ['reroute', false],
    ['unassign', true],
  ] as const)(
    'under %s (open membership: %s) nobody holds what they may not',
    async (policy, open) => {
      const world = await worldWith(policy, open);
      await startHeld(world);
      const heard = new Set<string>();
      for (let step = 0; step < 20; step++) {
        await churn(world);
        if (random() < 0.4) {
          await workOn(world, heard);
        }
      }
      await workOn(world, heard);
      expect(await heldWrongly(world)).toEqual([]);
      expect(await orphansOf(world)).toEqual([]);
    },
  );

  it('under keep all is as people left it, and every orphan is listed, and nothing else', async () => {
    const world = await worldWith('keep');
    await startHeld(world);
    const heard = new Set<string>();
    for (let step = 0; step < 20; step++) {
      await churn(world);
      const before = await world.stores.assignments.ofGroups(ISSUES);
      await workOn(world, heard);
      const after = await world.stores.assignments.ofGroups(ISSUES);
      for (const [id, { version, assignee }] of after) {
        expect({ version, assignee }, id).toEqual({
          version: before.get(id)?.version,
          assignee: before.get(id)?.assignee,
        });
      }
    }
    const listed = (await orphansOf(world)).map(([id]) => id).toSorted();
    expect(listed).toEqual(await heldWrongly(world));
    expect(await world.stores.orphans.count('1')).toBe(listed.length);
  });

  it('the daily review finds what no event told of', async () => {
    for (const policy of ['keep', 'unassign'] as const) {
      const world = await worldWith(policy);
      await startHeld(world);
      for (let step = 0; step < 15; step++) {
        await churn(world);
      }
      const missed = new Set(
        (await recordedEvents(world.stores.table)).map(({ detail }) => detail.eventId),
      );
      expect(await reviewOrganizations(depsOf(world), 'daily')).toBe(2);
      await workOn(world, missed, () => false);
      const wrong = await heldWrongly(world);
      const listed = (await orphansOf(world)).map(([id]) => id).toSorted();
      expect(listed).toEqual(wrong);
      expect(policy === 'keep' || wrong.length === 0).toBe(true);
    }
  });
});

describe('an orphan', () => {
  it('is told of once, and listed while it is open, until its holder is back', async () => {
    const world = await worldWith('keep');
    const [issue = ''] = ISSUES;
    await assign(world, [issue], 'user:12');
    const heard = new Set<string>();
    const deps = changingDeps(world.stores);
    await leaveTeam(deps, { team: team(), userId: '12', initiator });
    await workOn(world, heard);
    await reviewOrganizations(depsOf(world), 'daily');
    await workOn(world, heard);
    expect(await orphansOf(world)).toEqual([[issue, 'no_access']]);
    const { events } = await readGroupState(world.stores.table, issue);
    expect(events.filter(({ type }) => type === 'issue.orphaned')).toHaveLength(1);

    const become = (status: 'resolved' | 'unresolved') =>
      updateGroups(updateDeps(world.stores), {
        organizationId: '1',
        projects: null,
        groupIds: [issue],
        update: { status: { status, substatus: null, resolvedIn: null, conditions: {} } },
        initiator,
      });
    await become('resolved');
    expect(await world.stores.orphans.count('1')).toBe(0);
    await become('unresolved');
    expect(await orphansOf(world)).toEqual([[issue, 'no_access']]);

    await joinTeam(deps, { team: team(), userId: '12', initiator });
    await workOn(world, heard);
    expect(await orphansOf(world)).toEqual([]);
    expect((await world.stores.assignments.ofGroup(issue))?.version).toBe(1);
  });

  it('of a team that left its project is one under open membership too', async () => {
    const world = await worldWith('keep', true);
    const [issue = ''] = ISSUES;
    await assign(world, [issue], 'team:21');
    const heard = new Set<string>();
    const project = { organizationId: '1', projectId: '31', initiator };
    await updateProject(changingDeps(world.stores), { ...project, update: { detach: ['21'] } });
    await workOn(world, heard);
    expect(await orphansOf(world)).toEqual([[issue, 'team_left']]);
    await reviewOrganizations(depsOf(world), 'daily');
    await workOn(world, heard);
    expect(await orphansOf(world)).toEqual([[issue, 'team_left']]);
    await updateProject(changingDeps(world.stores), { ...project, update: { attach: ['21'] } });
    await workOn(world, heard);
    expect(await orphansOf(world)).toEqual([]);
  });
});
