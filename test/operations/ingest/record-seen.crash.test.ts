import { describe, expect, it } from 'vitest';
import { createRuleReader } from '../../../shared/operations/ownership/rule-reader.ts';
import type { Stores } from '../../../shared/wiring.ts';
import { survives } from '../../support/crash/cascade-worker.ts';
import { everyDeath } from '../../support/crash/every-death.ts';
import { groupOf, ownersDeps, ownersWorld, record, seen } from '../../support/owners.ts';
import { copiesOf, scanAll } from '../../support/world.ts';

/** Five issues that a batch begins, one of them with two events, and two events of one there is. */
const FINGERPRINTS = ['a', 'b', 'c', 'd', 'e'];

describe('a batch of events whose worker dies', () => {
  it('is counted once, with its owners, when it comes again', async () => {
    const original = await ownersWorld();
    const { shop, issue } = original;
    const copy = await copiesOf(original);
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
    const batch = [
      ...FINGERPRINTS.map((fingerprint) => seen({ fingerprint })),
      seen({ fingerprint: 'c' }),
      seen({ groupId: issue }),
      seen({ groupId: issue }),
    ];
    const deaths = await everyDeath(async (death) => {
      const world = await copy();
      const survived = await survives(world, death, async (stores) => {
        if ((await record(depsOver(stores), ...batch)) > 0) {
          throw new Error('Some of the events have to come again.');
        }
      });
      expect(await record(depsOver(world.stores), ...batch)).toBe(0);

      const groups = await Promise.all(
        FINGERPRINTS.map((fingerprint) => groupOf(world.stores, shop, fingerprint)),
      );
      expect(groups.map(({ group }) => group.timesSeen)).toEqual([1, 1, 2, 1, 1]);
      expect(groups.map(({ group }) => group.shortId).sort()).toEqual(
        FINGERPRINTS.map((_, index) => `SHOP-${3 + index}`),
      );
      expect(groups.map(({ assignment }) => assignment?.assignee)).toEqual(
        FINGERPRINTS.map(() => ({ type: 'team', id: '21' })),
      );
      expect((await world.stores.groups.byId(issue))?.group.timesSeen).toBe(7);
      const items = await scanAll(world);
      expect(items.filter(({ isUnfinished }) => isUnfinished)).toEqual([]);
      const ids = new Set(groups.map(({ group }) => group.id));
      const begun = items.filter((item) => item.entity === 'group' && item.projectId === shop);
      expect(begun.filter(({ id }) => !ids.has(String(id)) && id !== issue)).toHaveLength(1);
      return survived;
    });
    expect(deaths).toBeGreaterThan(30);
  });
});
