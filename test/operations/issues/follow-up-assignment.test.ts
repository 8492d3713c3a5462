import { expect, it } from 'vitest';
import type { EventDetail } from '../../../shared/domain/events.ts';
import { followUpAssignment } from '../../../shared/operations/issues/follow-up-assignment.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { heardBy } from '../../support/bus-events.ts';
import { expectOneStory, readGroupState } from '../../support/consistency.ts';
import { assignedTo, surroundings, updateDeps } from '../../support/operations.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const crowd = Array.from({ length: 250 }, (_, index) => String(1000 + index));
const membersOf = (actor: string) =>
  actor === 'team:77' ? crowd.map((id) => `user:${id}`) : [actor];

/** The small world, with a team of 250 on the project shop. */
function crowdedWorld() {
  return worldOnFreshTable({
    users: [
      ...smallWorld.users,
      ...crowd.map((id) => ({
        id,
        username: `user${id}`,
        name: `User ${id}`,
        emails: [{ email: `user${id}@acme.io`, isPrimary: true, isVerified: true }],
      })),
    ],
    members: [
      ...smallWorld.members,
      ...crowd.map((user) => ({ organization: 'acme', user, role: 'member' as const })),
    ],
    teams: [
      ...smallWorld.teams,
      {
        id: '77',
        organization: 'acme',
        slug: 'crowd',
        name: 'Crowd',
        members: crowd.map((user) => ({ user, isActive: true })),
      },
    ],
    projects: smallWorld.projects.map((project) =>
      project.id === '31' ? { ...project, teams: ['core', 'crowd'] } : project,
    ),
  });
}

function assignTo(world: TestWorld, target: string | null) {
  return updateGroups(updateDeps(world.stores), {
    organizationId: '1',
    groupIds: ['101'],
    projects: null,
    update: assignedTo(target),
    initiator: { actingUserId: '11', requestId: 'r1' },
  });
}

async function pending(world: TestWorld): Promise<EventDetail[]> {
  const { events } = await readGroupState(world.stores.table, '101');
  return events
    .filter(({ type }) => type === 'issue.subscriptions_pending')
    .map(({ detail }) => detail)
    .sort((a, b) => a.version - b.version);
}

function followUp(world: TestWorld, event: EventDetail) {
  const { detail } = heardBy('assignment-followup', {
    type: 'issue.subscriptions_pending',
    detail: event,
  });
  return followUpAssignment({ ...world.stores, ...surroundings() }, detail);
}

it('completes what a transaction has no room for, and does nothing a second time', async () => {
  const world = await crowdedWorld();
  await assignTo(world, 'team:77');
  const between = await readGroupState(world.stores.table, '101');
  expect(between.assignment?.assignee).toBe('team:77');
  expect(between.subscriptions.length).toBeGreaterThan(80);
  expect(between.subscriptions.length).toBeLessThan(250);

  const [event] = await pending(world);
  if (event === undefined) {
    throw new Error('No event was recorded.');
  }
  await followUp(world, event);
  await followUp(world, event);
  expectOneStory(await readGroupState(world.stores.table, '101'), membersOf);
});

it.each([
  ['in order', [0, 1]],
  ['in the other order', [1, 0]],
  ['twice each', [0, 0, 1, 1, 0]],
])('ends with the holders alone when two follow-ups come %s', async (_, order) => {
  const world = await crowdedWorld();
  await assignTo(world, 'team:77');
  await followUp(world, (await pending(world))[0] as EventDetail);
  await assignTo(world, 'user:12');
  const events = await pending(world);
  expect(events).toHaveLength(2);
  for (const index of order) {
    await followUp(world, events[index] as EventDetail);
  }
  expectOneStory(await readGroupState(world.stores.table, '101'), membersOf);
});

it('leaves alone what somebody subscribed to for another reason', async () => {
  const world = await crowdedWorld();
  const last = crowd.at(-1) as string;
  await updateGroups(updateDeps(world.stores), {
    organizationId: '1',
    groupIds: ['101'],
    projects: null,
    update: { isSubscribed: false },
    initiator: { actingUserId: last, requestId: 'r1' },
  });
  await assignTo(world, 'team:77');
  await followUp(world, (await pending(world))[0] as EventDetail);
  await assignTo(world, null);
  for (const event of await pending(world)) {
    await followUp(world, event);
  }
  const { subscriptions } = await readGroupState(world.stores.table, '101');
  expect(subscriptions).toMatchObject([{ subscriber: `user:${last}`, isActive: false }]);
});
