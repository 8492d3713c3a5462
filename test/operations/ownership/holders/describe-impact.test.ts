import { beforeAll, describe, expect, it } from 'vitest';
import { type OrphanPolicy, orphanPolicies } from '../../../../shared/domain/directory.ts';
import type { SubscribedType } from '../../../../shared/messages/subscriptions.ts';
import { cascadeTeam } from '../../../../shared/operations/cascades/cascade-team.ts';
import { deleteMember } from '../../../../shared/operations/directory/delete-member.ts';
import { deleteTeam } from '../../../../shared/operations/directory/delete-team.ts';
import { updateOrganization } from '../../../../shared/operations/directory/update-organization.ts';
import { describeImpact } from '../../../../shared/operations/ownership/holders/describe-impact.ts';
import { reviewAssignments } from '../../../../shared/operations/ownership/holders/review-assignments.ts';
import { saveOwnership } from '../../../../shared/operations/ownership/save-ownership.ts';
import { createHoldingStore } from '../../../../shared/stores/issues/holdings.ts';
import { recordedEvents } from '../../../support/consistency.ts';
import { surroundings, withStoredRules } from '../../../support/operations.ts';
import { eventIn } from '../../../support/owners.ts';
import { randomOf } from '../../../support/random.ts';
import { changingDeps } from '../../../support/saving.ts';
import { copiesOf, type TestWorld, worldOnFreshTable } from '../../../support/world.ts';

const { random } = randomOf('describe-impact.test.ts');
const ISSUES = Array.from({ length: 40 }, (_, index) => String(10_000 + index));
const FILES = ['a', 'b', 'c', 'd'];
const HOLDERS = ['user:12', 'user:12', 'user:13', 'team:21', 'team:21', 'team:22'];
const OWNERS = ['#core', '#web', 'alice@acme.io', 'bob@acme.io', 'carol@acme.io'];
const initiator = { actingUserId: '11', requestId: 'r1' };

const pick = <T>(values: readonly T[]): T =>
  values[Math.floor(random() * values.length)] ?? expect.fail('There is nothing to pick.');

const at = (index: number) => new Date(Date.UTC(2026, 10, 1, 0, 0, index)).toISOString();

let copy: () => Promise<TestWorld>;
beforeAll(async () => {
  const world = await worldOnFreshTable({
    organizations: [
      { id: '1', slug: 'acme', name: 'Acme', openMembership: true, features: [] },
      { id: '2', slug: 'globex', name: 'Globex', openMembership: true, features: [] },
    ],
    projects: ['shop', 'site'].map((slug, index) => ({
      id: String(31 + index),
      organization: 'acme',
      slug,
      name: slug,
      teams: ['core', 'web'],
    })),
    groups: ISSUES.map((id, index) => ({
      id,
      project: index % 3 === 0 ? '32' : '31',
      shortId: `ISSUE-${id}`,
      title: `Issue ${id}`,
      status: index % 7 === 0 ? 'resolved' : 'unresolved',
    })),
    assignments: ISSUES.map((group, index) => ({
      group,
      assignedTo: pick(HOLDERS),
      dateAssigned: at(index),
    })),
  });
  const rows = await world.stores.groups.withAssignments(ISSUES);
  for (const { group } of rows.values()) {
    // Of some issues no event is kept.
    if (random() < 0.9) {
      const event = eventIn(`${pick(FILES)}/x.py`);
      const kept = { eventId: group.id, timestamp: at(0), platform: 'python', event };
      await world.stores.seenGroups.keepEvaluated(group, kept);
    }
  }
  copy = await copiesOf(world);
});

const rules = () =>
  FILES.map((file) => `path:${file}/* ${pick(OWNERS)} ${pick(OWNERS)}`).join('\n');

async function worldWith(orphanPolicy: OrphanPolicy, openMembership: boolean): Promise<TestWorld> {
  const world = await copy();
  const deps = { ...world.stores, ...surroundings(), ...changingDeps(world.stores) };
  await updateOrganization(deps, '1', { orphanPolicy, openMembership }, initiator);
  for (const project of ['shop', 'site']) {
    await saveOwnership(withStoredRules(deps), {
      organizationId: '1',
      project,
      initiator,
      change: { raw: rules() },
      isTeamAdmin: true,
    });
  }
  return world;
}

const depsOf = ({ stores }: TestWorld) => ({
  ...withStoredRules({ ...stores, ...surroundings() }),
  ownershipCache: null,
  holdings: createHoldingStore(stores.table),
});

type Holder = { readonly type: 'user' | 'team'; readonly id: string };

/** All pages of an impact, as who holds each issue afterwards. */
async function impactOf(world: TestWorld, holder: Holder, limit = 4) {
  const found = new Map<string, Holder | null>();
  let [from, pages]: [string | null, number] = [null, 0];
  do {
    const part = { organizationId: '1', holder, from, limit };
    const { issues, next, held } = await describeImpact(depsOf(world), part);
    for (const { group, to } of issues) {
      expect(found.has(group.id)).toBe(false);
      found.set(group.id, to);
    }
    expect(issues.length).toBeLessThanOrEqual(limit);
    expect(held).toBe(heldBy(world, holder).length);
    from = next;
    expect(++pages).toBeLessThan(ISSUES.length);
  } while (from !== null);
  return found;
}

const heldBy = ({ world }: TestWorld, { type, id }: Holder) =>
  (world.assignments ?? []).filter(({ assignedTo }) => assignedTo === `${type}:${id}`);

/** Has somebody go, and all that follows from it done. */
async function leave(world: TestWorld, { type, id }: Holder): Promise<void> {
  const deps = changingDeps(world.stores);
  const run = { organizationId: '1', requestId: 'worker', hasTime: () => true };
  const review = { projectId: null, position: null };
  if (type === 'user') {
    await deleteMember(deps, { organizationId: '1', memberId: id, initiator });
    await reviewAssignments(depsOf(world), { ...run, ...review, holder: { type, id } });
    return;
  }
  const team = (await world.stores.teams.byIds([id])).get(id) ?? expect.fail('No team.');
  await deleteTeam(deps, { organizationId: '1', team: id, initiator });
  await cascadeTeam(depsOf(world), { ...run, team, pauseMs: 0 });
  const requested = 'assignments.review_requested' satisfies SubscribedType<'holder-review'>;
  for (const { type: event, detail } of await recordedEvents(world.stores.table)) {
    if (event === requested) {
      const { holder } = detail.data as { holder: Holder };
      await reviewAssignments(depsOf(world), { ...run, ...review, holder });
    }
  }
}

describe('the impact of a departure', () => {
  const leavers: Holder[] = [
    { type: 'user', id: '12' },
    { type: 'team', id: '21' },
  ];
  it.each(
    orphanPolicies.flatMap((policy) =>
      [true, false].flatMap((open) => leavers.map((leaver) => [policy, open, leaver] as const)),
    ),
  )('is exactly what happens then: %s, open membership %s, %j', async (policy, open, leaver) => {
    const world = await worldWith(policy, open);
    const before = await world.stores.assignments.ofGroups(ISSUES);
    const said = await impactOf(world, leaver);
    const rows = await world.stores.groups.withAssignments(ISSUES);
    const openIssues = heldBy(world, leaver).filter(
      ({ group }) => rows.get(group)?.group.status === 'unresolved',
    );
    expect([...said.keys()].toSorted()).toEqual(openIssues.map(({ group }) => group).toSorted());
    expect(await world.stores.assignments.ofGroups(ISSUES)).toEqual(before);
    await leave(world, leaver);
    const after = await world.stores.assignments.ofGroups(ISSUES);
    expect([...said.values()].some((to) => to !== null) || policy !== 'reroute').toBe(true);
    for (const [id, to] of said) {
      expect(after.get(id)?.assignee ?? null, id).toEqual(to);
    }
  });

  it('names the rule, and is 404 for somebody who is no member', async () => {
    const world = await worldWith('reroute', true);
    const deps = { ...depsOf(world), ...changingDeps(world.stores) };
    await saveOwnership(deps, {
      organizationId: '1',
      project: 'shop',
      initiator,
      change: { raw: 'path:*.py bob@acme.io alice@acme.io' },
      isTeamAdmin: true,
    });
    const holder = { type: 'user', id: '12' } as const;
    const { issues } = await describeImpact(depsOf(world), {
      organizationId: '1',
      holder,
      from: null,
      limit: 100,
    });
    const ruled = issues.filter(({ project, to }) => project.slug === 'shop' && to !== null);
    expect(ruled.length).toBeGreaterThan(0);
    for (const { to, rule } of ruled) {
      expect([to, rule]).toEqual([
        { type: 'user', id: '11' },
        'path:*.py bob@acme.io alice@acme.io',
      ]);
    }
    for (const id of ['14', '999']) {
      await expect(
        describeImpact(depsOf(world), {
          organizationId: '1',
          holder: { type: 'user', id },
          from: null,
          limit: 1,
        }),
      ).rejects.toMatchObject({ code: 'resource.not_found' });
    }
  });
});
