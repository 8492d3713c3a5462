import { describe, expect, it } from 'vitest';
import { review } from '../../../../functions/holder-review/review.ts';
import { FUNCTIONS } from '../../../../infra/functions.ts';
import { compilePattern } from '../../../../infra/local/driver/events/pattern.ts';
import type { OrphanPolicy } from '../../../../shared/domain/directory.ts';
import type { BusEvent } from '../../../../shared/domain/events.ts';
import type { SubscribedType } from '../../../../shared/messages/subscriptions.ts';
import { leaveTeam } from '../../../../shared/operations/directory/team-membership.ts';
import { updateOrganization } from '../../../../shared/operations/directory/update-organization.ts';
import { unsnoozeGroups } from '../../../../shared/operations/issues/unsnooze-groups.ts';
import { updateGroups } from '../../../../shared/operations/issues/update-groups.ts';
import { listOrphans } from '../../../../shared/operations/ownership/holders/list-orphans.ts';
import { deleteProject } from '../../../../shared/operations/projects/delete-project.ts';
import { restoreProject } from '../../../../shared/operations/projects/restore-project.ts';
import { team } from '../../../support/builders.ts';
import { recordedEvents } from '../../../support/consistency.ts';
import { surroundings, withStoredRules } from '../../../support/operations.ts';
import { ownersWorld, record, seen } from '../../../support/owners.ts';
import { changingDeps } from '../../../support/saving.ts';
import { smallWorld } from '../../../support/world.ts';

type World = Awaited<ReturnType<typeof ownersWorld>>;

const initiator = { actingUserId: '11', requestId: 'r1' };

async function become(
  { stores, issue, deps }: World,
  status: 'resolved' | 'unresolved' | 'ignored',
  conditions = {},
) {
  await updateGroups(
    { ...deps, ...stores },
    {
      organizationId: '1',
      projects: null,
      groupIds: [issue],
      update: { status: { status, substatus: null, resolvedIn: null, conditions } },
      initiator,
    },
  );
}

const projectOf = ({ shop }: World) => ({
  organizationId: '1',
  project: shop,
  projectId: shop,
  initiator,
});

/** An event of the issue that was seen after anything that was decided about it. */
const comeBack = ({ issue }: World) =>
  seen({ groupId: issue, timestamp: new Date(Date.now() + 1_000).toISOString() });

/** Every way by which an issue becomes open: how it is closed, and how it is opened. */
const ways: Record<string, readonly [(world: World) => unknown, (world: World) => unknown]> = {
  'a person opens it': [(one) => become(one, 'resolved'), (one) => become(one, 'unresolved')],
  'an event brings it back': [
    (one) => become(one, 'resolved'),
    (one) => record(one.deps, comeBack(one)),
  ],
  'events have ended its archive': [
    (one) => become(one, 'ignored', { ignoreCount: 1 }),
    (one) => record(one.deps, comeBack(one)),
  ],
  'its archive has ended by its time': [
    (one) => become(one, 'ignored', { ignoreDuration: 1 }),
    ({ stores }) =>
      unsnoozeGroups(
        {
          ...stores,
          ...surroundings(),
          clock: () => new Date(Date.now() + 3_600_000).toISOString(),
        },
        { requestId: 'schedule', hasTime: () => true },
      ),
  ],
  'its project is restored': [
    (one) => deleteProject({ ...changingDeps(one.stores) }, projectOf(one)),
    (one) => restoreProject({ ...changingDeps(one.stores), randomInt: () => 1 }, projectOf(one)),
  ],
};

const hears = compilePattern(
  {
    'detail-type': [...FUNCTIONS['holder-review'].trigger.detailTypes],
    detail: FUNCTIONS['holder-review'].trigger.detail,
  },
  'the rule of holder-review',
);

/** Has the worker hear what its rule lets through of the events that it was not told before. */
async function workOn({ stores }: World, heard: Set<string>): Promise<string[]> {
  const told: string[] = [];
  for (const { type, detail } of await recordedEvents(stores.table)) {
    if (!heard.has(detail.eventId) && hears({ 'detail-type': type, detail })) {
      told.push(type);
      await review(
        // A handler or its dependencies may say more than the review needs.
        withStoredRules({ ...stores, ...surroundings() }) as never,
        { type, detail } as unknown as BusEvent<SubscribedType<'holder-review'>>,
        () => true,
      );
    }
    heard.add(detail.eventId);
  }
  return told;
}

const orphansOf = async ({ stores }: World) =>
  (await listOrphans(stores, { organizationId: '1', limit: 100 })).orphans.map(
    ({ group }) => group.id,
  );

/** An issue whose holder has lost access since it was closed. */
async function closedAndLeft(
  orphanPolicy: OrphanPolicy,
  close: (world: World) => unknown,
  heard: Set<string>,
): Promise<World> {
  const world = await ownersWorld({
    organizations: smallWorld.organizations.map((one) => ({ ...one, projectDeletionDelay: 3600 })),
    assignments: [{ group: '101', assignedTo: 'user:12' }],
  });
  await updateOrganization(changingDeps(world.stores), '1', { orphanPolicy }, initiator);
  await close(world);
  await workOn(world, heard);
  await leaveTeam(changingDeps(world.stores), { team: team(), userId: '12', initiator });
  await workOn(world, heard);
  return world;
}

describe.each(Object.entries(ways))('where %s', (_, [close, open]) => {
  it('an issue whose holder may not hold it is listed', async () => {
    const heard = new Set<string>();
    const world = await closedAndLeft('keep', close, heard);
    expect(await orphansOf(world)).toEqual([]);
    await open(world);
    await workOn(world, heard);
    expect(await orphansOf(world)).toEqual([world.issue]);
    const { assignee } = (await world.stores.assignments.ofGroup(world.issue)) ?? {};
    expect(assignee).toEqual({ type: 'user', id: '12' });
  });

  it('it is taken from them where the policy says so', async () => {
    const heard = new Set<string>();
    const world = await closedAndLeft('unassign', close, heard);
    await open(world);
    await workOn(world, heard);
    expect((await world.stores.assignments.ofGroup(world.issue))?.assignee).toBeNull();
    expect(await orphansOf(world)).toEqual([]);
  });
});

it('an issue that was noted before it was closed is listed again when an event brings it back', async () => {
  const heard = new Set<string>();
  const world = await closedAndLeft('keep', () => undefined, heard);
  expect(await orphansOf(world)).toEqual([world.issue]);
  await become(world, 'resolved');
  expect(await orphansOf(world)).toEqual([]);
  await record(world.deps, comeBack(world));
  await workOn(world, heard);
  expect(await orphansOf(world)).toEqual([world.issue]);
});

it('changes of status that open nothing reach nobody', async () => {
  const heard = new Set<string>();
  const world = await ownersWorld({ assignments: [{ group: '101', assignedTo: 'user:12' }] });
  await become(world, 'resolved');
  await become(world, 'ignored');
  expect(await workOn(world, heard)).toEqual([]);
  await become(world, 'unresolved');
  expect(await workOn(world, heard)).toEqual(['issue.status_changed']);
});
