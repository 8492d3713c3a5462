import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idSpaceExhausted } from '../../../shared/domain/errors.ts';
import { startChanges } from '../../../shared/domain/issues/group-changes.ts';
import { changeStatus, type StatusRequest } from '../../../shared/domain/issues/group-status.ts';
import { changeGroup } from '../../../shared/operations/issues/change-group.ts';
import { groupOf, ownersWorld, record, seen } from '../../support/owners.ts';

type World = Awaited<ReturnType<typeof ownersWorld>>;

const at = (minute: number, second = 0) =>
  new Date(Date.UTC(2026, 10, 22, 10, minute, second)).toISOString();

async function setStatus(
  { deps, stores, issue }: World,
  request: Partial<StatusRequest>,
  now: string,
) {
  const organization = await stores.organizations.byId('1');
  if (organization === undefined) {
    throw new Error('The world has lost its organization.');
  }
  await changeGroup(
    { ...deps, clock: () => now },
    { groupId: issue, organization, initiator: { actingUserId: null, requestId: 'r' } },
    (facts) =>
      changeStatus(startChanges(facts, { now, actingUserId: null }), {
        status: 'resolved',
        substatus: null,
        resolvedIn: null,
        conditions: {},
        ...request,
      }),
  );
}

const dropped = ({ telemetry }: World) =>
  telemetry.counts.filter(({ name }) => name === 'group_seen.dropped');

const issueRow = async ({ stores, issue }: World) => {
  const row = await stores.groups.byId(issue);
  if (row === undefined) {
    throw new Error('The issue is gone.');
  }
  return row.group;
};

describe('events of a fingerprint that nobody has seen', () => {
  it('begin a group with the next short id of the project', async () => {
    const { deps, stores, shop } = await ownersWorld();
    await record(
      deps,
      seen({ timestamp: at(5), level: 'fatal', culprit: 'app.cart', platform: 'python' }),
    );
    const { group } = await groupOf(stores, shop);
    expect(group).toMatchObject({
      organizationId: '1',
      projectId: shop,
      shortId: 'SHOP-3',
      title: 'KeyError: cart',
      culprit: 'app.cart',
      level: 'fatal',
      platform: 'python',
      type: 'error',
      status: 'unresolved',
      substatus: 'new',
      timesSeen: 1,
      userCount: 0,
      firstSeen: at(5),
      lastSeen: at(5),
    });
    expect(await stores.groups.idOfShortId('1', 'SHOP-3')).toBe(group.id);
    expect(Number(group.id)).toBeGreaterThan(2 ** 50);
    const project = await stores.projects.withTeams(shop);
    expect(project?.project).toMatchObject({ shortIdCounter: 3, firstEvent: expect.any(String) });
    await record(deps, seen({ fingerprint: 'other' }));
    expect((await groupOf(stores, shop, 'other')).group.shortId).toBe('SHOP-4');
  });

  it('begin one group, whoever is first of many', async () => {
    const { deps, stores, shop } = await ownersWorld();
    const again = await Promise.all(Array.from({ length: 6 }, () => record(deps, seen(), seen())));
    expect(again).toEqual([0, 0, 0, 0, 0, 0]);
    expect((await groupOf(stores, shop)).group).toMatchObject({ timesSeen: 12, shortId: 'SHOP-3' });
    expect((await stores.projects.withTeams(shop))?.project.shortIdCounter).toBe(3);
  });

  it('begin each their own, many at once', async () => {
    const { deps, stores, shop } = await ownersWorld();
    const batch = (prefix: string) =>
      Array.from({ length: 12 }, (_, index) => seen({ fingerprint: `${prefix}-${index}` }));
    await Promise.all(['a', 'b', 'c'].map((prefix) => record(deps, ...batch(prefix))));
    const names = ['a', 'b', 'c'].flatMap((p) =>
      batch(p).map(({ fingerprint }) => `${fingerprint}`),
    );
    const groups = await Promise.all(names.map((name) => groupOf(stores, shop, name)));
    const numbers = groups.map(({ group }) => Number(group.shortId.split('-')[1]));
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 36 }, (_, i) => i + 3));
  });

  it('keep the event that they begin with until another one is evaluated', async () => {
    const { deps, stores, shop } = await ownersWorld();
    await record(deps, seen({ eventId: 'first' }));
    const { group } = await groupOf(stores, shop);
    expect(await stores.seenGroups.evaluated(group.id)).toMatchObject({ eventId: 'first' });
    const event = { eventId: 'second', timestamp: at(5), platform: null, event: {} };
    await stores.seenGroups.keepEvaluated(group, event);
    expect(await stores.seenGroups.evaluated(group.id)).toEqual(event);
  });

  it('pass numbers that an earlier owner of the slug has used', async () => {
    const taken = Array.from({ length: 9 }, (_, index) => ({
      id: String(5_000 + index),
      project: '32',
      shortId: `SHOP-${index + 3}`,
      title: 't',
    }));
    const { deps, stores, shop } = await ownersWorld({
      groups: [{ id: '101', project: '31', shortId: 'SHOP-2', title: 't' }, ...taken],
    });
    expect(await record(deps, seen())).toBe(0);
    const { group } = await groupOf(stores, shop);
    const number = Number(group.shortId.split('-')[1]);
    expect(number).toBeGreaterThan(11);
    expect((await stores.projects.withTeams(shop))?.project.shortIdCounter).toBe(number);
  });

  async function moveTo({ stores }: World, groupId: string, status: string) {
    await stores.transact([
      {
        name: 'group',
        update: {
          Key: { pk: `G#${groupId}`, sk: 'A#GROUP' },
          UpdateExpression: 'SET #status = :status',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':status': status },
        },
      },
    ]);
  }

  it('begin a new group where the one before is on its way out', async () => {
    const world = await ownersWorld();
    const { deps, stores, shop } = world;
    await record(deps, seen());
    const before = await groupOf(stores, shop);
    await moveTo(world, before.group.id, 'pending_deletion');
    await record(deps, seen());
    const after = await groupOf(stores, shop);
    expect(after.group.id).not.toBe(before.group.id);
    expect(after.group).toMatchObject({ timesSeen: 1, shortId: 'SHOP-4' });
  });

  it('wait while the group that they lead to is being merged into another', async () => {
    const world = await ownersWorld();
    const { deps, stores, shop } = world;
    await record(deps, seen());
    const { group } = await groupOf(stores, shop);
    await moveTo(world, group.id, 'pending_merge');
    expect(await record(deps, seen(), seen({ fingerprint: 'other' }))).toBe(1);
    expect((await groupOf(stores, shop)).group.id).toBe(group.id);
    expect((await groupOf(stores, shop, 'other')).group.timesSeen).toBe(1);
  });

  it('come again when no id is to be had, and are counted then', async () => {
    const world = await ownersWorld();
    const { deps, stores, shop, issue } = world;
    const exhausted = {
      ...deps,
      sequence: { mint: () => Promise.reject(idSpaceExhausted()) },
    };
    const event = seen();
    expect(await record(exhausted, event, seen({ groupId: issue }))).toBe(1);
    expect((await issueRow(world)).timesSeen).toBe(6);
    expect(await record(deps, event)).toBe(0);
    expect((await groupOf(stores, shop)).group.timesSeen).toBe(1);
  });
});

describe('counting', () => {
  it('counts each event once, however often, in whatever order and batches it comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ id: fc.nat(9), minute: fc.nat(50), user: fc.nat(3) }), {
          minLength: 1,
          maxLength: 25,
        }),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 25, maxLength: 25 }),
        async (arrivals, sizes) => {
          const { deps, stores, shop } = await ownersWorld();
          // One id is one event, whoever delivers it.
          const byId = new Map(arrivals.map((arrival) => [arrival.id, arrival]));
          const details = arrivals.map(({ id }) => {
            const { minute, user } = byId.get(id) ?? { minute: 0, user: 0 };
            return seen({
              eventId: `e-${id}`,
              timestamp: at(minute),
              event: user === 0 ? null : { user: { id: user } },
            });
          });
          while (details.length > 0) {
            const batch = details.splice(0, sizes.pop());
            await Promise.all([record(deps, ...batch), record(deps, ...batch.slice(0, 1))]);
          }
          const events = [...byId.values()];
          const minutes = events.map(({ minute }) => minute);
          const users = new Set(events.map(({ user }) => user).filter((user) => user > 0));
          const { group } = await groupOf(stores, shop);
          expect(group.timesSeen).toBe(events.length);
          expect(group.userCount).toBe(users.size);
          expect(group.firstSeen).toBe(at(Math.min(...minutes)));
          expect(Date.parse(at(Math.max(...minutes))) - Date.parse(group.lastSeen)).toBeLessThan(
            60_000,
          );
        },
      ),
      { numRuns: 12 },
    );
  });

  it('counts a batch of one group in one transaction', async () => {
    const world = await ownersWorld();
    let transactions = 0;
    const counting = {
      ...world.deps.seenGroups,
      count: (...input: Parameters<typeof world.deps.seenGroups.count>) => {
        transactions += 1;
        return world.deps.seenGroups.count(...input);
      },
    };
    const batch = Array.from({ length: 40 }, (_, index) =>
      seen({ groupId: world.issue, event: { user: { email: `${index}@x.io` } } }),
    );
    expect(await record({ ...world.deps, seenGroups: counting }, ...batch)).toBe(0);
    expect(transactions).toBe(1);
    expect(await issueRow(world)).toMatchObject({ timesSeen: 45, userCount: 40 });
  });

  it('notes no event as unfinished whose owners are not to be evaluated', async () => {
    const { deps, stores, issue } = await ownersWorld();
    const finished: string[] = [];
    const finish: typeof stores.deliveries.finish = (projectId, eventId) => {
      finished.push(eventId);
      return stores.deliveries.finish(projectId, eventId);
    };
    const over = { countIssueOwners: async () => ({ ok: true, value: 51 }) as const };
    const counting = { ...deps, deliveries: { ...stores.deliveries, finish } };
    await record({ ...counting, rateLimits: over }, seen({ groupId: issue }), seen());
    expect(finished).toEqual([]);
    await record(counting, seen({ groupId: issue, eventId: 'evaluated' }));
    expect(finished).toEqual(['evaluated']);
  });

  it('moves lastSeen by whole minutes only, and firstSeen whenever it must', async () => {
    const world = await ownersWorld();
    const { deps, issue } = world;
    await record(deps, seen({ groupId: issue, timestamp: at(10) }));
    const { lastSeen } = await issueRow(world);
    for (const [minute, second, expected] of [
      [10, 59, lastSeen],
      [0, 0, lastSeen],
    ] as const) {
      await record(deps, seen({ groupId: issue, timestamp: at(minute, second) }));
      expect((await issueRow(world)).lastSeen).toBe(expected);
    }
    expect((await issueRow(world)).firstSeen).toBe(at(0));
  });

  it('forgets an event after 24 hours', async () => {
    const world = await ownersWorld();
    const event = seen({ groupId: world.issue });
    const on = (now: string) => ({ ...world.deps, clock: () => now });
    await record(on('2026-11-22T12:00:00.000Z'), event);
    await record(on('2026-11-23T11:59:00.000Z'), event);
    expect((await issueRow(world)).timesSeen).toBe(6);
    await record(on('2026-11-23T12:00:01.000Z'), event);
    expect((await issueRow(world)).timesSeen).toBe(7);
  });

  it('knows an id in one project only', async () => {
    const { deps, stores, shop, site } = await ownersWorld();
    await record(deps, seen({ eventId: 'same' }), seen({ eventId: 'same', project: 'site' }));
    expect((await groupOf(stores, shop)).group.timesSeen).toBe(1);
    expect((await groupOf(stores, site)).group.timesSeen).toBe(1);
  });
});

describe('a status', () => {
  it.each([
    ['an event after it was resolved', at(30), 'unresolved', 'regressed'],
    ['an event from before that comes late', at(10), 'resolved', null],
  ])('that was resolved, with %s', async (_, timestamp, status, substatus) => {
    const world = await ownersWorld();
    const { deps, stores, issue } = world;
    await setStatus(world, { status: 'resolved' }, at(20));
    await record(deps, seen({ groupId: issue, timestamp, eventId: 'late' }));
    expect(await issueRow(world)).toMatchObject({ status, substatus, timesSeen: 6 });
    const { activities } = await stores.activities.ofGroup({ groupId: issue, limit: 10 });
    const types = activities.map(({ type }) => type);
    expect(types.includes('set_regression')).toBe(status === 'unresolved');
    const listed = await stores.issueLists.page(
      { projectId: world.shop, status: status as 'resolved' },
      { limit: 10 },
    );
    expect(listed.rows.map(({ group }) => group.id)).toContain(issue);
  });

  it.each([
    ['events', { ignoreCount: 3 }, 3],
    ['users', { ignoreUserCount: 2 }, 2],
    ['either', { ignoreCount: 9, ignoreUserCount: 2 }, 2],
  ])('that waits for %s ends with the one that completes them', async (_, conditions, needed) => {
    const world = await ownersWorld();
    const { deps, issue } = world;
    await setStatus(world, { status: 'ignored', conditions }, at(20));
    const one = (user: number) => seen({ groupId: issue, event: { user: { id: user } } });
    for (let user = 1; user < needed; user += 1) {
      await record(deps, one(user));
    }
    expect((await issueRow(world)).status).toBe('ignored');
    await record(deps, one(needed));
    expect(await issueRow(world)).toMatchObject({ status: 'unresolved', substatus: 'ongoing' });
  });

  it('that waits for events is exact when they come at once', async () => {
    const world = await ownersWorld();
    const { deps, issue } = world;
    await setStatus(world, { status: 'ignored', conditions: { ignoreCount: 5 } }, at(20));
    await Promise.all(Array.from({ length: 4 }, () => record(deps, seen({ groupId: issue }))));
    expect((await issueRow(world)).status).toBe('ignored');
    await record(deps, seen({ groupId: issue }));
    expect((await issueRow(world)).status).toBe('unresolved');
  });

  it('that waits for events within a window starts over when the window has passed', async () => {
    const world = await ownersWorld();
    const { deps, issue } = world;
    const conditions = { ignoreCount: 2, ignoreWindow: 10 };
    await setStatus(world, { status: 'ignored', conditions }, at(0));
    const on = (now: string) => ({ ...deps, clock: () => now });
    await record(on(at(5)), seen({ groupId: issue }));
    await record(on(at(20)), seen({ groupId: issue }));
    expect((await issueRow(world)).status).toBe('ignored');
    await record(on(at(25)), seen({ groupId: issue }));
    expect((await issueRow(world)).status).toBe('unresolved');
  });

  it.each(['archived_forever', 'archived_until_escalating'] as const)(
    '%s stays',
    async (substatus) => {
      const world = await ownersWorld();
      await setStatus(world, { status: 'ignored', substatus }, at(20));
      await record(world.deps, seen({ groupId: world.issue, timestamp: at(40) }));
      expect(await issueRow(world)).toMatchObject({ status: 'ignored', timesSeen: 6 });
    },
  );
});

describe('what belongs nowhere is dropped, with a metric, and never comes again', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['an unknown organization', { organization: 'nope' }, 'unknown_organization'],
    ['an organization of another id', { organization: '77' }, 'unknown_organization'],
    ['an unknown project', { project: 'nope' }, 'unknown_project'],
    ['a project of another organization', { project: '39' }, 'unknown_project'],
    ['an unknown group', { groupId: '999' }, 'unknown_group'],
    ['a group of another project', { groupId: '901' }, 'unknown_group'],
    ['no event id', { eventId: undefined }, 'malformed'],
    ['an event id that is no text', { eventId: { $: 1 } }, 'malformed'],
    ['neither a group nor a fingerprint', { fingerprint: null }, 'malformed'],
    ['a group that is no id', { groupId: '../1' }, 'malformed'],
  ])('%s', async (_, more, reason) => {
    const world = await ownersWorld();
    expect(await record(world.deps, seen(more), seen())).toBe(0);
    expect(dropped(world)).toMatchObject([{ dimensions: { reason }, value: 1 }]);
    expect((await groupOf(world.stores, world.shop)).group.timesSeen).toBe(1);
  });

  it.each([[null], [[]], ['text'], [7]])('%j for a detail', async (detail) => {
    const world = await ownersWorld();
    expect(await record(world.deps, detail as unknown as Record<string, unknown>)).toBe(0);
    expect(dropped(world)).toHaveLength(1);
  });
});

describe('the environments of events', () => {
  const event = (environment: string) => ({ environment });

  it('are remembered by their issue, those of one batch and of later ones, each once', async () => {
    const { deps, stores, shop } = await ownersWorld();
    await record(
      deps,
      seen({ event: event('prod') }),
      seen({ event: { tags: [['environment', 'qa']] } }),
    );
    const environments = async () => (await groupOf(stores, shop)).group.environments;
    expect(await environments()).toEqual(['prod', 'qa']);
    await record(deps, seen({ event: event('qa') }), seen({ event: event('dev') }), seen());
    expect(await environments()).toEqual(['prod', 'qa', 'dev']);
  });

  it('are remembered whoever brings them at the same time, and no more than 50', async () => {
    const { deps, stores, shop } = await ownersWorld();
    await record(deps, seen({ event: event('prod') }));
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => record(deps, seen({ event: event(name) }))),
    );
    const { group } = await groupOf(stores, shop);
    expect([...group.environments].sort()).toEqual(['a', 'b', 'c', 'd', 'prod']);
    await record(
      deps,
      ...Array.from({ length: 60 }, (_, index) => seen({ event: event(`e${index}`) })),
    );
    expect((await groupOf(stores, shop)).group.environments).toHaveLength(50);
  });
});
