import { describe, expect, it } from 'vitest';
import { createRuleReader } from '../../../shared/operations/ownership/rule-reader.ts';
import type { Stores } from '../../../shared/wiring.ts';
import { survives } from '../../support/crash/cascade-worker.ts';
import { everyDeath } from '../../support/crash/every-death.ts';
import { groupOf, ownersDeps, ownersWorld, record, seen } from '../../support/owners.ts';
import { copiesOf, scanAll } from '../../support/world.ts';

/** Issues that a batch begins, with the minutes of their events; one event names no release. */
const BEGUN = { a: [1], b: [2], c: [9, 3, 5], d: [4], e: [6] } as const;
const FINGERPRINTS = Object.keys(BEGUN);
const at = (minute: number) => `2026-11-22T11:0${minute}:00.000Z`;

const batch = (issue: string) => [
  ...Object.entries(BEGUN).flatMap(([fingerprint, minutes]) =>
    minutes.map((minute) =>
      seen({ fingerprint, timestamp: at(minute), event: eventOf(fingerprint, minute) }),
    ),
  ),
  seen({ groupId: issue, timestamp: at(7) }),
  seen({ groupId: issue, timestamp: at(8) }),
];

function eventOf(fingerprint: string, minute: number) {
  const { event } = seen() as { event: object };
  const release = fingerprint === 'c' ? { release: `shop@1.${minute}.0` } : {};
  return { ...event, ...release, user: { id: `${fingerprint}-${minute % 2}` } };
}

async function crashWorld() {
  const original = await ownersWorld();
  const { shop, issue } = original;
  const known = ownersDeps(original.stores);
  const depsOver = (stores: Stores) => {
    const deps = {
      ...known,
      ...stores,
      // All copies are one project to the cache, which would refuse most of them.
      rateLimits: { countIssueOwners: async () => ({ ok: true, value: 1 }) as const },
    };
    return { ...deps, ruleReader: createRuleReader(deps) };
  };
  return { copy: await copiesOf(original), shop, issue, depsOver };
}

type CrashWorld = Awaited<ReturnType<typeof crashWorld>>;
type Copy = Awaited<ReturnType<CrashWorld['copy']>>;

/** That each event was counted once, and all that follows from it was done. */
async function expectCounted(world: Copy, { shop, issue }: CrashWorld): Promise<void> {
  const groups = await Promise.all(
    FINGERPRINTS.map((fingerprint) => groupOf(world.stores, shop, fingerprint)),
  );
  const told = groups.map(({ group }) => [group.timesSeen, group.userCount, group.firstSeen]);
  expect(told).toEqual([
    [1, 1, at(1)],
    [1, 1, at(2)],
    [3, 1, at(3)],
    [1, 1, at(4)],
    [1, 1, at(6)],
  ]);
  expect(groups.map(({ group }) => group.newestRelease?.version)).toEqual([
    undefined,
    undefined,
    'shop@1.9.0',
    undefined,
    undefined,
  ]);
  expect(groups.map(({ group }) => group.shortId).sort()).toEqual(
    FINGERPRINTS.map((_, index) => `SHOP-${3 + index}`),
  );
  const owners = await Promise.all(
    groups.map(({ group }) => world.stores.owners.ofGroup(group.id)),
  );
  expect(owners.map((rows) => rows.map(({ owner }) => owner))).toEqual(
    FINGERPRINTS.map(() => ['team:21']),
  );
  const kept = await world.stores.seenGroups.evaluatedAmong(groups.map(({ group }) => group.id));
  expect(kept.size).toBe(FINGERPRINTS.length);
  expect((await world.stores.groups.byId(issue))?.group.timesSeen).toBe(7);
  const items = await scanAll(world);
  expect(items.filter(({ isUnfinished }) => isUnfinished)).toEqual([]);
  const ids = new Set([...groups.map(({ group }) => group.id), issue]);
  const inShop = items.filter((item) => item.entity === 'group' && item.projectId === shop);
  // Beside these the project has the one issue that no event was about.
  expect(inShop.filter(({ id }) => !ids.has(String(id)))).toHaveLength(1);
}

describe('a batch of events whose worker dies', () => {
  it('is counted once, with its owners, when it comes again', async () => {
    const world = await crashWorld();
    const { copy, depsOver, issue } = world;
    const events = batch(issue);
    const deaths = await everyDeath(async (death) => {
      const own = await copy();
      const survived = await survives(own, death, async (stores) => {
        if ((await record(depsOver(stores), ...events)) > 0) {
          throw new Error('Some of the events have to come again.');
        }
      });
      expect(await record(depsOver(own.stores), ...events)).toBe(0);
      await expectCounted(own, world);
      return survived;
    });
    expect(deaths).toBeGreaterThan(30);
  });

  it('is counted once where others have its events in batches of their own meanwhile', async () => {
    const world = await crashWorld();
    const { copy, depsOver, issue } = world;
    const events = batch(issue);
    // Every second event with every third, and the last first: what meets where differs.
    const mixed = [
      events.filter((_, index) => index % 2 === 0).reverse(),
      events.filter((_, index) => index % 3 === 0),
    ];
    for (let moment = 1; moment <= 30; moment += 3) {
      const own = await copy();
      await Promise.all([
        // It may come to its end before: others may have left little to do.
        survives(own, { moment }, (stores) => record(depsOver(stores), ...events)),
        ...mixed.map((part) => record(depsOver(own.stores), ...part)),
      ]);
      // What could not be recorded comes again, and so does what was.
      for (const part of [events, ...mixed]) {
        expect(await record(depsOver(own.stores), ...part)).toBe(0);
      }
      await expectCounted(own, world);
    }
  });
});
