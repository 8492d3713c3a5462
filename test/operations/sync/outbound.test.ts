import { describe, expect, it } from 'vitest';
import type { OrphanPolicy } from '../../../shared/domain/directory.ts';
import { localBackoff } from '../../../shared/domain/sync/backoff.ts';
import { providers, traitsOf } from '../../../shared/domain/sync/external-issue.ts';
import { ISSUE_SYNC_FEATURE } from '../../../shared/domain/sync/integration.ts';
import { leaveTeam } from '../../../shared/operations/directory/team-membership.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { endLeases } from '../../../shared/operations/ownership/holders/end-leases.ts';
import { reviewAssignments } from '../../../shared/operations/ownership/holders/review-assignments.ts';
import { syncInbound } from '../../../shared/operations/sync/inbound.ts';
import { syncOutbound } from '../../../shared/operations/sync/outbound.ts';
import { team } from '../../support/builders.ts';
import {
  assignedTo,
  emptyOwnerCaches,
  surroundings,
  withStoredRules,
} from '../../support/operations.ts';
import { eventIn } from '../../support/owners.ts';
import { changingDeps } from '../../support/saving.ts';
import { createFakeTrackers, person } from '../../support/sync/fake-trackers.ts';
import { createStepper } from '../../support/sync/stepper.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const initiator = { actingUserId: '11', requestId: 'r1' };
const bob = person('bob');
const other = person('other');
const keys = {
  github: 'acme/shop#1',
  jira: 'KEY-1',
  gitlab: 'acme/shop#1',
  azure: '1',
  redmine: '1',
} as const;
const tickets = providers.map((provider, index) => ({
  integrationId: String(501 + index),
  provider,
  key: keys[provider],
  group: String(10_000 + index),
}));
const groups = tickets.map(({ group }) => group);

/** An issue with each provider, held by bob there and here; what policies there say is `keep`. */
async function everywhere(orphanPolicy: OrphanPolicy) {
  const world = await worldOnFreshTable({
    organizations: smallWorld.organizations.map((one) => ({
      ...one,
      orphanPolicy,
      features: [ISSUE_SYNC_FEATURE],
    })),
    groups: groups.map((id) => ({ id, project: '31', shortId: `SHOP-${id}`, title: 'late' })),
    ownership: [{ project: '31', raw: 'path:app/* #core' }],
    integrations: tickets.map(({ integrationId: id, provider }) => ({
      ...{ id, provider, organization: 'acme', name: provider, secretRef: 'none' },
      baseUrl: 'https://tracker.example.com',
      config: { sync_forward_assignment: true, sync_reverse_assignment: true },
    })),
    externalActors: tickets.map(({ integrationId: integration }) => ({
      ...{ integration, user: '12', externalId: 'bob', externalName: 'bob' },
    })),
    links: tickets.map(({ group, integrationId: integration, key }) => ({
      ...{ group, integration, key },
    })),
  });
  let nowMs = Date.now();
  const trackers = createFakeTrackers({ tickets, now: () => nowMs, stepper: createStepper() });
  const deps = withStoredRules({
    ...world.stores,
    ...surroundings(),
    ownerCaches: emptyOwnerCaches,
    clock: () => new Date(nowMs).toISOString(),
    trackers: trackers.source,
    backoff: localBackoff,
    random: () => 0,
  });
  const rows = await world.stores.groups.withAssignments(groups);
  for (const { group } of rows.values()) {
    const kept = { eventId: group.id, timestamp: deps.clock(), platform: null };
    await world.stores.seenGroups.keepEvaluated(group, { ...kept, event: eventIn('app/cart.py') });
  }
  return {
    ...world,
    ...{ deps, trackers },
    later: (minutes: number) => {
      nowMs += minutes * 60_000;
    },
  };
}

type Everywhere = Awaited<ReturnType<typeof everywhere>>;

async function give({ deps }: Everywhere, holder: string, expiresIn?: number): Promise<void> {
  const { assignedTo: asked } = assignedTo(holder);
  await updateGroups(deps, {
    organizationId: '1',
    groupIds: groups,
    projects: null,
    update: {
      ...(asked && {
        assignedTo: { ...asked, ...(expiresIn === undefined ? {} : { expiresIn }) },
      }),
    },
    initiator,
  });
}

/** Looks at every link as the worker does; `verify` also where all seems synced. */
async function look({ stores, deps, later }: Everywhere, verify = false): Promise<void> {
  later(1);
  for (const groupId of groups) {
    for (const { id: linkId } of await stores.links.ofGroup(groupId)) {
      await syncOutbound(deps, {
        ...{ groupId, linkId, verify, requestId: 'look', receives: 0 },
        onDrift: 'adopt',
        hasTime: () => true,
      });
    }
  }
}

const thereIn = ({ trackers }: Everywhere) =>
  trackers.tickets.map(({ provider, assignees }) => [
    provider,
    assignees.map(({ externalId }) => externalId),
  ]);
const everyOne = (of: (provider: (typeof providers)[number]) => readonly string[]) =>
  providers.map((provider) => [provider, of(provider)]);

async function statusesOf({ stores }: TestWorld): Promise<string[]> {
  const links = await Promise.all(groups.map((group) => stores.links.ofGroup(group)));
  return links.flat().map(({ status }) => status);
}

async function loseAccess(world: Everywhere): Promise<void> {
  await leaveTeam(changingDeps(world.stores), { team: team(), userId: '12', initiator });
  await reviewAssignments(world.deps, {
    ...{ organizationId: '1', requestId: 'review', projectId: null, position: null },
    holder: { type: 'user', id: '12' },
    hasTime: () => true,
  });
}

describe('with every provider', () => {
  it('an assignment that ended by itself is not left there, whatever the policies say', async () => {
    const ends: [OrphanPolicy, (world: Everywhere) => Promise<unknown>][] = [
      ['unassign', loseAccess],
      ['reroute', loseAccess],
      [
        'reroute',
        (world) => {
          world.later(100);
          return endLeases(world.deps, { requestId: 'schedule', hasTime: () => true });
        },
      ],
    ];
    for (const [policy, end] of ends) {
      const world = await everywhere(policy);
      await give(world, 'user:12', 3_600);
      await look(world);
      expect(thereIn(world)).toEqual(everyOne(() => ['bob']));
      // A second assignee who is none of ours stays, where there is room for one.
      for (const ticket of world.trackers.tickets) {
        ticket.assignees = [bob, ...(traitsOf(ticket.provider).capacity === 'one' ? [] : [other])];
      }
      await end(world);
      const rows = await world.stores.assignments.ofGroups(groups);
      for (const { assignee } of rows.values()) {
        expect(assignee).toEqual(policy === 'reroute' ? { type: 'team', id: '21' } : null);
      }
      await look(world);
      expect(thereIn(world)).toEqual(
        everyOne((provider) => (traitsOf(provider).capacity === 'one' ? [] : ['other'])),
      );
    }
  });

  it('whoever a person gave to a team stays there, as the policy says', async () => {
    const world = await everywhere('keep');
    await give(world, 'user:12');
    await look(world);
    await give(world, 'team:21');
    await look(world);
    expect(thereIn(world)).toEqual(everyOne(() => ['bob']));
  });

  it('who may not hold issues is told to nobody, and is nobody where they are named', async () => {
    const world = await everywhere('keep');
    await give(world, 'user:12');
    await loseAccess(world);
    await look(world);
    expect(thereIn(world)).toEqual(everyOne(() => []));
    expect(await statusesOf(world)).toEqual(providers.map(() => 'unmapped'));

    await give(world, 'team:21');
    await look(world);
    for (const ticket of world.trackers.tickets) {
      world.later(1);
      world.trackers.assign(ticket, [bob]);
    }
    for (const { integrationId, snapshot } of world.trackers.sent) {
      await syncInbound(world.deps, { integrationId, snapshot, requestId: 'webhook' });
    }
    const rows = await world.stores.assignments.ofGroups(groups);
    for (const { assignee } of rows.values()) {
      expect(assignee).toEqual({ type: 'team', id: '21' });
    }
  });
});
