import { describe, expect, it } from 'vitest';
import type { StatusRequest } from '../../../shared/domain/issues/group-status.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { emptyOwnerCaches } from '../../support/operations.ts';
import { ownersWorld, record, seen } from '../../support/owners.ts';

type World = Awaited<ReturnType<typeof ownersWorld>>;

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString();

const issueRow = async ({ stores, issue }: World) => {
  const row = await stores.groups.byId(issue);
  if (row === undefined) {
    throw new Error('The issue is gone.');
  }
  return row.group;
};

/** An event of the issue in a release, `minute` minutes after ten. */
const inRelease = ({ issue }: World, release: string | null, minute: number) =>
  seen({ groupId: issue, timestamp: at(minute), event: release === null ? null : { release } });

function resolve(
  world: World,
  resolvedIn: StatusRequest['resolvedIn'],
  groupIds: readonly string[] = [world.issue],
) {
  return updateGroups(
    { ...world.deps, ownerCaches: emptyOwnerCaches, newShareId: () => 's', clock: () => at(20) },
    {
      organizationId: '1',
      groupIds,
      projects: null,
      update: { status: { status: 'resolved', substatus: null, resolvedIn, conditions: {} } },
      initiator: { actingUserId: null, requestId: 'r' },
    },
  );
}

const next = { kind: 'nextRelease' } as const;

describe('a group remembers the newest release that it was seen in', () => {
  it.each([
    ['the word of the event', { release: 'shop@1.2.0', tags: [['release', 'shop@9.0.0']] }],
    [
      'its tag',
      {
        tags: [
          ['environment', 'prod'],
          ['release', 'shop@1.2.0'],
        ],
      },
    ],
  ])('from %s, however it begins', async (_, event) => {
    const world = await ownersWorld();
    await record(world.deps, seen({ event, timestamp: at(5) }));
    await record(world.deps, seen({ event, timestamp: at(6), groupId: world.issue }));
    const remembered = { version: 'shop@1.2.0', firstSeen: at(5) };
    const groups = await world.stores.seenGroups.ofFingerprints(world.shop, ['cart']);
    const begun = await world.stores.groups.byId(groups.get('cart') ?? '');
    expect(begun?.group.newestRelease).toEqual(remembered);
    expect((await issueRow(world)).newestRelease).toEqual(remembered);
    expect(await world.stores.releases.newest(world.shop)).toEqual(remembered);
  });

  it('whatever the order in which events come, many at once', async () => {
    const world = await ownersWorld();
    const names = ['1.9.0', '1.10.0', '1.2.0', '1.10.0-rc.1', '1.3.0', '1.10.0'];
    await Promise.all(
      names.map((name, minute) => record(world.deps, inRelease(world, `shop@${name}`, minute))),
    );
    expect((await issueRow(world)).newestRelease?.version).toBe('shop@1.10.0');
    expect((await issueRow(world)).timesSeen).toBe(11);
    expect((await world.stores.releases.newest(world.shop))?.version).toBe('shop@1.10.0');
  });

  it('once a project and release: a known one is neither read nor written again', async () => {
    const world = await ownersWorld();
    let asked = 0;
    const { releases } = world.stores;
    const counting = {
      ...world.deps,
      releases: {
        newest: (...input: Parameters<typeof releases.newest>) => releases.newest(...input),
        add: (...input: Parameters<typeof releases.add>) => {
          asked += 100;
          return releases.add(...input);
        },
        firstSeen: (...input: Parameters<typeof releases.firstSeen>) => {
          asked += 1;
          return releases.firstSeen(...input);
        },
      },
    };
    const batch = (release: string, ...fingerprints: string[]) =>
      fingerprints.map((fingerprint) => seen({ fingerprint, event: { release } }));
    await record(counting, ...batch('shop@1.0.0', 'a', 'b', 'c', 'a'));
    expect(asked).toBe(101);
    await record(counting, ...batch('shop@1.0.0', 'a', 'b', 'c'));
    expect(asked).toBe(101);
    await record(counting, ...batch('shop@0.9.0', 'a', 'b', 'c'));
    expect(asked).toBe(202);
    await record(counting, ...batch('shop@0.9.0', 'a', 'b', 'c'));
    expect(asked).toBe(203);
  });

  it('and the release goes with its project', async () => {
    const world = await ownersWorld();
    await record(world.deps, inRelease(world, 'shop@1.0.0', 1));
    await world.stores.projectLeftovers.removeOwnRows(world.shop);
    expect(await world.stores.releases.newest(world.shop)).toBeNull();
    expect(await world.stores.releases.firstSeen(world.shop, 'shop@1.0.0')).toBeUndefined();
  });
});

describe('a group that is resolved in the next release', () => {
  it.each([
    ['versions', ['shop@1.9.0', 'shop@1.2.0', 'shop@1.10.0']],
    ['names that are no versions', ['b', 'a', 'c']],
  ])('comes back with an event of a newer one only, by %s', async (_, [newest, older, newer]) => {
    const world = await ownersWorld();
    await record(world.deps, inRelease(world, older ?? '', 1));
    await record(world.deps, inRelease(world, newest ?? '', 2));
    await resolve(world, next);
    expect(await issueRow(world)).toMatchObject({
      status: 'resolved',
      statusDetails: { inNextRelease: true },
    });
    for (const release of [newest, older, null]) {
      await record(world.deps, inRelease(world, release ?? null, 30));
    }
    expect((await issueRow(world)).status).toBe('resolved');
    // Of a batch, one is enough.
    const batch = [newer, older, null].map((one) => inRelease(world, one ?? null, 31));
    await record(world.deps, ...batch);
    expect(await issueRow(world)).toMatchObject({
      status: 'unresolved',
      substatus: 'regressed',
      statusDetails: {},
      newestRelease: { version: newer },
    });
  });

  it('comes after the newest of the project where the group was seen in none', async () => {
    const world = await ownersWorld();
    await record(world.deps, seen({ event: { release: 'shop@2.0.0' }, timestamp: at(1) }));
    await resolve(world, { kind: 'upcomingRelease' });
    await record(world.deps, inRelease(world, 'shop@2.0.0', 30));
    expect((await issueRow(world)).status).toBe('resolved');
    await record(world.deps, inRelease(world, 'shop@2.0.1', 31));
    expect((await issueRow(world)).status).toBe('unresolved');
  });

  it('comes back with any event where the project knows of no release', async () => {
    const world = await ownersWorld();
    await resolve(world, next);
    await record(world.deps, inRelease(world, null, 30));
    expect((await issueRow(world)).status).toBe('unresolved');
  });

  it('keeps the newest release of a group that events move at the same time', async () => {
    const world = await ownersWorld();
    await record(world.deps, inRelease(world, 'shop@1.0.0', 1));
    await Promise.all([
      resolve(world, next),
      record(world.deps, inRelease(world, 'shop@2.0.0', 2)),
    ]);
    const group = await issueRow(world);
    expect(group.newestRelease?.version).toBe('shop@2.0.0');
    // The event happened before the resolve, whichever was written first.
    expect(group.status).toBe('resolved');
  });
});

describe('a group that is resolved in a release', () => {
  it('comes back with an event of that release, and not of an older one', async () => {
    const world = await ownersWorld();
    await resolve(world, { kind: 'release', version: 'shop@1.10.0' });
    for (const release of ['shop@1.9.0', 'shop@1.10.0-rc.1', null]) {
      await record(world.deps, inRelease(world, release, 30));
    }
    expect((await issueRow(world)).status).toBe('resolved');
    await record(world.deps, inRelease(world, 'shop@1.10.0', 31));
    expect((await issueRow(world)).status).toBe('unresolved');
  });

  it('goes by when that release is first seen, where it is no version', async () => {
    const world = await ownersWorld();
    await resolve(world, { kind: 'release', version: 'blue' });
    await record(world.deps, inRelease(world, 'green', 30));
    expect((await issueRow(world)).status).toBe('resolved');
    await record(world.deps, seen({ event: { release: 'blue' }, timestamp: at(31) }));
    await record(world.deps, inRelease(world, 'green', 32));
    expect((await issueRow(world)).status).toBe('resolved');
    await record(world.deps, inRelease(world, 'yellow', 33));
    expect((await issueRow(world)).status).toBe('unresolved');
  });

  it('takes the latest for the newest of the project, and refuses it where there is none', async () => {
    const world = await ownersWorld();
    const latest = { kind: 'release', version: 'latest' } as const;
    await expect(resolve(world, latest)).rejects.toMatchObject({
      code: 'request.invalid',
      fields: { statusDetails: ['inRelease: No release of the project is known.'] },
    });
    await record(world.deps, seen({ event: { release: 'shop@3.0.0' } }));
    await resolve(world, latest);
    expect((await issueRow(world)).statusDetails).toEqual({ inRelease: 'shop@3.0.0' });
  });
});
